package tessera.emulator.interpreter;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The decoded instructions of a page of memory, one place for every two bytes, and how often they
/// ran.
///
/// Runs are not counted at each instruction but where the line is entered and left: an instruction
/// ran as often as the one before it went on to it, plus the entries at itself.
final class CodePage {
  static final int SLOTS = 2048;

  final long base;

  /// operations; one more at the end leads to the next page
  final long[] ops = new long[SLOTS + 2];

  final @Nullable Compiled[] insns = new Compiled[SLOTS + 2];

  /// how often the line was entered here, minus how often a run stopped before it
  final long[] entered;

  /// how often the line was left here
  final long[] left;

  /// how often an execution was told by itself
  final long[] apart;

  CodePage(long base, boolean counting) {
    this.base = base;
    ops[SLOTS] = Op.NEXT_PAGE;
    ops[SLOTS + 1] = Op.NEXT_PAGE;
    int n = counting ? SLOTS + 2 : 0;
    entered = new long[n];
    left = new long[n];
    apart = new long[n];
  }

  void forgetCounts() {
    Arrays.fill(entered, 0);
    Arrays.fill(left, 0);
    Arrays.fill(apart, 0);
  }
}
