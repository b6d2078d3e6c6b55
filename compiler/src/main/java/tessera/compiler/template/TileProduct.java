package tessera.compiler.template;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tessera.compiler.emit.Code;
import tessera.compiler.emit.Operand;
import tessera.compiler.emit.Operand.Virtual;
import tessera.compiler.graph.DType;

/// The code for a product of `f32` on tiles. Each loop asks for all that is left and goes on by
/// what it was granted, so one program runs on tiles of any size (Xta 7).
///
/// `a` uses the operand tiles from `mt0` on, `b` those from `mt4` on, the sums the accumulators
/// from `mc0` on.
final class TileProduct {
  private static final String MULTIPLY = "ta.mma.fp32.fp32";
  private static final int FLOAT = 4;
  private static final Operand TILE_A = Operand.word("mt0");
  private static final Operand TILE_B = Operand.word("mt4");
  private static final Operand SUMS = Operand.word("mc0");
  private static final Operand E32 = Operand.word("e32");
  private static final Operand ZERO = Operand.word("zero");

  /// What the sums start from.
  private enum Start {
    NOTHING,
    /// One row for all rows of the product.
    ROW,
    /// A matrix of the product's size.
    MATRIX,
    /// Anything else, which no tile load does.
    OTHER
  }

  private final Code code;
  private final Product product;
  private final Start start;
  private final Virtual strideA;
  private final Virtual strideB;
  private final Virtual strideResult;

  private TileProduct(Code code, Product product) {
    this.code = code;
    this.product = product;
    this.start = start(product);
    this.strideA = code.constant((long) product.depth() * FLOAT);
    int rowOfB = product.transposed() ? product.depth() : product.columns();
    this.strideB = code.constant((long) rowOfB * FLOAT);
    this.strideResult = code.constant((long) product.columns() * FLOAT);
  }

  /// Whether a product is one for tiles, on a machine that has them.
  static boolean fits(Product product, Target target) {
    return product.node().type().dtype() == DType.F32
        && start(product) != Start.OTHER
        && target.has(MULTIPLY);
  }

  private static Start start(Product product) {
    if (product.starts().isEmpty()) {
      return Start.NOTHING;
    }
    int[] strides = product.startStrides();
    int alongRows = strides[strides.length - 2];
    int alongColumns = strides[strides.length - 1];
    if (product.columns() > 1 && alongColumns != 1) {
      return Start.OTHER;
    }
    return alongRows == 0 ? Start.ROW : Start.MATRIX;
  }

  static void emit(Code code, Product product, Values values) {
    List<Virtual> at = product.pointers(code, values);
    var nest = new Nest(code, at);
    for (int axis = 0; axis < product.node().type().rank() - 2; axis++) {
      nest.axis(product.node().type().shape().dim(axis), product.steps(axis));
    }
    var tiles = new TileProduct(code, product);
    nest.emit(
        level -> {
          if (level == nest.depth()) {
            tiles.emit(at.stream().map(tiles::copy).toList());
          }
        },
        _ -> {});
    code.op("ta.zap");
  }

  private Virtual copy(Virtual register) {
    return code.x("addi", register, Operand.imm(0));
  }

  /// One pair of matrices.
  ///
  /// @param at where the result, `a`, `b` and the start begin; moved down by whole rows
  private void emit(List<Virtual> at) {
    // A wide product takes its accumulators beside each other, a high one below each other.
    int rowGroups =
        product.rows() >= 4L * product.columns()
            ? 4
            : product.columns() >= 4L * product.rows() ? 1 : 2;
    Operand rowGroup = Operand.word("g" + rowGroups);
    Operand columnGroup = Operand.word("g" + 4 / rowGroups);
    Virtual rowOfStart = rowOfStart();
    granted(
        product.rows(),
        (granted, left) -> code.set(granted, "ta.setm", left, rowGroup),
        rows -> {
          strip(at, columnGroup);
          step(at.get(0), rows, strideResult);
          step(at.get(1), rows, strideA);
          if (start == Start.MATRIX) {
            step(at.get(3), rows, rowOfStart);
          }
        });
  }

  private Virtual rowOfStart() {
    int[] strides = start == Start.NOTHING ? new int[2] : product.startStrides();
    return code.constant((long) strides[strides.length - 2] * FLOAT);
  }

  /// As many rows of the result as were granted, over all columns.
  private void strip(List<Virtual> at, Operand columnGroup) {
    Virtual block = copy(at.get(0));
    Virtual blockOfB = copy(at.get(2));
    Optional<Virtual> from =
        start == Start.NOTHING ? Optional.empty() : Optional.of(copy(at.get(3)));
    granted(
        product.columns(),
        (granted, left) -> code.set(granted, "ta.setn", left, columnGroup, E32),
        columns -> {
          begin(from);
          accumulate(copy(at.get(1)), copy(blockOfB));
          code.op("ta.st.c.e32", SUMS, new Operand.Indirect(block), strideResult);
          Virtual bytes = bytes(columns);
          code.set(block, "add", block, bytes);
          from.ifPresent(pointer -> code.set(pointer, "add", pointer, bytes));
          if (product.transposed()) {
            step(blockOfB, columns, strideB);
          } else {
            code.set(blockOfB, "add", blockOfB, bytes);
          }
        });
  }

  private void begin(Optional<Virtual> from) {
    switch (start) {
      case NOTHING -> code.op("ta.ews.fill.i32", SUMS, ZERO);
      case ROW -> code.op("ta.ld.cb.e32", SUMS, new Operand.Indirect(from.orElseThrow()));
      case MATRIX ->
          code.op("ta.ld.c.e32", SUMS, new Operand.Indirect(from.orElseThrow()), rowOfStart());
      case OTHER -> throw new IllegalArgumentException("no tile load for " + product.node());
    }
  }

  /// The products of one block of rows with one of columns, over the whole depth.
  private void accumulate(Virtual a, Virtual b) {
    if (product.depth() == 0) {
      return;
    }
    granted(
        product.depth(),
        (granted, left) -> code.set(granted, "ta.setk", left, E32),
        depth -> {
          code.op("ta.ld.a.e32", TILE_A, new Operand.Indirect(a), strideA);
          String load = product.transposed() ? "ta.ld.b.e32" : "ta.ld.b.e32.t";
          code.op(load, TILE_B, new Operand.Indirect(b), strideB);
          code.op(MULTIPLY, SUMS, TILE_A, TILE_B);
          Virtual bytes = bytes(depth);
          code.set(a, "add", a, bytes);
          if (product.transposed()) {
            code.set(b, "add", b, bytes);
          } else {
            step(b, depth, strideB);
          }
        });
  }

  private Virtual bytes(Virtual elements) {
    return code.x("slli", elements, Operand.imm(2));
  }

  /// Moves a pointer by as many rows.
  private void step(Virtual pointer, Virtual rows, Virtual stride) {
    code.set(pointer, "add", pointer, code.x("mul", rows, stride));
  }

  /// A loop over `count`, at least 1, in steps that an instruction grants.
  private void granted(int count, BiConsumer<Virtual, Virtual> request, Consumer<Virtual> body) {
    Virtual left = code.x("li", Operand.imm(count));
    code.loop(again -> {
      Virtual granted = code.fresh(Operand.Bank.X);
      request.accept(granted, left);
      body.accept(granted);
      code.set(left, "sub", left, granted);
      code.op("bne", left, ZERO, again);
    });
  }
}
