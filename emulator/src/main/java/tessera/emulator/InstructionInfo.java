package tessera.emulator;

import tessera.isaspec.Instruction;
import tessera.isaspec.encoding.Decoded;

/// What an observer may know of a decoded instruction before it runs: worked out once, when it is
/// decoded, for the modes that hold then. The same word under other modes has another one.
///
/// A class and not a record: an observer may key its own tables by [#ordinal].
public final class InstructionInfo {
  /// How it may leave the line.
  public enum Jump {
    /// never
    NONE,
    /// sometimes; where it goes is fixed
    CONDITIONAL,
    /// always; where it goes is fixed
    DIRECT,
    /// always; where it goes is computed
    INDIRECT,
    /// as `INDIRECT`, through a link register and keeping no link: a return (unprivileged manual,
    /// "JALR")
    RETURN
  }

  /// A cost, computed after the instruction from the hart's state and what the step observed.
  @FunctionalInterface
  public interface Amount {
    long value(Step step);
  }

  /// A cost as it is known when the instruction is decoded.
  ///
  /// @param constant its value where `fixed`
  /// @param fixed whether it is the same for every execution
  public record Cost(boolean fixed, long constant, Amount amount) {
    /// {@return a cost that is the same for every execution}
    public static Cost of(long value) {
      return new Cost(true, value, _ -> value);
    }

    /// {@return a cost that depends on the execution}
    public static Cost of(Amount amount) {
      return new Cost(false, 0, amount);
    }

    /// {@return what it is for this execution}
    public long value(Step step) {
      return fixed ? constant : amount.value(step);
    }
  }

  /// The registers an instruction reads or writes, and the bytes it moves. A register is `file <<
  /// 16 | index`, the file by its place in the ISA; lists are ascending and without registers that
  /// are always zero.
  public static final class Footprint {
    private final int[] sources;
    private final int[] destinations;
    private final int loads;
    private final int stores;

    /// @param loads bytes that each execution loads; -1: it varies
    /// @param stores bytes that each execution stores; -1: it varies
    public Footprint(int[] sources, int[] destinations, int loads, int stores) {
      this.sources = sources;
      this.destinations = destinations;
      this.loads = loads;
      this.stores = stores;
    }

    /// {@return the number of the file}
    public static int file(int register) {
      return register >>> 16;
    }

    /// {@return the number of the register in its file}
    public static int index(int register) {
      return register & 0xffff;
    }
  }

  /// The costs of the text.
  public record Costs(String unit, String kind, Cost issue, Cost latency, Cost macs) {}

  private final int ordinal;
  private final Decoded decoded;
  private final Costs costs;
  private final Footprint footprint;
  private final Jump jump;
  private final long offset;

  /// @param ordinal dense, from 0, in the order of decoding
  /// @param offset from its address to where it jumps; only for fixed targets
  public InstructionInfo(
      int ordinal, Decoded decoded, Costs costs, Footprint footprint, Jump jump, long offset) {
    this.ordinal = ordinal;
    this.decoded = decoded;
    this.costs = costs;
    this.footprint = footprint;
    this.jump = jump;
    this.offset = offset;
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

  /// {@return the machine's unit that runs it}
  public String unit() {
    return costs.unit();
  }

  /// {@return its class of retired instructions (timing.md 2.2)}
  public String kind() {
    return costs.kind();
  }

  /// {@return cycles its unit is taken}
  public Cost issue() {
    return costs.issue();
  }

  /// {@return cycles until its result can be used}
  public Cost latency() {
    return costs.latency();
  }

  /// {@return useful multiply-accumulates}
  public Cost macs() {
    return costs.macs();
  }

  /// {@return the registers it reads}
  public int[] sources() {
    return footprint.sources;
  }

  /// {@return the registers it writes}
  public int[] destinations() {
    return footprint.destinations;
  }

  /// {@return bytes that each execution loads; -1: it varies}
  public int loads() {
    return footprint.loads;
  }

  /// {@return bytes that each execution stores; -1: it varies}
  public int stores() {
    return footprint.stores;
  }

  /// {@return how it may leave the line}
  public Jump jump() {
    return jump;
  }

  /// {@return from its address to where it jumps; 0 where that is not fixed}
  public long offset() {
    return offset;
  }

  /// {@return whether sums of it say all there is: what it loads, stores and multiplies never
  /// varies}
  public boolean isSummable() {
    return footprint.loads >= 0 && footprint.stores >= 0 && costs.macs().fixed();
  }

  @Override
  public String toString() {
    return decoded.instruction().name();
  }
}
