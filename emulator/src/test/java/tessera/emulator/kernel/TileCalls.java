package tessera.emulator.kernel;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import tessera.emulator.Hart;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Isa;
import tessera.isaspec.Machine;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;

/// Calls of `matmul` on tile registers of a given geometry, laid out as the tile extension does: A
/// in mt0.., B in mt4.., C in mc0...
final class TileCalls {
  static final Type I8 = Type.sint(8);
  static final Type U8 = Type.uint(8);
  static final Type I32 = Type.sint(32);
  static final Type BF16 = format("bf16", 8, 7);
  static final Type F32 = format("f32", 8, 23);

  private static final Span NOWHERE = new Span(new Source("test", ""), 0, 0);
  private static final Type.Int NUMBER = Type.Int.of(0, 1L << 40);

  final int rows;
  final int columns;
  final int bytes;
  final int gm;
  final int gn;
  final RegisterFile mt;
  final RegisterFile mc;

  /// @param rows TMMAX
  /// @param columns TNMAX
  /// @param bytes TKB
  TileCalls(int rows, int columns, int bytes, int gm, int gn) {
    this.rows = rows;
    this.columns = columns;
    this.bytes = bytes;
    this.gm = gm;
    this.gn = gn;
    this.mt = file("mt", 0, 8, 8 * Math.max(rows, columns) * bytes);
    this.mc = file("mc", 1, 4, 32 * rows * columns);
  }

  private static RegisterFile file(String name, int ordinal, int count, int width) {
    return new RegisterFile(name, ordinal, count, width, null, BigInteger.ZERO, List.of(), NOWHERE);
  }

  private static Type format(String name, int exponent, int fraction) {
    int width = 1 + exponent + fraction;
    return new Type.Floating(
        new FloatFormat(name, exponent, fraction, true, true, true, null, true, width, null));
  }

  Hart hart() {
    Machine machine =
        new Machine("test", "rv64i", Map.of(), List.of(), List.of(), Map.of(), NOWHERE);
    Isa isa =
        new Isa(
            new Isa.Parts(
                "rv64i",
                List.of(),
                List.of(mt, mc),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                machine));
    return Hart.of(isa, Memory.of(0x8000_0000L, 1 << 16, 1 << 16), 0);
  }

  private static Expr number(long value) {
    return new Expr.Literal(Type.Int.of(value), BigInteger.valueOf(value));
  }

  private static Expr op(Expr.BinaryOp op, Expr left, Expr right) {
    return new Expr.Binary(op, left, right, NUMBER);
  }

  private static Expr add(Expr left, Expr right) {
    return op(Expr.BinaryOp.ADD, left, right);
  }

  private static Expr times(Expr left, long right) {
    return op(Expr.BinaryOp.MUL, left, number(right));
  }

  /// `(r + i / per) * MT + 8 * TKB * (i % per) + k * storage`
  private View operand(String name, int r, int g, int per, Type type, int storage) {
    Local i = new Local(0, "i", NUMBER);
    Local k = new Local(1, "k", NUMBER);
    Expr row = new Expr.LocalValue(i);
    Expr register = add(number(r), op(Expr.BinaryOp.DIV, row, number(per)));
    Expr within = times(op(Expr.BinaryOp.REM, row, number(per)), 8L * bytes);
    Expr at = add(add(times(register, mt.width()), within), times(new Expr.LocalValue(k), storage));
    List<Expr> extents = List.of(number((long) g * per), number(8L * bytes / storage));
    return new View(name, mt, List.of(i, k), at, extents, number(r), number(g), type, storage);
  }

  /// `(r + i / TMMAX * GN + j / c) * MC + (i % TMMAX * c + j % c) * 32` with c columns a register
  private View accumulator(Type type) {
    Local i = new Local(0, "i", NUMBER);
    Local j = new Local(1, "j", NUMBER);
    Expr row = new Expr.LocalValue(i);
    Expr column = new Expr.LocalValue(j);
    Expr register =
        add(
            times(op(Expr.BinaryOp.DIV, row, number(rows)), gn),
            op(Expr.BinaryOp.DIV, column, number(columns)));
    Expr within =
        add(
            times(op(Expr.BinaryOp.REM, row, number(rows)), columns),
            op(Expr.BinaryOp.REM, column, number(columns)));
    Expr at = add(times(register, mc.width()), times(within, 32));
    List<Expr> extents = List.of(number((long) gm * rows), number((long) gn * columns));
    return new View(
        "z", mc, List.of(i, j), at, extents, number(0), number((long) gm * gn), type, 32);
  }

  static int storage(Type type) {
    return switch (type) {
      case Type.Bits(_, int width) -> width;
      case Type.Floating(FloatFormat f) -> f.storage();
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  /// {@return the call; its values are m, n, c, zi, neg in this order}
  ShapeCall call(Type a, Type b, Type c, String step) {
    Map<String, View> views = new LinkedHashMap<>();
    views.put("z", accumulator(c));
    views.put("p", operand("p", 0, gm, rows, a, storage(a)));
    views.put("q", operand("q", 4, gn, columns, b, storage(b)));
    Map<String, Expr> values = new LinkedHashMap<>();
    for (String name : List.of("m", "n", "c", "zi", "neg")) {
      values.put(name, new Expr.FieldValue(name, NUMBER));
    }
    return new ShapeCall(
        new Stmt.CallShape(
            "matmul",
            List.of(a, b, c),
            Map.of("step", step),
            views,
            values,
            "",
            new Stmt.Block(List.of()),
            NOWHERE),
        OptionalLong.empty());
  }
}
