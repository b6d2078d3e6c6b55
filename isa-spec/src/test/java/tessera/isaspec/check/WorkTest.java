package tessera.isaspec.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// The bound on checking is on all texts together; later each body is bounded alone, so that no
/// program can use it up.
class WorkTest {
  private static final Span AT = new Span(new Source("t.isa", "x"), 0, 1);
  private static final int BODY = 1_000_000;

  @Test
  void textsShareTheBound() {
    Work work = new Work();
    assertThrows(SpecError.class, () -> bind(work, 30));
  }

  @Test
  void checkedBodiesAreBoundedAlone() {
    Work work = new Work();
    work.checked();
    assertDoesNotThrow(() -> bind(work, 60));
  }

  private static void bind(Work work, int bodies) {
    for (int i = 0; i < bodies; i++) {
      work.begin();
      for (int term = 0; term < BODY; term++) {
        work.spend(AT);
      }
    }
  }
}
