package tessera.tests.reference;

import tessera.conformance.Places;

/// What the small integer extensions do that qemu 7.2 lacks: Zicond, Zcb, Zimop, Zcmop, Zawrs and
/// the management of cache blocks.
final class Whole {
  /// The whole table.
  static final Table<Step.Meaning> TABLE = new Table<>();

  /// Bytes of a cache block, what the parameter CBLOCK has where nobody sets it.
  private static final int BLOCK = 64;

  private Whole() {}

  private static int first(Step s) {
    return 8 + s.field(9, 7);
  }

  private static int second(Step s) {
    return 8 + s.field(4, 2);
  }

  /// Offset of a byte: bits 6 and 5, swapped; of a half: bit 5.
  private static long address(Step s, boolean half) {
    int offset = half ? s.field(5, 5) << 1 : s.field(5, 5) << 1 | s.field(6, 6);
    return s.world.x[first(s)] + offset;
  }

  private static void unary(String name, java.util.function.LongUnaryOperator operation) {
    TABLE.row(name, _ -> s -> s.x(first(s), operation.applyAsLong(s.world.x[first(s)])));
  }

  static {
    TABLE
        .row("czero\\.eqz", _ -> s -> s.x(s.rd(), s.world.x[s.rs2()] == 0 ? 0 : s.world.x[s.rs1()]))
        .row("czero\\.nez", _ -> s -> s.x(s.rd(), s.world.x[s.rs2()] != 0 ? 0 : s.world.x[s.rs1()]))
        .row("mop\\.rr?\\.\\d+", _ -> s -> s.x(s.rd(), 0))
        .row("c\\.mop\\.\\d+", _ -> _ -> {})
        .row("cbo\\.(inval|clean|flush)", _ -> _ -> {})
        .row("wrs\\.(nto|sto)", _ -> _ -> {}) // nothing is reserved: there is nothing to wait for
        .row("cbo\\.zero", _ -> Whole::zero)
        .row("c\\.lbu", _ -> s -> s.x(second(s), s.world.load(address(s, false), 1)))
        .row("c\\.lhu", _ -> s -> s.x(second(s), s.world.load(address(s, true), 2)))
        .row("c\\.lh", _ -> s -> s.x(second(s), (short) s.world.load(address(s, true), 2)))
        .row("c\\.sb", _ -> s -> s.world.store(address(s, false), 1, s.world.x[second(s)]))
        .row("c\\.sh", _ -> s -> s.world.store(address(s, true), 2, s.world.x[second(s)]))
        .row("c\\.mul", _ -> s -> s.x(first(s), s.world.x[first(s)] * s.world.x[second(s)]));
    unary("c\\.zext\\.b", a -> a & 0xff);
    unary("c\\.sext\\.b", a -> (byte) a);
    unary("c\\.zext\\.h", a -> a & 0xffff);
    unary("c\\.sext\\.h", a -> (short) a);
    unary("c\\.zext\\.w", a -> a & 0xffff_ffffL);
    unary("c\\.not", a -> -1 - a);
  }

  /// The block around an address, which need not be its first byte.
  private static void zero(Step s) {
    long block = s.world.x[s.rs1()] - Places.ARENA;
    for (int i = 0; i < BLOCK; i++) {
      s.world.memory[(int) (block - block % BLOCK) + i] = 0;
    }
  }
}
