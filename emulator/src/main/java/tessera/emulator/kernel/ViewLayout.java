package tessera.emulator.kernel;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;

/// Where the elements of a view lie, for a view whose place is known when it is bound: the bits of
/// its file as a function of one or two indices, and how many elements lie side by side.
public final class ViewLayout {
  @FunctionalInterface
  private interface Place {
    long at(long i, long j);
  }

  private final View view;
  private final Place place;
  private final long[] extents;
  private final int run;

  private ViewLayout(View view, Place place, long[] extents, int run) {
    this.view = view;
    this.place = place;
    this.extents = extents;
    this.run = run;
  }

  /// {@return the layout of a view of one or two indices, or null where its place, or an extent,
  /// depends on the state}
  public static @Nullable ViewLayout of(View view) {
    int rank = view.indices().size();
    Map<Integer, Place> known = new HashMap<>();
    if (rank < 1 || rank > 2) {
      return null;
    }
    known.put(view.indices().getFirst().slot(), rank == 1 ? (i, j) -> j : (i, j) -> i);
    known.put(view.indices().getLast().slot(), (i, j) -> j);
    Place place = compile(view.at(), known);
    long[] extents = new long[rank];
    for (int d = 0; d < rank; d++) {
      Place extent = compile(view.extents().get(d), Map.of());
      if (extent == null) {
        return null;
      }
      extents[d] = extent.at(0, 0);
    }
    if (place == null) {
      return null;
    }
    return new ViewLayout(view, place, extents, run(view, place, extents[rank - 1]));
  }

  public View view() {
    return view;
  }

  public RegisterFile file() {
    return view.file();
  }

  public Type element() {
    return view.element();
  }

  /// {@return bits from one element to its neighbour}
  public int storage() {
    return view.storage();
  }

  /// {@return the number of indices, 1 or 2}
  public int rank() {
    return extents.length;
  }

  /// {@return how many elements exist along an index}
  public long extent(int dimension) {
    return extents[dimension];
  }

  /// {@return the first bit of element (i, j)}
  public long bit(long i, long j) {
    return place.at(i, j);
  }

  /// {@return the first bit of element j of a view of one index}
  public long bit(long j) {
    return place.at(0, j);
  }

  /// {@return the byte of the file in which element (i, j) begins; elements of whole bytes}
  public int offset(long i, long j) {
    return (int) (place.at(i, j) >>> 3);
  }

  /// {@return how many elements along the last index lie side by side, from each multiple of it:
  /// the extent where a whole row does, 1 where none do}
  public int run() {
    return run;
  }

  /// {@return whether each whole row lies side by side}
  public boolean rowsAreContiguous() {
    return run >= extents[extents.length - 1];
  }

  // ------------------------------------------------------------------ reading `at`

  private static int run(View view, Place place, long extent) {
    Local last = view.indices().getLast();
    long period = period(view.at(), last, extent);
    boolean even = period > 0;
    // Within a period `at` is linear in the last index, so one difference tells all.
    for (long start = 0; even && start + 1 < extent && period > 1; start += period) {
      even = place.at(0, start + 1) - place.at(0, start) == view.storage();
    }
    return even && period > 1 ? (int) Math.min(period, Math.max(extent, 1)) : 1;
  }

  /// {@return within which stretch from each multiple of it `expr` is linear in the index; 0: in
  /// none}
  private static long period(Expr expr, Local index, long extent) {
    return switch (expr) {
      case Expr.Literal _, Expr.LocalValue _ -> Math.max(extent, 1);
      case Expr.Inline(var statements, var result) -> {
        long p = period(result, index, extent);
        for (Stmt s : statements) {
          p = s instanceof Stmt.Let(_, var v) && !mentions(v, index) ? p : 0;
        }
        yield p;
      }
      case Expr.Binary(var op, var left, var right, _) ->
          !mentions(expr, index) ? Math.max(extent, 1) : period(op, left, right, index, extent);
      default -> mentions(expr, index) ? 0 : Math.max(extent, 1);
    };
  }

  private static long period(Expr.BinaryOp op, Expr left, Expr right, Local index, long extent) {
    return switch (op) {
      case ADD, SUB -> gcd(period(left, index, extent), period(right, index, extent));
      case MUL ->
          mentions(left, index) && mentions(right, index)
              ? 0
              : gcd(period(left, index, extent), period(right, index, extent));
      case DIV, REM ->
          left instanceof Expr.LocalValue
                  && right instanceof Expr.Literal(_, var by)
                  && by.signum() > 0
              ? by.longValue() >= extent ? Math.max(extent, 1) : by.longValue()
              : 0;
      default -> 0;
    };
  }

  private static long gcd(long a, long b) {
    return a == 0 || b == 0 ? 0 : BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).longValue();
  }

  private static boolean mentions(Expr expr, Local index) {
    return switch (expr) {
      case Expr.LocalValue(var local) -> local.slot() == index.slot();
      case Expr.Binary(_, var a, var b, _) -> mentions(a, index) || mentions(b, index);
      case Expr.Unary(_, var a, _) -> mentions(a, index);
      case Expr.Select(var c, var a, var b, _) ->
          mentions(c, index) || mentions(a, index) || mentions(b, index);
      case Expr.Compare(_, var a, var b) -> mentions(a, index) || mentions(b, index);
      case Expr.Literal _ -> false;
      default -> true;
    };
  }

  private static @Nullable Place compile(Expr expr, Map<Integer, Place> known) {
    return switch (expr) {
      case Expr.Literal(_, var value) ->
          value.bitLength() < 64 ? constant(value.longValue()) : null;
      case Expr.LocalValue(var local) -> known.get(local.slot());
      case Expr.Inline(var statements, var result) -> inline(statements, result, known);
      case Expr.Binary(var op, var left, var right, _) -> {
        Place a = compile(left, known);
        Place b = compile(right, known);
        yield a == null || b == null ? null : binary(op, a, b);
      }
      default -> null;
    };
  }

  private static @Nullable Place inline(
      List<Stmt> statements, Expr result, Map<Integer, Place> known) {
    Map<Integer, Place> more = new HashMap<>(known);
    for (Stmt s : statements) {
      if (!(s instanceof Stmt.Let(var local, var value))) {
        return null;
      }
      Place place = compile(value, more);
      if (place == null) {
        return null;
      }
      more.put(local.slot(), place);
    }
    return compile(result, more);
  }

  private static Place constant(long value) {
    return (_, _) -> value;
  }

  private static @Nullable Place binary(Expr.BinaryOp op, Place a, Place b) {
    return switch (op) {
      case ADD -> (i, j) -> a.at(i, j) + b.at(i, j);
      case SUB -> (i, j) -> a.at(i, j) - b.at(i, j);
      case MUL -> (i, j) -> a.at(i, j) * b.at(i, j);
      case DIV -> (i, j) -> a.at(i, j) / b.at(i, j);
      case REM -> (i, j) -> a.at(i, j) % b.at(i, j);
      case MIN -> (i, j) -> Math.min(a.at(i, j), b.at(i, j));
      case MAX -> (i, j) -> Math.max(a.at(i, j), b.at(i, j));
      case AND, OR, XOR, SHL, SHR -> null;
    };
  }
}
