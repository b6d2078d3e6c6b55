package tessera.compiler.template;

import java.util.Locale;
import java.util.Optional;
import tessera.compiler.emit.Code;
import tessera.compiler.emit.Operand;
import tessera.compiler.emit.Operand.Bank;
import tessera.compiler.emit.Operand.Virtual;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.UnaryFn;

/// Code for one element: loads, stores, the element functions, casts. An `f32` is in a
/// floating-point register; an integer in an integer register, as [DType#wrap] says.
final class Element {
  /// The types that elements can have in code.
  static final String TYPES = "f32 f16 bf16 i8 u8 i16 u16 i32 u32 i64 u64 bool";

  private static final Operand ZERO = Operand.word("zero");

  private final Code code;
  private final CodeLanes lanes;

  Element(Code code) {
    this.code = code;
    this.lanes = new CodeLanes(code);
  }

  /// Whether there is code for elements of this type.
  static boolean supports(DType dtype) {
    return switch (dtype) {
      case F32, F16, BF16, I8, U8, I16, U16, I32, U32, I64, U64, BOOL -> true;
      case F64 -> false;
    };
  }

  /// Why there is no code for this function of elements of a supported type.
  static Optional<String> refusal(UnaryFn fn) {
    return switch (fn) {
      case SIN, COS ->
          Optional.of("there is no code for " + fn.name().toLowerCase(Locale.ROOT) + " yet");
      case NEG, ABS, SIGN, SQRT, RECIP, FLOOR, CEIL, ROUND, EXP, LOG, TANH, SIGMOID, ERF, NOT ->
          Optional.empty();
    };
  }

  /// Why there is no code for this function of elements of a supported type.
  static Optional<String> refusal(BinaryFn fn, DType dtype) {
    return switch (fn) {
      case POW ->
          dtype.isFloat()
              ? Optional.empty()
              : Optional.of(
                  "there is code for powers of integers only with the exponent 1, 2 or 3");
      case REM ->
          dtype.isFloat()
              ? Optional.of("there is no code for the remainder of floats")
              : Optional.empty();
      case ADD, SUB, MUL, DIV, MAX, MIN, AND, OR, XOR, EQ, LT, LE -> Optional.empty();
    };
  }

  static Bank bank(DType dtype) {
    return dtype.isFloat() ? Bank.F : Bank.X;
  }

  Virtual load(DType dtype, Virtual pointer) {
    Operand at = new Operand.Memory(0, pointer);
    return switch (dtype) {
      case F32 -> code.f("flw", at);
      case F16 -> Halves.ofF16(lanes, code.x("lhu", at));
      case BF16 -> Halves.ofBf16(lanes, code.x("lhu", at));
      case I8 -> code.x("lb", at);
      case U8, BOOL -> code.x("lbu", at);
      case I16 -> code.x("lh", at);
      case U16 -> code.x("lhu", at);
      case I32 -> code.x("lw", at);
      case U32 -> code.x("lwu", at);
      case I64, U64 -> code.x("ld", at);
      case F64 -> throw unsupported(dtype);
    };
  }

  void store(DType dtype, Virtual value, Virtual pointer) {
    Operand at = new Operand.Memory(0, pointer);
    switch (dtype) {
      case F32 -> code.op("fsw", value, at);
      case F16 -> code.op("sh", Halves.bitsOfF16(lanes, value), at);
      case BF16 -> code.op("sh", Halves.bitsOfBf16(lanes, value), at);
      case I8, U8, BOOL -> code.op("sb", value, at);
      case I16, U16 -> code.op("sh", value, at);
      case I32, U32 -> code.op("sw", value, at);
      case I64, U64 -> code.op("sd", value, at);
      case F64 -> throw unsupported(dtype);
    }
  }

  /// A value in `f32` as the nearest of a float type.
  Virtual rounded(DType dtype, Virtual x) {
    return switch (dtype) {
      case F16 -> Halves.roundToF16(lanes, x);
      case BF16 -> Halves.roundToBf16(lanes, x);
      case F32, F64, I8, U8, I16, U16, I32, U32, I64, U64, BOOL -> x;
    };
  }

  private static IllegalArgumentException unsupported(DType dtype) {
    return new IllegalArgumentException("no code for elements of " + dtype);
  }

  Virtual unary(UnaryFn fn, DType dtype, Virtual x) {
    return dtype.isFloat() ? rounded(dtype, realUnary(fn, x)) : integerUnary(fn, dtype, x);
  }

  private Virtual realUnary(UnaryFn fn, Virtual x) {
    return switch (fn) {
      case NEG -> lanes.neg(x);
      case ABS -> lanes.abs(x);
      case SIGN -> sign(x);
      case SQRT -> lanes.sqrt(x);
      case RECIP -> lanes.div(lanes.constant(1f), x);
      case FLOOR -> rounded(x, "rdn");
      case CEIL -> rounded(x, "rup");
      case ROUND -> rounded(x, "rne");
      case EXP -> Functions.exp(lanes, x);
      case LOG -> Functions.log(lanes, x);
      case TANH -> Functions.tanh(lanes, x);
      case SIGMOID -> Functions.sigmoid(lanes, x);
      case ERF -> Functions.erf(lanes, x);
      case SIN, COS, NOT -> throw new IllegalArgumentException("no code for " + fn);
    };
  }

  /// −1, 0 with the sign of `x`, 1, or NaN.
  private Virtual sign(Virtual x) {
    Virtual zero = lanes.constant(0f);
    Virtual difference = lanes.minus(lanes.less(zero, x), lanes.less(x, zero));
    Virtual sign = lanes.copySign(lanes.real(difference), x);
    return lanes.select(lanes.equal(x, x), sign, x);
  }

  /// To an integer in a rounding mode. From 2²³ on, every float is one, and may not fit the
  /// conversion.
  private Virtual rounded(Virtual x, String mode) {
    Virtual integer = code.x("fcvt.w.s", x, Operand.word(mode));
    Virtual rounded = lanes.copySign(lanes.real(integer), x);
    return lanes.select(lanes.less(lanes.abs(x), lanes.constant(0x1p23f)), rounded, x);
  }

  private Virtual integerUnary(UnaryFn fn, DType dtype, Virtual x) {
    boolean signed = dtype.kind() == DType.Kind.SIGNED;
    return switch (fn) {
      case NEG -> wrap(dtype, code.x("sub", ZERO, x));
      case ABS -> signed ? wrap(dtype, magnitude(x)) : x;
      case SIGN -> signed ? signOf(x) : code.x("sltu", ZERO, x);
      case NOT ->
          dtype == DType.BOOL
              ? code.x("xori", x, Operand.imm(1))
              : wrap(dtype, code.x("xori", x, Operand.imm(-1)));
      case SQRT, RECIP, FLOOR, CEIL, ROUND, EXP, LOG, TANH, SIGMOID, ERF, SIN, COS ->
          throw new IllegalArgumentException("no code for " + fn + " of " + dtype);
    };
  }

  private Virtual magnitude(Virtual x) {
    Virtual sign = code.x("srai", x, Operand.imm(63));
    return code.x("sub", code.x("xor", x, sign), sign);
  }

  private Virtual signOf(Virtual x) {
    return code.x("sub", code.x("slt", ZERO, x), code.x("slt", x, ZERO));
  }

  Virtual binary(BinaryFn fn, DType dtype, Virtual a, Virtual b) {
    if (!dtype.isFloat()) {
      return integerBinary(fn, dtype, a, b);
    }
    Virtual result = realBinary(fn, a, b);
    return fn.compares() ? result : rounded(dtype, result);
  }

  private Virtual realBinary(BinaryFn fn, Virtual a, Virtual b) {
    return switch (fn) {
      case ADD -> lanes.add(a, b);
      case SUB -> lanes.sub(a, b);
      case MUL -> lanes.mul(a, b);
      case DIV -> lanes.div(a, b);
      case MAX -> orNan(lanes.max(a, b), a, b);
      case MIN -> orNan(lanes.min(a, b), a, b);
      case EQ -> lanes.equal(a, b);
      case LT -> lanes.less(a, b);
      case LE -> lanes.lessOrEqual(a, b);
      case POW -> Functions.pow(lanes, a, b);
      case REM, AND, OR, XOR -> throw new IllegalArgumentException("no code for " + fn);
    };
  }

  /// The machine's minimum and maximum prefer a number; ours give a NaN if there is one, which the
  /// sum is.
  private Virtual orNan(Virtual number, Virtual a, Virtual b) {
    Virtual numbers = lanes.and(lanes.equal(a, a), lanes.equal(b, b));
    Virtual result = code.f("fsgnj.s", number, number);
    int done = code.label();
    code.op("bne", numbers, ZERO, new Operand.Target(done));
    code.set(result, "fadd.s", a, b);
    code.bind(done);
    return result;
  }

  private Virtual integerBinary(BinaryFn fn, DType dtype, Virtual a, Virtual b) {
    boolean unsigned = dtype == DType.U64;
    return switch (fn) {
      case ADD -> wrap(dtype, code.x("add", a, b));
      case SUB -> wrap(dtype, code.x("sub", a, b));
      case MUL -> wrap(dtype, code.x("mul", a, b));
      case DIV -> wrap(dtype, code.x(unsigned ? "divu" : "div", a, b));
      case REM -> code.x(unsigned ? "remu" : "rem", a, b);
      case MAX -> CodeLanes.select(code, less(dtype, b, a), a, b);
      case MIN -> CodeLanes.select(code, less(dtype, a, b), a, b);
      case AND -> code.x("and", a, b);
      case OR -> code.x("or", a, b);
      case XOR -> code.x("xor", a, b);
      case EQ -> code.x("sltiu", code.x("xor", a, b), Operand.imm(1));
      case LT -> less(dtype, a, b);
      case LE -> code.x("xori", less(dtype, b, a), Operand.imm(1));
      case POW -> throw new IllegalArgumentException("no code for " + fn);
    };
  }

  private Virtual less(DType dtype, Virtual a, Virtual b) {
    return code.x(dtype == DType.U64 ? "sltu" : "slt", a, b);
  }

  Virtual select(Virtual condition, Virtual a, Virtual b) {
    return CodeLanes.select(code, condition, a, b);
  }

  Virtual cast(DType from, DType to, Virtual x) {
    if (from == to) {
      return x;
    }
    if (to.isFloat()) {
      String convert = from == DType.U64 ? "fcvt.s.lu" : "fcvt.s.l";
      return rounded(to, from.isFloat() ? x : code.f(convert, x));
    }
    if (from.isFloat()) {
      return toInteger(to, x);
    }
    return to == DType.BOOL ? code.x("sltu", ZERO, x) : wrap(to, x);
  }

  /// The conversions of the F extension saturate, and take a NaN for the greatest value, as the
  /// graph does.
  private Virtual toInteger(DType to, Virtual x) {
    Operand towardsZero = Operand.word("rtz");
    return switch (to) {
      case BOOL -> code.x("xori", lanes.equal(x, lanes.constant(0f)), Operand.imm(1));
      case I32 -> code.x("fcvt.w.s", x, towardsZero);
      case I64 -> code.x("fcvt.l.s", x, towardsZero);
      case U64 -> code.x("fcvt.lu.s", x, towardsZero);
      case U32 -> wrap(to, code.x("fcvt.wu.s", x, towardsZero));
      case I8, U8, I16, U16 -> clamped(to, code.x("fcvt.w.s", x, towardsZero));
      case F32, F64, F16, BF16 -> throw new IllegalArgumentException("no integer type " + to);
    };
  }

  private Virtual clamped(DType to, Virtual x) {
    return clampAbove(clampBelow(x, to.least()), to.greatest());
  }

  /// An integer, but at least `least`.
  Virtual clampBelow(Virtual x, long least) {
    return integerBinary(BinaryFn.MAX, DType.I64, x, code.constant(least));
  }

  /// An integer, but at most `greatest`.
  Virtual clampAbove(Virtual x, long greatest) {
    return integerBinary(BinaryFn.MIN, DType.I64, x, code.constant(greatest));
  }

  /// Makes `sum` what `fn` gives for it and `x`; of floats, in `f32`, whatever the type.
  void accumulate(BinaryFn fn, DType dtype, Virtual sum, Virtual x) {
    if (dtype.isFloat() && fn == BinaryFn.ADD) {
      code.set(sum, "fadd.s", sum, x);
    } else {
      set(sum, dtype.isFloat() ? realBinary(fn, sum, x) : integerBinary(fn, dtype, sum, x));
    }
  }

  /// Writes a value to another register of its bank.
  void set(Virtual to, Virtual from) {
    CodeLanes.move(code, to, from);
  }

  /// The low bits of a result as the register holds an element of this type.
  private Virtual wrap(DType dtype, Virtual x) {
    return switch (dtype) {
      case I64, U64 -> x;
      case I32 -> code.x("addiw", x, Operand.imm(0));
      case U8, BOOL -> code.x("andi", x, Operand.imm(255));
      case I8 -> shifted(x, "srai", 56);
      case I16 -> shifted(x, "srai", 48);
      case U16 -> shifted(x, "srli", 48);
      case U32 -> shifted(x, "srli", 32);
      case F32, F64, F16, BF16 -> throw new IllegalArgumentException("no integer type " + dtype);
    };
  }

  private Virtual shifted(Virtual x, String back, int by) {
    return code.x(back, code.x("slli", x, Operand.imm(by)), Operand.imm(by));
  }

  /// A constant element.
  Virtual constant(DType dtype, double real, long integer) {
    return dtype.isFloat() ? code.constant((float) real) : code.constant(integer);
  }
}
