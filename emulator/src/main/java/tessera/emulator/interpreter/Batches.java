package tessera.emulator.interpreter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.emulator.kernel.Kernel;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Expr.BinaryOp;
import tessera.isaspec.semantics.Expr.CompareOp;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;

/// Compiles expressions over lanes to loops over many lanes at once: each operator runs over a
/// block of values before the next does, so that what it costs to call one is shared by all of
/// them. What has no such loop is asked lane by lane.
final class Batches {
  /// lanes that are computed together
  static final int BLOCK = 256;

  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  /// Values of an expression for lanes in a row.
  interface Batch {
    /// Computes those of lanes `from` to `from + n - 1`.
    ///
    /// @param active which of them are; null: all
    void get(Frame f, long from, int n, long @Nullable [] active, long[] out);
  }

  private final Closures closures;
  private final Local index;
  private final int slot;
  private final Map<Integer, long[]> named = new HashMap<>();

  Batches(Closures closures, Local index) {
    this.closures = closures;
    this.index = index;
    this.slot = closures.slot(index);
  }

  // ------------------------------------------------------------------ statements

  /// {@return a name whose value later batches see}
  Batch let(Local local, Expr value) {
    Batch of = of(value);
    long[] values = new long[BLOCK];
    named.put(local.slot(), values);
    return (f, from, n, active, _) -> of.get(f, from, n, active, values);
  }

  /// {@return a flag that is raised where a condition holds in an active lane}
  Batch flag(Stmt.RaiseFlag raise) {
    Batch condition = of(raise.condition());
    long[] holds = new long[BLOCK];
    int bit = Kernel.bit(raise.flag());
    return (f, from, n, active, _) -> {
      condition.get(f, from, n, active, holds);
      for (int k = 0; k < n; k++) {
        if (holds[k] != 0 && (active == null || active[k] != 0)) {
          f.flags |= bit;
          return;
        }
      }
    };
  }

  /// {@return a write of the elements of the shadow that are active}
  Batch write(View view, Expr value) {
    Batch of = of(value);
    long[] values = new long[BLOCK];
    Affine at = Affine.of(view.at());
    if (at == null) {
      throw new NotCompiled(view);
    }
    Local last = view.indices().getLast();
    long start = at.constant();
    long step = at.of(last);
    int width = view.storage();
    return (f, from, n, active, _) -> {
      of.get(f, from, n, active, values);
      put(f.shadow, start + step * from, step, width, n, active, values);
      f.wrote = true;
    };
  }

  private static void put(
      byte[] to, long bit, long step, int width, int n, long @Nullable [] active, long[] values) {
    if (width == 1) {
      for (int k = 0; k < n; k++) {
        if (active == null || active[k] != 0) {
          long place = bit + step * k;
          int at = (int) (place >>> 3);
          int mask = 1 << (place & 7);
          to[at] = (byte) (values[k] != 0 ? to[at] | mask : to[at] & ~mask);
        }
      }
      return;
    }
    int at = (int) (bit >>> 3);
    int by = (int) (step >>> 3);
    if (active != null) {
      for (int k = 0; k < n; k++) {
        if (active[k] != 0) {
          put(to, at + k * by, width, values[k]);
        }
      }
      return;
    }
    switch (width) {
      case 8 -> {
        for (int k = 0; k < n; k++) {
          to[at + k * by] = (byte) values[k];
        }
      }
      case 16 -> {
        for (int k = 0; k < n; k++) {
          SHORT.set(to, at + k * by, (short) values[k]);
        }
      }
      case 32 -> {
        for (int k = 0; k < n; k++) {
          INT.set(to, at + k * by, (int) values[k]);
        }
      }
      default -> {
        for (int k = 0; k < n; k++) {
          LONG.set(to, at + k * by, values[k]);
        }
      }
    }
  }

  private static void put(byte[] to, int at, int width, long value) {
    switch (width) {
      case 8 -> to[at] = (byte) value;
      case 16 -> SHORT.set(to, at, (short) value);
      case 32 -> INT.set(to, at, (int) value);
      default -> LONG.set(to, at, value);
    }
  }

  // ------------------------------------------------------------------ expressions

  Batch of(Expr expr) {
    if (!Closures.isLong(expr.type())) {
      throw new NotCompiled(expr);
    }
    if (!varies(expr)) {
      if (!Effect.isPure(expr)) {
        return single(expr);
      }
      Value v = closures.value(expr);
      return (f, _, n, _, out) -> Arrays.fill(out, 0, n, v.get(f));
    }
    return switch (expr) {
      case Expr.LocalValue(var local) -> name(local);
      case Expr.ReadView(var view, var indices, var otherwise, _)
          when otherwise == null
              && indices.size() == 1
              && indices.getFirst() instanceof Expr.LocalValue(var i)
              && i.slot() == index.slot()
              && isRegular(view) ->
          read(view);
      case Expr.Unary(var op, var of, var type) -> unary(op, of(of), type);
      case Expr.Binary(var op, var left, var right, var type)
          when areLong(left, right) && !(type instanceof Type.Exact) ->
          binary(op, left, right, type, expr);
      case Expr.Compare(var op, var left, var right)
          when areLong(left, right) && !(left.type() instanceof Type.Floating) ->
          compare(op, left, right);
      case Expr.And(var left, var right) when Effect.isPure(right) ->
          two(Loop.AND, of(left), of(right), 1, 1);
      case Expr.Or(var left, var right) when Effect.isPure(right) ->
          two(Loop.OR, of(left), of(right), 1, 1);
      case Expr.Select(var condition, var yes, var no, _)
          when Effect.isPure(yes) && Effect.isPure(no) ->
          select(of(condition), of(yes), of(no));
      case Expr.Slice(var of, int hi, int lo) when Closures.isLong(of.type()) -> {
        long mask = Closures.ones(hi - lo + 1);
        yield one(Loop.SLICE, of(of), mask, lo);
      }
      case Expr.Resize(var how, var of, var type) when Closures.isLong(of.type()) ->
          resize(how, of, type);
      case Expr.Reread(var of, _) when Closures.isLong(of.type()) -> of(of);
      case Expr.ToInt(var of, _) when Closures.isLong(of.type()) -> number(of);
      case Expr.Wrap(var of, var type)
          when Closures.isLong(of.type()) && !(of.type() instanceof Type.Exact) -> {
        long mask = Closures.ones(Constant.width(type));
        yield one(Loop.MASK, number(of), mask, 64);
      }
      default -> single(expr);
    };
  }

  private static boolean areLong(Expr a, Expr b) {
    return Closures.isLong(a.type()) && Closures.isLong(b.type());
  }

  /// {@return whether an expression differs from lane to lane}
  private boolean varies(Expr expr) {
    return Effect.mentions(
        expr, local -> local.slot() == index.slot() || named.containsKey(local.slot()));
  }

  /// Lane by lane, in order; only active lanes are asked.
  private Batch single(Expr expr) {
    Value v = closures.value(expr);
    int[] slots = named.keySet().stream().mapToInt(s -> s).toArray();
    long[][] names = Arrays.stream(slots).mapToObj(named::get).toArray(long[][]::new);
    return (f, from, n, active, out) -> {
      for (int k = 0; k < n; k++) {
        if (active == null || active[k] != 0) {
          f.slots[slot] = from + k;
          for (int i = 0; i < slots.length; i++) {
            f.slots[slots[i]] = names[i][k];
          }
          out[k] = v.get(f);
        }
      }
    };
  }

  private Batch name(Local local) {
    long[] values = named.get(local.slot());
    if (values != null) {
      return (_, _, n, _, out) -> System.arraycopy(values, 0, out, 0, n);
    }
    return (_, from, n, _, out) -> {
      for (int k = 0; k < n; k++) {
        out[k] = from + k;
      }
    };
  }

  /// {@return whether neighbours lie side by side, whole bytes or single bits}
  static boolean isRegular(View view) {
    Affine at = Affine.of(view.at());
    int width = Constant.width(view.element());
    return at != null
        && view.indices().size() == 1
        && view.file().width() > 64
        && width == view.storage()
        && (width == 1
            || width >= 8
                && width <= 64
                && Integer.bitCount(width) == 1
                && (at.constant() & 7) == 0
                && (at.of(view.indices().getFirst()) & 7) == 0);
  }

  private static Batch read(View view) {
    Affine place = Affine.of(view.at());
    if (place == null) {
      throw new NotCompiled(view);
    }
    var file = view.file();
    long start = place.constant();
    long step = place.of(view.indices().getFirst());
    int by = (int) (step >>> 3);
    return switch (view.storage()) {
      case 1 ->
          (f, from, n, _, out) -> {
            byte[] bytes = f.hart.bytes(file);
            long bit = start + step * from;
            for (int k = 0; k < n; k++, bit += step) {
              out[k] = (long) bytes[(int) (bit >>> 3)] >>> (bit & 7) & 1;
            }
          };
      case 8 ->
          (f, from, n, _, out) -> {
            byte[] bytes = f.hart.bytes(file);
            int at = (int) (start + step * from >>> 3);
            for (int k = 0; k < n; k++) {
              out[k] = bytes[at + k * by] & 0xff;
            }
          };
      case 16 ->
          (f, from, n, _, out) -> {
            byte[] bytes = f.hart.bytes(file);
            int at = (int) (start + step * from >>> 3);
            for (int k = 0; k < n; k++) {
              out[k] = (short) SHORT.get(bytes, at + k * by) & 0xffff;
            }
          };
      case 32 ->
          (f, from, n, _, out) -> {
            byte[] bytes = f.hart.bytes(file);
            int at = (int) (start + step * from >>> 3);
            for (int k = 0; k < n; k++) {
              out[k] = (int) INT.get(bytes, at + k * by) & 0xffff_ffffL;
            }
          };
      default ->
          (f, from, n, _, out) -> {
            byte[] bytes = f.hart.bytes(file);
            int at = (int) (start + step * from >>> 3);
            for (int k = 0; k < n; k++) {
              out[k] = (long) LONG.get(bytes, at + k * by);
            }
          };
    };
  }

  // ------------------------------------------------------------------ operators

  /// What a loop over a block does. One loop each, since a call in a loop that many operators share
  /// costs more than the operator.
  private enum Loop {
    MASK,
    NEGATE,
    COMPLEMENT,
    NOT,
    SIGN,
    SLICE,
    ADD,
    SUB,
    MUL,
    AND,
    OR,
    XOR,
    SHL,
    SHR,
    SAR,
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE
  }

  private static Batch one(Loop loop, Batch a, long mask, int width) {
    return (f, from, n, active, out) -> {
      a.get(f, from, n, active, out);
      run(loop, n, out, mask, width);
    };
  }

  private static void run(Loop loop, int n, long[] out, long mask, int width) {
    switch (loop) {
      case MASK -> {
        for (int k = 0; k < n; k++) {
          out[k] &= mask;
        }
      }
      case NEGATE -> {
        for (int k = 0; k < n; k++) {
          out[k] = -out[k] & mask;
        }
      }
      case COMPLEMENT -> {
        for (int k = 0; k < n; k++) {
          out[k] = ~out[k] & mask;
        }
      }
      case NOT -> {
        for (int k = 0; k < n; k++) {
          out[k] ^= 1;
        }
      }
      case SIGN -> {
        int by = 64 - width;
        for (int k = 0; k < n; k++) {
          out[k] = out[k] << by >> by & mask;
        }
      }
      case SLICE -> {
        for (int k = 0; k < n; k++) {
          out[k] = out[k] >>> width & mask;
        }
      }
      default -> throw new IllegalArgumentException(loop.name());
    }
  }

  private static Batch two(Loop loop, Batch a, Batch b, long mask, int width) {
    long[] right = new long[BLOCK];
    return (f, from, n, active, out) -> {
      a.get(f, from, n, active, out);
      b.get(f, from, n, active, right);
      run(loop, n, out, right, mask, width);
    };
  }

  private static void run(Loop loop, int n, long[] a, long[] b, long mask, int width) {
    switch (loop) {
      case ADD -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] + b[k] & mask;
        }
      }
      case SUB -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] - b[k] & mask;
        }
      }
      case MUL -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] * b[k] & mask;
        }
      }
      case AND -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] & b[k] & mask;
        }
      }
      case OR -> {
        for (int k = 0; k < n; k++) {
          a[k] = (a[k] | b[k]) & mask;
        }
      }
      case XOR -> {
        for (int k = 0; k < n; k++) {
          a[k] = (a[k] ^ b[k]) & mask;
        }
      }
      case SHL -> {
        for (int k = 0; k < n; k++) {
          a[k] = b[k] < 0 || b[k] >= width ? 0 : a[k] << b[k] & mask;
        }
      }
      case SHR -> {
        for (int k = 0; k < n; k++) {
          a[k] = b[k] < 0 || b[k] >= width ? 0 : a[k] >>> b[k];
        }
      }
      case SAR -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] >> (b[k] < 0 || b[k] > 63 ? 63 : b[k]) & mask;
        }
      }
      case EQ -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] == b[k] ? 1 : 0;
        }
      }
      case NE -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] != b[k] ? 1 : 0;
        }
      }
      // `mask` moves unsigned numbers to where their order is that of signed ones
      case LT -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] + mask < b[k] + mask ? 1 : 0;
        }
      }
      case LE -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] + mask <= b[k] + mask ? 1 : 0;
        }
      }
      case GT -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] + mask > b[k] + mask ? 1 : 0;
        }
      }
      case GE -> {
        for (int k = 0; k < n; k++) {
          a[k] = a[k] + mask >= b[k] + mask ? 1 : 0;
        }
      }
      default -> throw new IllegalArgumentException(loop.name());
    }
  }

  private static Batch select(Batch condition, Batch yes, Batch no) {
    long[] first = new long[BLOCK];
    long[] second = new long[BLOCK];
    return (f, from, n, active, out) -> {
      condition.get(f, from, n, active, out);
      yes.get(f, from, n, active, first);
      no.get(f, from, n, active, second);
      for (int k = 0; k < n; k++) {
        out[k] = out[k] != 0 ? first[k] : second[k];
      }
    };
  }

  private static Batch unary(Expr.UnaryOp op, Batch a, Type type) {
    int width = Constant.width(type);
    long mask = width < 0 ? -1 : Closures.ones(width);
    return switch (op) {
      case NEGATE -> one(Loop.NEGATE, a, mask, width);
      case COMPLEMENT -> one(Loop.COMPLEMENT, a, mask, width);
      case NOT -> one(Loop.NOT, a, 1, 1);
    };
  }

  /// Bits that are read as signed are extended.
  private Batch number(Expr expr) {
    Batch b = of(expr);
    return expr.type() instanceof Type.Bits(var reading, int width)
            && reading == Type.Reading.SINT
            && width < 64
        ? one(Loop.SIGN, b, -1, width)
        : b;
  }

  private Batch resize(Expr.Extend how, Expr of, Type type) {
    Batch a = of(of);
    int from = Constant.width(of.type());
    long mask = Closures.ones(Constant.width(type));
    return switch (how) {
      case ZEXT -> a;
      case TRUNC -> one(Loop.MASK, a, mask, 64);
      case SEXT -> one(Loop.SIGN, a, mask, from);
    };
  }

  private Batch binary(BinaryOp op, Expr left, Expr right, Type type, Expr whole) {
    boolean bits = type instanceof Type.Bits;
    boolean signed = Closures.isSigned(type);
    long mask = bits ? Closures.ones(Constant.width(type)) : -1;
    int width = bits ? Constant.width(type) : 64;
    if (op == BinaryOp.SHL || op == BinaryOp.SHR) {
      return bits ? shift(op, left, right, width, signed) : single(whole);
    }
    Batch a = number(left);
    Batch b = number(right);
    return switch (op) {
      case ADD -> two(Loop.ADD, a, b, mask, width);
      case SUB -> two(Loop.SUB, a, b, mask, width);
      case MUL -> two(Loop.MUL, a, b, mask, width);
      case AND -> two(Loop.AND, a, b, mask, width);
      case OR -> two(Loop.OR, a, b, mask, width);
      case XOR -> two(Loop.XOR, a, b, mask, width);
      case MIN, MAX, DIV, REM, SHL, SHR -> single(whole);
    };
  }

  private Batch shift(BinaryOp op, Expr left, Expr right, int width, boolean signed) {
    Batch a = number(left);
    Batch b = number(right);
    long mask = Closures.ones(width);
    Loop loop = op == BinaryOp.SHL ? Loop.SHL : signed ? Loop.SAR : Loop.SHR;
    return two(loop, a, b, mask, width);
  }

  private Batch compare(CompareOp op, Expr left, Expr right) {
    Batch a = number(left);
    Batch b = number(right);
    long flip = Closures.isSigned(left.type()) ? 0 : Long.MIN_VALUE;
    return two(Loop.valueOf(op.name()), a, b, flip, 64);
  }
}
