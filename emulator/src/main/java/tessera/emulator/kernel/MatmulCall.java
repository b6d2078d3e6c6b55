package tessera.emulator.kernel;

import org.jspecify.annotations.Nullable;

/// A call of `matmul` with all that its kernels need: where operands lie, what they are, how they
/// are added.
///
/// @param z the accumulator's place; elements of 32 bits
/// @param p the first operand's, whose rows lie side by side
/// @param q the second operand's, whose rows are the columns of the product
/// @param arguments where sizes and signs stand in a kernel's values
record MatmulCall(
    ViewLayout z,
    ViewLayout p,
    ViewLayout q,
    Element a,
    Element b,
    Matmul.Step step,
    Arguments arguments) {

  /// Places in a kernel's values.
  record Arguments(int m, int n, int c, int zi, int neg) {
    static Arguments of(ShapeCall call) {
      return new Arguments(
          call.index("m"), call.index("n"), call.index("c"), call.index("zi"), call.index("neg"));
    }

    boolean complete() {
      return Math.min(Math.min(m, n), Math.min(c, Math.min(zi, neg))) >= 0;
    }
  }

  /// {@return the call, or null where no kernel fits}
  static @Nullable MatmulCall of(ShapeCall call) {
    ViewLayout z = call.layout("z");
    ViewLayout p = call.layout("p");
    ViewLayout q = call.layout("q");
    if (z == null || p == null || q == null || call.types().size() != 3) {
      return null;
    }
    Element a = Element.of(call.types().get(0));
    Element b = Element.of(call.types().get(1));
    Arguments arguments = Arguments.of(call);
    if (a == null || b == null || !arguments.complete()) {
      return null;
    }
    if (!fits(p, a) || !fits(q, b) || !fits(z, p, q)) {
      return null;
    }
    Matmul.Step step = Matmul.step(call.function("step"), a, b, call.types().get(2));
    return step == null ? null : new MatmulCall(z, p, q, a, b, step, arguments);
  }

  private static boolean fits(ViewLayout operand, Element element) {
    return operand.rank() == 2
        && operand.storage() == 8 * element.bytes()
        && operand.rowsAreContiguous()
        && operand.bit(0, 0) % 8 == 0
        && operand.file().width() % 8 == 0
        && operand.file().width() > 64;
  }

  /// A row that is written must not change what a later row reads.
  private static boolean fits(ViewLayout z, ViewLayout p, ViewLayout q) {
    return z.rank() == 2
        && z.storage() == 32
        && z.bit(0, 0) % 8 == 0
        && z.file().width() % 8 == 0
        && z.file().width() > 64
        && z.file() != p.file()
        && z.file() != q.file();
  }

  int m(long[] values) {
    return (int) values[arguments.m()];
  }

  int n(long[] values) {
    return (int) values[arguments.n()];
  }

  int c(long[] values) {
    return (int) values[arguments.c()];
  }

  boolean overwrites(long[] values) {
    return values[arguments.zi()] == 1;
  }

  boolean negates(long[] values) {
    return values[arguments.neg()] == 1;
  }
}
