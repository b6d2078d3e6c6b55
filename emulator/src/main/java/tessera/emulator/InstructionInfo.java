package tessera.emulator;

import tessera.isaspec.Instruction;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;

/// What an observer may know of a decoded instruction before it runs: worked out once, when it is
/// decoded, for the modes that hold then. The same word under other modes has another one.
///
/// A class and not a record: an observer may key its own tables by [#ordinal].
public final class InstructionInfo {
  private final int ordinal;
  private final Decoded decoded;
  private final Bound bound;
  private final int loads;
  private final int stores;

  /// @param ordinal dense, from 0, in the order of decoding
  /// @param bound its meaning with all fields and the modes it uses as constants, folded
  /// @param loads bytes that each execution loads; -1: it varies
  /// @param stores bytes that each execution stores; -1: it varies
  public InstructionInfo(int ordinal, Decoded decoded, Bound bound, int loads, int stores) {
    this.ordinal = ordinal;
    this.decoded = decoded;
    this.bound = bound;
    this.loads = loads;
    this.stores = stores;
  }

  /// {@return its number among those that this run has decoded, from 0}
  public int ordinal() {
    return ordinal;
  }

  public Instruction instruction() {
    return decoded.instruction();
  }

  public Decoded decoded() {
    return decoded;
  }

  /// {@return its meaning with all fields and the modes it uses as constants, constant parts
  /// folded: registers and sizes of views that binding knows are literals}
  public Bound bound() {
    return bound;
  }

  /// {@return bytes that each execution loads; -1: it varies}
  public int loads() {
    return loads;
  }

  /// {@return bytes that each execution stores; -1: it varies}
  public int stores() {
    return stores;
  }

  /// {@return whether sums of it say all there is: what it loads, stores and multiplies never
  /// varies}
  public boolean isSummable() {
    return loads >= 0 && stores >= 0 && bound.cost().macs() instanceof Expr.Literal;
  }

  @Override
  public String toString() {
    return decoded.instruction().name();
  }
}
