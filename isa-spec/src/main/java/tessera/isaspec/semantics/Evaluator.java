package tessera.isaspec.semantics;

import tessera.isaspec.Isa;

/// What an instruction does to a state. Slow and obvious on purpose: every faster engine is tested
/// against it.
public final class Evaluator {
  private final Isa isa;

  private Evaluator(Isa isa) {
    this.isa = isa;
  }

  public static Evaluator of(Isa isa) {
    return new Evaluator(isa);
  }

  public Isa isa() {
    return isa;
  }
}
