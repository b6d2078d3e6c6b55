package tessera.emulator.interpreter;

import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tessera.emulator.kernel.Kernel;
import tessera.emulator.kernel.ViewLayout;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Expr.BinaryOp;
import tessera.isaspec.semantics.Expr.CompareOp;
import tessera.isaspec.semantics.Expr.Extend;
import tessera.isaspec.semantics.Expr.Literal;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Rounding;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;

/// Compiles expressions to closures: values of at most 64 bits to [Value], all others to [Thing].
///
/// Bits are kept zero-extended; where an operator reads them as signed it extends them.
final class Closures {
  /// more than any index
  private static final long BEYOND = 1L << 61;

  private final Context context;
  private final Bound.@Nullable Environment environment;
  private final Exacts exacts = new Exacts(this);
  private final int base;
  private final int[] top;
  private @Nullable Actions actions;

  private Closures(Context context, Bound.@Nullable Environment environment, int base, int[] top) {
    this.context = context;
    this.environment = environment;
    this.base = base;
    this.top = top;
  }

  /// {@return a compiler for a body}
  static Closures of(Context context, Bound bound) {
    return new Closures(context, bound.environment(), 0, new int[] {bound.frame()});
  }

  /// {@return a compiler for expressions outside of bodies}
  static Closures of(Context context) {
    return new Closures(context, null, 0, new int[1]);
  }

  /// A compiler for an expression with names of its own, a CSR's rule: they get places behind all
  /// that there are.
  Closures apart() {
    return new Closures(context, null, top[0], top);
  }

  /// {@return how many names the frame must hold}
  int names() {
    return top[0];
  }

  Context context() {
    return context;
  }

  Isa isa() {
    return context.isa();
  }

  Evaluator evaluator() {
    return context.evaluator();
  }

  /// Says who compiles statements inside expressions.
  void actions(Actions compiler) {
    actions = compiler;
  }

  int slot(Local local) {
    int slot = base + local.slot();
    top[0] = Math.max(top[0], slot + 1);
    return slot;
  }

  Exacts exacts() {
    return exacts;
  }

  /// {@return the rounding mode of an operation, a constant}
  Rounding rounding(@Nullable Rounding given) {
    if (given != null) {
      return given;
    }
    if (environment != null
        && environment.round() instanceof Literal(_, var mode)
        && mode.signum() >= 0
        && mode.intValue() <= 4) {
      return Rounding.of(mode.intValue());
    }
    throw new NotCompiled(this);
  }

  /// {@return whether values of the type have at most 64 bits}
  static boolean isLong(Type type) {
    return switch (type) {
      case Type.Bits(_, int width) -> width <= 64;
      case Type.Floating(var format) -> format.width() <= 64;
      case Type.Bool _ -> true;
      case Type.Int(var min, var max) -> min.bitLength() < 64 && max.bitLength() < 64;
      case Type.Exact _, Type.Array _, Type.Tuple _ -> false;
    };
  }

  static boolean isSigned(Type type) {
    return type instanceof Type.Int
        || type instanceof Type.Bits(var reading, _) && reading == Type.Reading.SINT;
  }

  static long sext(long value, int width) {
    return width >= 64 ? value : value << 64 - width >> 64 - width;
  }

  static long ones(int width) {
    return width >= 64 ? -1 : (1L << width) - 1;
  }

  private static int width(Type type) {
    return Constant.width(type);
  }

  // ------------------------------------------------------------------ values

  Value value(Expr expr) {
    if (!isLong(expr.type())) {
      throw new NotCompiled(expr);
    }
    return switch (expr) {
      case Literal(_, var value) -> constant(literal(expr.type(), value));
      case Expr.LocalValue(var local) -> {
        int slot = slot(local);
        yield f -> f.slots[slot];
      }
      case Expr.ReadRegister(var file, var index, _) -> register(file, index);
      case Expr.ReadElement(var file, var bit, var type) -> element(file, value(bit), type);
      case Expr.ReadView(var view, var indices, var otherwise, var type) ->
          view(view, indices, otherwise, type);
      case Expr.ReadCsr(var csr, _) -> csr(csr);
      case Expr.ReadCsrField(var csr, var field, _) -> field(csr, field);
      case Expr.ReadCsrNumber(var number, _) -> csrNumbered(number);
      case Expr.CsrAllows(var number, var writes) -> {
        Value n = value(number);
        Value w = value(writes);
        Evaluator evaluator = evaluator();
        yield f -> evaluator.csrAllows(n.get(f), w.get(f) != 0, f.hart) ? 1 : 0;
      }
      case Expr.Pc _ -> f -> f.pc;
      case Expr.NextPc _ -> f -> f.next;
      case Expr.FetchedWord _ -> f -> f.word;
      case Expr.Input(var line, var type) -> {
        long mask = type instanceof Type.Bits(_, int w) ? ones(w) : -1;
        yield f -> f.hart.input(line) & mask;
      }
      case Expr.Unary(var op, var of, var type) -> unary(op, value(of), type);
      case Expr.Binary(var op, var left, var right, var type) -> binary(op, left, right, type);
      case Expr.Compare(var op, var left, var right) -> compare(op, left, right);
      case Expr.And(var left, var right) -> {
        Value a = value(left);
        Value b = value(right);
        yield f -> a.get(f) != 0 ? b.get(f) : 0;
      }
      case Expr.Or(var left, var right) -> {
        Value a = value(left);
        Value b = value(right);
        yield f -> a.get(f) != 0 ? 1 : b.get(f);
      }
      case Expr.Select(var condition, var yes, var no, _) -> {
        Value c = value(condition);
        Value y = value(yes);
        Value n = value(no);
        yield f -> c.get(f) != 0 ? y.get(f) : n.get(f);
      }
      case Expr.Slice(var of, int hi, int lo) -> slice(of, hi, lo);
      case Expr.BitAt(var of, var index) -> bitAt(of, value(index));
      case Expr.Concat(var parts, _) -> concat(parts);
      case Expr.Resize(var how, var of, var type) -> resize(how, of, type);
      case Expr.Reread(var of, _) -> value(of);
      case Expr.ToInt(var of, _) -> toInt(of);
      case Expr.Wrap(var of, var type) -> wrap(of, type);
      case Expr.ArrayAt(var array, var index, _) -> arrayAt(array, value(index));
      case Expr.Load(var address, var k, var type) -> load(address, k, type);
      case Expr.Faults(var address, var bytes, var kind) -> {
        Value a = value(address);
        Value n = value(bytes);
        yield f -> f.hart.refuses(a.get(f), n.get(f), kind) ? 1 : 0;
      }
      case Expr.Reserve(var address, var type) -> reserve(value(address), type);
      case Expr.Conditional(var address, var value) -> conditional(value(address), value);
      case Expr.Amo(var address, var old, var fresh, var type) ->
          amo(value(address), slot(old), value(fresh), type);
      case Expr.Reserved _ -> f -> f.hart.isReserved(0, 0) ? 1 : 0;
      case Expr.RoundOff(var of, var amount, var mode, var type) ->
          isLong(of.type())
              ? roundOff(of, value(amount), value(mode), type)
              : bigToBits(big(expr), type);
      case Expr.Round(var of, var mode, var type) -> exacts.round(of, rounding(mode), type);
      case Expr.Saturate(var of, var type) -> exacts.saturate(of, type);
      case Expr.Mute(var flag, var of) -> {
        Value v = value(of);
        int keep = ~Kernel.bit(flag);
        yield f -> {
          int before = f.flags;
          f.flags = 0;
          long result = v.get(f);
          f.flags = before | f.flags & keep;
          return result;
        };
      }
      case Expr.TestFloat(var test, var of) -> exacts.test(test, of);
      case Expr.ExactCall(var function, var of, _) -> exacts.call(function, of);
      case Expr.Fold fold -> fold(fold);
      case Expr.First(var index, var from, var to, var condition, _) ->
          first(slot(index), value(from), value(to), value(condition));
      case Expr.Inline(var statements, var result) -> {
        Actions compiler = actions;
        if (compiler == null) {
          throw new NotCompiled(expr);
        }
        Action first = compiler.pure(statements);
        Value v = value(result);
        yield f -> {
          first.run(f);
          return v.get(f);
        };
      }
      case Expr.FieldValue _,
          Expr.Observed _,
          Expr.MakeArray _,
          Expr.MakeTuple _,
          Expr.TupleAt _,
          Expr.ToExact _,
          Expr.RealCall _,
          Expr.SumTerms _,
          Expr.SignedSpecial _ ->
          throw new NotCompiled(expr);
    };
  }

  /// {@return a literal as a value: bits zero-extended}
  static long literal(Type type, BigInteger value) {
    return type instanceof Type.Bits(_, int width)
        ? value.longValue() & ones(width)
        : value.longValue();
  }

  private static Value constant(long value) {
    return _ -> value;
  }

  private Value register(RegisterFile file, Expr index) {
    if (file.width() > 64) {
      throw new NotCompiled(file);
    }
    int offset = Layout.offset(isa(), file);
    if (index instanceof Literal(_, var number)) {
      int at = offset + number.intValue();
      return f -> f.x[at];
    }
    Value i = value(index);
    Integer zero = file.zero();
    if (zero == null) {
      return f -> f.x[offset + (int) i.get(f)];
    }
    int always = zero;
    return f -> {
      int at = (int) i.get(f);
      return at == always ? 0 : f.x[offset + at];
    };
  }

  /// {@return the value of `type` at a bit of a file}
  private static Value element(RegisterFile file, Value bit, Type type) {
    int width = Constant.width(type);
    if (width < 1 || width > 64) {
      throw new NotCompiled(type);
    }
    if (file.width() > 64 && Integer.bitCount(width) == 1 && width >= 8) {
      return bytes(file, bit, width >>> 3);
    }
    if (file.width() > 64 && width == 1) {
      return f -> {
        long at = bit.get(f);
        return (long) f.hart.bytes(file)[(int) (at >>> 3)] >>> (at & 7) & 1;
      };
    }
    return f -> f.hart.readBits(file, bit.get(f), width);
  }

  /// {@return so many bytes at a bit of a wide file}
  private static Value bytes(RegisterFile file, Value bit, int bytes) {
    return switch (bytes) {
      case 1 -> f -> f.hart.bytes(file)[(int) (bit.get(f) >>> 3)] & 255;
      case 2 -> f -> Memory.get(f.hart.bytes(file), (int) (bit.get(f) >>> 3), 2);
      case 4 -> f -> Memory.get(f.hart.bytes(file), (int) (bit.get(f) >>> 3), 4);
      default -> f -> Memory.get(f.hart.bytes(file), (int) (bit.get(f) >>> 3), bytes);
    };
  }

  private Value view(View view, List<Expr> indices, @Nullable Expr otherwise, Type type) {
    if (otherwise == null) {
      return element(view.file(), bit(view, indices), type);
    }
    Value outside = value(otherwise);
    Value[] at = new Value[indices.size()];
    Value[] extents = new Value[indices.size()];
    for (int i = 0; i < at.length; i++) {
      at[i] = clamped(indices.get(i));
      extents[i] = value(view.extents().get(i));
    }
    Value inside = element(view.file(), bit(view, indices, this::clamped), type);
    if (at.length == 1 && view.extents().getFirst() instanceof Literal(_, var most)) {
      Value index = at[0];
      long end = most.longValue();
      return f -> Long.compareUnsigned(index.get(f), end) < 0 ? inside.get(f) : outside.get(f);
    }
    return f -> {
      for (int i = 0; i < at.length; i++) {
        long index = at[i].get(f);
        if (index < 0 || index >= extents[i].get(f)) {
          return outside.get(f);
        }
      }
      return inside.get(f);
    };
  }

  /// {@return the first bit of an element}
  Value bit(View view, List<Expr> indices) {
    return bit(view, indices, this::value);
  }

  private Value bit(View view, List<Expr> indices, Function<Expr, Value> value) {
    Value affine = affine(view, indices, value);
    if (affine != null) {
      return affine;
    }
    ViewLayout layout = ViewLayout.of(view);
    if (layout != null) {
      Value j = value.apply(indices.getLast());
      if (layout.rank() == 1) {
        return f -> layout.bit(j.get(f));
      }
      Value i = value.apply(indices.getFirst());
      return f -> layout.bit(i.get(f), j.get(f));
    }
    Value[] values = indices.stream().map(value).toArray(Value[]::new);
    int[] slots = view.indices().stream().mapToInt(this::slot).toArray();
    Value at = value(view.at());
    return f -> {
      for (int n = 0; n < slots.length; n++) {
        f.slots[slots[n]] = values[n].get(f);
      }
      return at.get(f);
    };
  }

  /// An element whose place is a constant, plus its index times another.
  private @Nullable Value affine(View view, List<Expr> indices, Function<Expr, Value> value) {
    Affine at = Affine.of(view.at());
    if (at == null) {
      return null;
    }
    long start = at.constant();
    Value moved = null;
    long by = 0;
    for (int n = 0; n < indices.size(); n++) {
      long step = at.of(view.indices().get(n));
      if (indices.get(n) instanceof Literal(_, var i)) {
        start += step * i.longValue();
      } else if (step != 0 && moved == null) {
        moved = value.apply(indices.get(n));
        by = step;
      } else if (step != 0) {
        return null;
      }
    }
    long first = start;
    long scale = by;
    if (moved == null) {
      return _ -> first;
    }
    Value index = moved;
    return f -> first + index.get(f) * scale;
  }

  // ------------------------------------------------------------------ CSRs

  private Value csrNumbered(Expr number) {
    if (!(number instanceof Literal(_, var n))) {
      throw new NotCompiled(number);
    }
    Csr csr = isa().csr(n.intValue());
    // What does not exist is never read: `csr.ok` is part of the conditions.
    return csr == null ? constant(0) : csr(csr);
  }

  private Value csr(Csr csr) {
    Evaluator evaluator = evaluator();
    return f -> evaluator.readCsr(csr, f.hart);
  }

  private Value field(Csr csr, CsrField field) {
    int ordinal = csr.ordinal();
    int lo = field.lo();
    long mask = ones(field.width());
    return switch (field.rule()) {
      case CsrField.Rule.Stored _, CsrField.Rule.Fixed _ -> f -> f.csrs[ordinal] >>> lo & mask;
      case CsrField.Rule.Computed(var value) -> apart().value(Simplify.of(value));
      case CsrField.Rule.Line(var input) -> f -> f.hart.input(input) & mask;
      case CsrField.Rule.Counts _ -> {
        Evaluator evaluator = evaluator();
        yield f -> evaluator.readCsrField(csr, field, f.hart) & mask;
      }
    };
  }

  // ------------------------------------------------------------------ operators

  private static Value unary(Expr.UnaryOp op, Value a, Type type) {
    int width = Constant.width(type);
    long mask = width < 0 ? -1 : ones(width);
    return switch (op) {
      case NEGATE -> f -> -a.get(f) & mask;
      case COMPLEMENT -> f -> ~a.get(f) & mask;
      case NOT -> f -> a.get(f) ^ 1;
    };
  }

  /// {@return a value as a number: bits read as signed are extended}
  Value number(Expr expr) {
    Value v = value(expr);
    return expr.type() instanceof Type.Bits(var reading, int width)
            && reading == Type.Reading.SINT
            && width < 64
        ? f -> sext(v.get(f), width)
        : v;
  }

  private Value binary(BinaryOp op, Expr left, Expr right, Type type) {
    if (op == BinaryOp.SHL || op == BinaryOp.SHR) {
      return shift(op, left, right, type);
    }
    if (type instanceof Type.Int && (!isLong(left.type()) || !isLong(right.type()))) {
      return wideNumbers(op, left, right, type);
    }
    Value a = number(left);
    Value b = number(right);
    if (type instanceof Type.Bits(var reading, int width)) {
      boolean signed = reading == Type.Reading.SINT;
      Value full = bits(op, a, b, signed);
      long mask = ones(width);
      return width == 64 || op == BinaryOp.AND && !signed ? full : f -> full.get(f) & mask;
    }
    return switch (op) {
      case DIV -> f -> Math.floorDiv(a.get(f), b.get(f));
      case REM -> f -> Math.floorMod(a.get(f), b.get(f));
      default -> bits(op, a, b, true);
    };
  }

  /// A whole number of at most 64 bits that is made of larger ones.
  private Value wideNumbers(BinaryOp op, Expr left, Expr right, Type type) {
    boolean shrinks = op == BinaryOp.MIN || op == BinaryOp.MAX;
    if (shrinks) {
      return bits(op, clamped(left), clamped(right), true);
    }
    if (op == BinaryOp.REM && right instanceof Literal(_, var n) && isUnsignedWord(left)) {
      Value a = value(((Expr.ToInt) left).of());
      long by = n.longValue();
      return f -> Long.remainderUnsigned(a.get(f), by);
    }
    Thing<BigInteger> a = big(left);
    Thing<BigInteger> b = big(right);
    return f -> Constant.binaryValue(op, a.get(f), b.get(f), type).longValue();
  }

  private static boolean isUnsignedWord(Expr expr) {
    return expr instanceof Expr.ToInt(var of, _)
        && of.type() instanceof Type.Bits(var reading, int width)
        && width == 64
        && reading != Type.Reading.SINT;
  }

  /// {@return a whole number, or one beyond every index and of its sign where it needs more than 62
  /// bits}
  private Value clamped(Expr expr) {
    if (isLong(expr.type())) {
      Value v = number(expr);
      return f -> Math.clamp(v.get(f), -BEYOND, BEYOND);
    }
    if (isUnsignedWord(expr)) {
      Value v = value(((Expr.ToInt) expr).of());
      return f -> {
        long value = v.get(f);
        return value < 0 || value > BEYOND ? BEYOND : value;
      };
    }
    if (expr instanceof Expr.Binary(var op, var left, var right, Type.Int _)) {
      switch (op) {
        case ADD, SUB, MIN, MAX -> {
          Value sum = bits(op, clamped(left), clamped(right), true);
          return f -> Math.clamp(sum.get(f), -BEYOND, BEYOND);
        }
        default -> {}
      }
    }
    Thing<BigInteger> a = big(expr);
    return f -> {
      BigInteger n = a.get(f);
      return n.bitLength() <= 61 ? n.longValue() : n.signum() < 0 ? -BEYOND : BEYOND;
    };
  }

  private static Value bits(BinaryOp op, Value a, Value b, boolean signed) {
    return switch (op) {
      case ADD -> f -> a.get(f) + b.get(f);
      case SUB -> f -> a.get(f) - b.get(f);
      case MUL -> f -> a.get(f) * b.get(f);
      case AND -> f -> a.get(f) & b.get(f);
      case OR -> f -> a.get(f) | b.get(f);
      case XOR -> f -> a.get(f) ^ b.get(f);
      case DIV ->
          signed ? f -> Integers.div(a.get(f), b.get(f)) : f -> Integers.divu(a.get(f), b.get(f));
      case REM ->
          signed ? f -> Integers.rem(a.get(f), b.get(f)) : f -> Integers.remu(a.get(f), b.get(f));
      case MIN ->
          signed ? f -> Math.min(a.get(f), b.get(f)) : f -> Integers.minu(a.get(f), b.get(f));
      case MAX ->
          signed ? f -> Math.max(a.get(f), b.get(f)) : f -> Integers.maxu(a.get(f), b.get(f));
      case SHL, SHR -> throw new IllegalArgumentException(op.name());
    };
  }

  private Value shift(BinaryOp op, Expr left, Expr right, Type type) {
    Value a = number(left);
    Value b = value(right);
    if (!(type instanceof Type.Bits(var reading, int width))) {
      return op == BinaryOp.SHL
          ? f -> a.get(f) << b.get(f)
          : f -> a.get(f) >> Math.min(63, b.get(f));
    }
    long mask = ones(width);
    if (op == BinaryOp.SHL) {
      return f -> {
        long n = b.get(f);
        return n < 0 || n >= width ? 0 : a.get(f) << n & mask;
      };
    }
    if (reading == Type.Reading.SINT) {
      return f -> {
        long n = b.get(f);
        return a.get(f) >> (n < 0 || n > 63 ? 63 : n) & mask;
      };
    }
    return f -> {
      long n = b.get(f);
      return n < 0 || n >= width ? 0 : a.get(f) >>> n;
    };
  }

  private Value compare(CompareOp op, Expr left, Expr right) {
    if (left.type() instanceof Type.Exact) {
      return exacts.compare(op, left, right);
    }
    if (left.type() instanceof Type.Floating) {
      return exacts.compare(op, new Expr.ToExact(left), new Expr.ToExact(right));
    }
    if (!isLong(left.type()) || !isLong(right.type())) {
      Thing<BigInteger> a = big(left);
      Thing<BigInteger> b = big(right);
      return f -> Constant.compare(op, a.get(f), b.get(f)) ? 1 : 0;
    }
    Value a = number(left);
    Value b = number(right);
    boolean signed = isSigned(left.type());
    return switch (op) {
      case EQ -> f -> a.get(f) == b.get(f) ? 1 : 0;
      case NE -> f -> a.get(f) != b.get(f) ? 1 : 0;
      case LT -> signed ? f -> a.get(f) < b.get(f) ? 1 : 0 : below(a, b);
      case GE -> signed ? f -> a.get(f) >= b.get(f) ? 1 : 0 : notBelow(a, b);
      case GT -> signed ? f -> a.get(f) > b.get(f) ? 1 : 0 : below(b, a);
      case LE -> signed ? f -> a.get(f) <= b.get(f) ? 1 : 0 : notBelow(b, a);
    };
  }

  private static Value below(Value a, Value b) {
    return f -> Long.compareUnsigned(a.get(f), b.get(f)) < 0 ? 1 : 0;
  }

  private static Value notBelow(Value a, Value b) {
    return f -> Long.compareUnsigned(a.get(f), b.get(f)) >= 0 ? 1 : 0;
  }

  private Value slice(Expr of, int hi, int lo) {
    long mask = ones(hi - lo + 1);
    if (isLong(of.type())) {
      Value a = value(of);
      return lo == 0 ? f -> a.get(f) & mask : f -> a.get(f) >>> lo & mask;
    }
    if (lo == 64 && hi == 127) {
      Value high = highProduct(of);
      if (high != null) {
        return high;
      }
    }
    Thing<BigInteger> a = big(of);
    return f -> a.get(f).shiftRight(lo).longValue() & mask;
  }

  /// The upper half of a product of two values of 64 bits.
  private @Nullable Value highProduct(Expr of) {
    Expr product = of instanceof Expr.Reread(var inner, _) ? inner : of;
    if (!(product instanceof Expr.Binary(var op, var left, var right, _) && op == BinaryOp.MUL)) {
      return null;
    }
    Wide l = Wide.of(left);
    Wide r = Wide.of(right);
    if (l == null || r == null) {
      return null;
    }
    Value a = value(l.of());
    Value b = value(r.of());
    if (l.signed() && r.signed()) {
      return f -> Math.multiplyHigh(a.get(f), b.get(f));
    }
    if (!l.signed() && !r.signed()) {
      return f -> Math.unsignedMultiplyHigh(a.get(f), b.get(f));
    }
    return l.signed()
        ? f -> Integers.mulhsu(a.get(f), b.get(f))
        : f -> Integers.mulhsu(b.get(f), a.get(f));
  }

  private Value bitAt(Expr of, Value index) {
    int width = width(of.type());
    if (width > 64) {
      Thing<BigInteger> a = big(of);
      return f -> {
        long i = index.get(f);
        return i >= 0 && i < width && a.get(f).testBit((int) i) ? 1 : 0;
      };
    }
    Value a = value(of);
    return f -> {
      long i = index.get(f);
      return i >= 0 && i < width ? a.get(f) >>> i & 1 : 0;
    };
  }

  private Value concat(List<Expr> parts) {
    Value[] values = parts.stream().map(this::value).toArray(Value[]::new);
    int[] widths = parts.stream().mapToInt(p -> width(p.type())).toArray();
    if (values.length == 2) {
      Value high = values[0];
      Value low = values[1];
      int by = widths[1];
      return by >= 64 ? low : f -> high.get(f) << by | low.get(f);
    }
    return f -> {
      long all = 0;
      for (int i = 0; i < values.length; i++) {
        all = all << widths[i] | values[i].get(f);
      }
      return all;
    };
  }

  private Value resize(Extend how, Expr of, Type type) {
    int from = width(of.type());
    int to = width(type);
    long mask = ones(to);
    if (!isLong(of.type())) {
      Thing<BigInteger> a = big(of);
      return f -> a.get(f).longValue() & mask;
    }
    Value a = value(of);
    return switch (how) {
      case ZEXT -> a;
      case TRUNC -> f -> a.get(f) & mask;
      case SEXT -> to == 64 ? f -> sext(a.get(f), from) : f -> sext(a.get(f), from) & mask;
    };
  }

  private static Value bigToBits(Thing<BigInteger> a, Type type) {
    long mask = type instanceof Type.Bits(_, int width) ? ones(width) : -1;
    return f -> a.get(f).longValue() & mask;
  }

  /// Fixed-point rounding of at most 64 bits: what is shifted out decides.
  private Value roundOff(Expr of, Value amount, Value mode, Type type) {
    Value a = number(of);
    boolean unsigned = !isSigned(of.type());
    long mask = type instanceof Type.Bits(_, int width) ? ones(width) : -1;
    return f -> {
      long value = a.get(f);
      long n = Math.min(amount.get(f), 63);
      if (n == 0) {
        return value & mask;
      }
      long floor = unsigned ? value >>> n : value >> n;
      long lost = value & ones((int) n);
      long half = 1L << n - 1;
      boolean up =
          switch ((int) mode.get(f)) {
            case 0 -> lost >= half;
            case 1 -> lost > half || lost == half && (floor & 1) != 0;
            case 2 -> false;
            default -> lost != 0 && (floor & 1) == 0;
          };
      return (up ? floor + 1 : floor) & mask;
    };
  }

  private Value toInt(Expr of) {
    return isLong(of.type()) ? number(of) : bigToLong(big(of));
  }

  private static Value bigToLong(Thing<BigInteger> a) {
    return f -> a.get(f).longValue();
  }

  private Value wrap(Expr of, Type type) {
    long mask = ones(width(type));
    if (of.type() instanceof Type.Exact) {
      return exacts.wrap(of, mask);
    }
    Value a = isLong(of.type()) ? number(of) : bigToLong(big(of));
    return f -> a.get(f) & mask;
  }

  private Value arrayAt(Expr array, Value index) {
    if (array instanceof Expr.MakeArray(var elements, _)
        && elements.stream().allMatch(e -> isLong(e.type()))) {
      Value[] values = elements.stream().map(this::value).toArray(Value[]::new);
      return f -> values[(int) index.get(f)].get(f);
    }
    throw new NotCompiled(array);
  }

  private Value load(Expr address, @Nullable Expr k, Type type) {
    int width = Constant.width(type);
    if (width == 4 && k != null) {
      Value a = value(address);
      Value n = value(k);
      return f -> {
        long i = n.get(f);
        return f.hart.load(a.get(f) + (i >> 1), 1, AccessKind.LOAD) >>> 4 * (i & 1) & 15;
      };
    }
    if (width % 8 != 0) {
      throw new NotCompiled(type);
    }
    Value at = address(address, k, width >>> 3);
    int bytes = width >>> 3;
    return f -> f.hart.load(at.get(f), bytes, AccessKind.LOAD);
  }

  /// {@return the address of the k-th element of so many bytes}
  Value address(Expr address, @Nullable Expr k, int bytes) {
    Value a = value(address);
    if (k == null) {
      return a;
    }
    Value n = value(k);
    return f -> a.get(f) + n.get(f) * bytes;
  }

  // ------------------------------------------------------------------ atomic accesses

  private long aligned(Frame f, long at, int bytes, AccessKind kind) {
    if ((at & bytes - 1) != 0) {
      throw context.traps().misaligned(f.hart, kind, at);
    }
    return at;
  }

  private Value reserve(Value address, Type type) {
    int bytes = Constant.width(type) >>> 3;
    return f -> {
      long at = aligned(f, address.get(f), bytes, AccessKind.RESERVE);
      long value = f.hart.load(at, bytes, AccessKind.RESERVE);
      f.hart.reserve(at, bytes);
      return value;
    };
  }

  private Value conditional(Value address, Expr value) {
    int bytes = Constant.width(value.type()) >>> 3;
    Value stored = value(value);
    return f -> {
      long at = aligned(f, address.get(f), bytes, AccessKind.AMO);
      long fresh = stored.get(f);
      f.hart.check(at, bytes, AccessKind.AMO);
      boolean holds = f.hart.isReserved(at, bytes);
      f.hart.release();
      if (holds) {
        f.hart.store(at, bytes, fresh, AccessKind.AMO);
      }
      return holds ? 1 : 0;
    };
  }

  private Value amo(Value address, int old, Value fresh, Type type) {
    int bytes = Constant.width(type) >>> 3;
    return f -> {
      long at = aligned(f, address.get(f), bytes, AccessKind.AMO);
      long before = f.hart.load(at, bytes, AccessKind.AMO);
      f.slots[old] = before;
      f.hart.store(at, bytes, fresh.get(f), AccessKind.AMO);
      return before;
    };
  }

  private Value fold(Expr.Fold fold) {
    if (fold.grouped()) {
      return exacts.fold(fold);
    }
    if (!isLong(fold.accumulator().type()) || !isLong(fold.terms().type())) {
      throw new NotCompiled(fold);
    }
    int accumulator = slot(fold.accumulator());
    int index = slot(fold.index());
    int term = slot(fold.terms());
    Value start = value(fold.start());
    Value from = value(fold.from());
    Value to = value(fold.to());
    Value condition = fold.condition() == null ? _ -> 1 : value(fold.condition());
    Value next = value(fold.term());
    Value step = value(fold.step());
    return f -> {
      long end = to.get(f);
      long result = start.get(f);
      for (long i = from.get(f); i < end; i++) {
        f.slots[index] = i;
        if (condition.get(f) != 0) {
          f.slots[term] = next.get(f);
          f.slots[accumulator] = result;
          result = step.get(f);
        }
      }
      return result;
    };
  }

  private static Value first(int index, Value from, Value to, Value condition) {
    return f -> {
      long end = to.get(f);
      for (long i = from.get(f); i < end; i++) {
        f.slots[index] = i;
        if (condition.get(f) != 0) {
          return i;
        }
      }
      return -1;
    };
  }

  // ------------------------------------------------------------------ wide values

  /// {@return a whole number, or bits by their own reading, of any size}
  Thing<BigInteger> big(Expr expr) {
    if (isLong(expr.type())) {
      return widened(expr);
    }
    if (!(expr.type() instanceof Type.Bits) && !(expr.type() instanceof Type.Int)) {
      throw new NotCompiled(expr);
    }
    Type type = expr.type();
    return switch (expr) {
      case Literal(_, var value) -> _ -> value;
      case Expr.LocalValue(var local) -> {
        int slot = slot(local);
        yield f -> (BigInteger) f.things[slot];
      }
      case Expr.Binary(var op, var left, var right, _) -> {
        Thing<BigInteger> a = big(left);
        Thing<BigInteger> b = big(right);
        yield f -> Constant.binaryValue(op, a.get(f), b.get(f), type);
      }
      case Expr.RoundOff(var of, var amount, var mode, _) -> {
        Thing<BigInteger> a = big(of);
        Value n = value(amount);
        Value m = value(mode);
        yield f ->
            Constant.of(type, Constant.roundOff(a.get(f), (int) n.get(f), (int) m.get(f))).value();
      }
      case Expr.Unary(var op, var of, _) -> {
        Thing<BigInteger> a = big(of);
        yield op == Expr.UnaryOp.NEGATE
            ? f -> Constant.of(type, a.get(f).negate()).value()
            : f -> Constant.of(type, a.get(f).not()).value();
      }
      case Expr.Select(var condition, var yes, var no, _) -> {
        Value c = value(condition);
        Thing<BigInteger> y = big(yes);
        Thing<BigInteger> n = big(no);
        yield f -> c.get(f) != 0 ? y.get(f) : n.get(f);
      }
      case Expr.Resize(var how, var of, _) -> {
        Thing<BigInteger> a = big(of);
        int from = width(of.type());
        Type.Reading reading = how == Extend.SEXT ? Type.Reading.SINT : Type.Reading.UINT;
        yield f -> Constant.of(type, Constant.read(a.get(f), reading, from)).value();
      }
      case Expr.Reread(var of, _) -> {
        Thing<BigInteger> a = big(of);
        yield f -> Constant.of(type, a.get(f)).value();
      }
      case Expr.ToInt(var of, _) -> big(of);
      case Expr.Wrap(var of, _) when of.type() instanceof Type.Int -> {
        Thing<BigInteger> a = big(of);
        yield f -> Constant.of(type, a.get(f)).value();
      }
      case Expr.Slice(var of, int hi, int lo) -> {
        Thing<BigInteger> a = big(of);
        int width = hi - lo + 1;
        yield f -> Constant.low(a.get(f).shiftRight(lo), width);
      }
      default -> throw new NotCompiled(expr);
    };
  }

  private Thing<BigInteger> widened(Expr expr) {
    Value v = number(expr);
    boolean unsigned =
        expr.type() instanceof Type.Bits(var reading, int width)
            && width == 64
            && reading != Type.Reading.SINT;
    return unsigned
        ? f -> Constant.low(BigInteger.valueOf(v.get(f)), 64)
        : f -> BigInteger.valueOf(v.get(f));
  }

  /// The format of a float type.
  static @Nullable FloatFormat format(Type type) {
    return type instanceof Type.Floating(var format) ? format : null;
  }
}
