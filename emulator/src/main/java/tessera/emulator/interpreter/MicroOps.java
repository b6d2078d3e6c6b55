package tessera.emulator.interpreter;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Expr.Binary;
import tessera.isaspec.semantics.Expr.BinaryOp;
import tessera.isaspec.semantics.Expr.CompareOp;
import tessera.isaspec.semantics.Expr.Extend;
import tessera.isaspec.semantics.Expr.Literal;
import tessera.isaspec.semantics.Expr.Reread;
import tessera.isaspec.semantics.Expr.Resize;
import tessera.isaspec.semantics.Expr.Slice;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;

/// Finds the micro-operation that a simplified body is, by its form.
final class MicroOps {
  /// No micro-operation does it.
  static final long NONE = -1;

  private static final int PLACES = 256;

  private final Isa isa;
  private final int sink;
  private final int zero;
  private final int alignment;
  private final int bytes;
  private @Nullable RegisterFile written;
  private int writtenIndex;

  private MicroOps(Isa isa, int bytes, int alignment) {
    this.isa = isa;
    this.bytes = bytes;
    this.alignment = alignment;
    int narrow = 0;
    int always = -1;
    for (RegisterFile file : isa.registerFiles()) {
      if (file.width() <= 64) {
        always = file.zero() != null ? narrow + file.zero() : always;
        narrow += file.count();
      }
    }
    this.sink = narrow;
    this.zero = always;
  }

  /// A micro-operation.
  ///
  /// @param op see [Op]; or [#NONE]
  /// @param written the register file that it writes, if anything happens with writes to it
  /// @param index the register that it writes
  record Found(long op, @Nullable RegisterFile written, int index) {}

  /// {@return the micro-operation of a body}
  ///
  /// @param bytes of the instruction
  /// @param alignment of jump targets
  static Found of(Isa isa, Stmt body, int bytes, int alignment) {
    MicroOps m = new MicroOps(isa, bytes, alignment);
    long op = m.sink < PLACES ? m.form(body) : NONE;
    long sized = op == NONE || bytes == 4 ? op : op | 0x80;
    return new Found(sized, m.written, m.writtenIndex);
  }

  // ------------------------------------------------------------------ statements

  private long form(Stmt body) {
    List<Stmt> all = body instanceof Stmt.Block(var list) ? list : List.of(body);
    return switch (all.size()) {
      case 0 -> Op.of(Op.NOTHING);
      case 1 -> single(all.getFirst());
      case 2 -> pair(all.getFirst(), all.getLast());
      default -> NONE;
    };
  }

  private long single(Stmt stmt) {
    return switch (stmt) {
      case Stmt.Fence _ -> Op.of(Op.NOTHING);
      case Stmt.Assign(LValue.Register(var file, var index, _), var value, _) -> {
        int result = result(file, index);
        yield result < 0 ? NONE : value(value, result);
      }
      case Stmt.Store(var address, var k, var value, _) when k == null -> store(address, value);
      case Stmt.If(var condition, Stmt.Jump(var target, _), var otherwise)
          when otherwise == null && condition instanceof Expr.Compare compare ->
          branch(compare, target);
      case Stmt.Jump(var target, _) -> jump(sink, target);
      default -> NONE;
    };
  }

  /// A link and a jump, in either order.
  private long pair(Stmt first, Stmt second) {
    if (first instanceof Stmt.Assign(LValue.Register(var file, var index, _), var value, _)
        && second instanceof Stmt.Jump(var target, _)) {
      int result = value instanceof Expr.NextPc ? result(file, index) : -1;
      return result < 0 ? NONE : jump(result, target);
    }
    return second instanceof Stmt.Assign && first instanceof Stmt.Jump ? pair(second, first) : NONE;
  }

  private int result(RegisterFile file, Expr index) {
    if (file.width() != 64
        || file.count() == 1
        || !(index instanceof Literal(_, var number))
        || Layout.offset(isa, file) + number.intValue() >= PLACES) {
      return -1;
    }
    if (!file.dirty().isEmpty()) {
      written = file;
      writtenIndex = number.intValue();
    }
    return Layout.offset(isa, file) + number.intValue();
  }

  private long jump(int result, Expr target) {
    Integer offset = pcOffset(target);
    if (offset != null) {
      if (offset % alignment != 0 || isAmbiguous(offset)) {
        return NONE;
      }
      return offset == bytes
          ? result == sink ? Op.of(Op.NOTHING) : Op.of(Op.PC_ADD, result, 0, 0, bytes)
          : Op.of(Op.JUMP, result, 0, 0, offset);
    }
    if (target instanceof Binary(var op, var sum, Literal(_, var mask), _)
        && op == BinaryOp.AND
        && mask.longValue() == -2) {
      Address a = address(sum);
      return a == null ? NONE : Op.of(Op.JUMP_REGISTER, result, a.register, 0, a.offset);
    }
    return NONE;
  }

  /// A jump into, or just behind, what follows would look like no jump to whoever counts.
  private boolean isAmbiguous(int offset) {
    return offset != bytes && (offset == 2 || offset == 4);
  }

  /// {@return what is added to the pc, or null}
  private static @Nullable Integer pcOffset(Expr target) {
    if (bare(target) instanceof Expr.Pc) {
      return 0; // the sum with 0 was folded
    }
    return bare(target) instanceof Binary(var op, var pc, Literal(_, var offset), _)
            && op == BinaryOp.ADD
            && bare(pc) instanceof Expr.Pc
            && fits(offset)
        ? Integer.valueOf((int) offset.longValue())
        : null;
  }

  private long branch(Expr.Compare compare, Expr target) {
    Integer offset = pcOffset(target);
    int a = register(compare.left());
    int b = register(compare.right());
    if (offset == null || offset % alignment != 0 || isAmbiguous(offset) || a < 0 || b < 0) {
      return NONE;
    }
    if (offset == bytes) {
      return Op.of(Op.NOTHING);
    }
    boolean signed = Closures.isSigned(compare.left().type());
    return switch (compare.op()) {
      case EQ -> Op.of(Op.IF_EQUAL, sink, a, b, offset);
      case NE -> Op.of(Op.IF_NOT_EQUAL, sink, a, b, offset);
      case LT -> Op.of(signed ? Op.IF_LESS : Op.IF_BELOW, sink, a, b, offset);
      case GE -> Op.of(signed ? Op.IF_NOT_LESS : Op.IF_NOT_BELOW, sink, a, b, offset);
      case GT -> Op.of(signed ? Op.IF_LESS : Op.IF_BELOW, sink, b, a, offset);
      case LE -> Op.of(signed ? Op.IF_NOT_LESS : Op.IF_NOT_BELOW, sink, b, a, offset);
    };
  }

  private long store(Expr address, Expr value) {
    Address a = address(address);
    Expr stored = bare(value);
    int width = Constant.width(value.type());
    if (stored instanceof Slice(var of, int hi, int lo) && lo == 0 && hi == width - 1) {
      stored = of;
    }
    int v = isZero(stored) ? zero : register(stored);
    if (a == null || v < 0) {
      return NONE;
    }
    return switch (width) {
      case 8 -> Op.of(Op.STORE8, sink, a.register, v, a.offset);
      case 16 -> Op.of(Op.STORE16, sink, a.register, v, a.offset);
      case 32 -> Op.of(Op.STORE32, sink, a.register, v, a.offset);
      case 64 -> Op.of(Op.STORE64, sink, a.register, v, a.offset);
      default -> NONE;
    };
  }

  // ------------------------------------------------------------------ values

  private long value(Expr expr, int result) {
    Expr e = bare(expr);
    if (register(e) >= 0) {
      return Op.of(Op.ADD_CONSTANT, result, register(e), 0, 0);
    }
    return switch (e) {
      case Literal(_, var value) ->
          fits(value) ? Op.of(Op.CONSTANT, result, 0, 0, (int) value.longValue()) : NONE;
      case Expr.NextPc _ -> Op.of(Op.PC_ADD, result, 0, 0, bytes);
      case Expr.Pc _ -> Op.of(Op.PC_ADD, result, 0, 0, 0);
      case Expr.Wrap(var of, _) when of instanceof Expr.Select s -> select(s, result);
      case Expr.Select s -> select(s, result);
      case Expr.Load(var address, var k, _) when k == null -> load(Op.LOAD64, address, result);
      case Resize(var how, var of, _) -> resize(how, bare(of), result);
      case Expr.Concat(var parts, _) -> boxed(parts, result);
      case Slice(var of, int hi, int lo) -> slice(of, hi, lo, result);
      case Binary b -> {
        Integer offset = pcOffset(b);
        yield offset != null ? Op.of(Op.PC_ADD, result, 0, 0, offset) : binary(b, result);
      }
      default -> NONE;
    };
  }

  private long binary(Binary b, int result) {
    int a = register(b.left());
    if (a < 0) {
      return NONE;
    }
    if (b.op() == BinaryOp.SHL || b.op() == BinaryOp.SHR) {
      return shift(b, a, 64, result);
    }
    if (bare(b.right()) instanceof Literal(_, var constant)) {
      int code =
          switch (b.op()) {
            case ADD -> Op.ADD_CONSTANT;
            case AND -> Op.AND_CONSTANT;
            case OR -> Op.OR_CONSTANT;
            case XOR -> Op.XOR_CONSTANT;
            default -> -1;
          };
      return code < 0 || !fits(constant)
          ? NONE
          : Op.of(code, result, a, 0, (int) constant.longValue());
    }
    int second = register(b.right());
    boolean signed = Closures.isSigned(b.type());
    int code =
        switch (b.op()) {
          case ADD -> Op.ADD;
          case SUB -> Op.SUB;
          case MUL -> Op.MUL;
          case AND -> Op.AND;
          case OR -> Op.OR;
          case XOR -> Op.XOR;
          case DIV -> signed ? Op.DIV : Op.DIVU;
          case REM -> signed ? Op.REM : Op.REMU;
          case SHL, SHR, MIN, MAX -> -1;
        };
    return second < 0 || code < 0 ? NONE : Op.of(code, result, a, second, 0);
  }

  /// A shift of 64 bits, or of the low 32 with a sign-extended result.
  private long shift(Binary b, int a, int width, int result) {
    boolean right = b.op() == BinaryOp.SHR;
    boolean signed = Closures.isSigned(b.type());
    boolean half = width == 32;
    if (b.right() instanceof Literal(_, var amount)) {
      int code =
          !right
              ? half ? Op.SHL32_CONSTANT : Op.SHL_CONSTANT
              : signed
                  ? half ? Op.SAR32_CONSTANT : Op.SAR_CONSTANT
                  : half ? Op.SHR32_CONSTANT : Op.SHR_CONSTANT;
      boolean inside = amount.signum() >= 0 && amount.bitLength() < 8 && amount.intValue() < width;
      return inside ? Op.of(code, result, a, 0, amount.intValue()) : NONE;
    }
    // An amount of just as many bits as the machine's shifter takes
    int bits = half ? 4 : 5;
    if (!(b.right() instanceof Expr.ToInt(var of, _)
        && bare(of) instanceof Slice(var register, int hi, int lo)
        && lo == 0
        && hi == bits)) {
      return NONE;
    }
    int second = register(register);
    int code =
        !right
            ? half ? Op.SHL32 : Op.SHL
            : signed ? half ? Op.SAR32 : Op.SAR : half ? Op.SHR32 : Op.SHR;
    return second < 0 ? NONE : Op.of(code, result, a, second, 0);
  }

  /// A comparison as 1 or 0.
  private long select(Expr.Select s, int result) {
    if (!(s.condition() instanceof Expr.Compare(var op, var left, var right)
        && isOne(s.yes())
        && isZero(s.no()))) {
      return NONE;
    }
    boolean signed = Closures.isSigned(left.type());
    int a = register(left);
    int b = register(right);
    if (op == CompareOp.GT && a >= 0 && b >= 0) {
      return Op.of(signed ? Op.LESS : Op.BELOW, result, b, a, 0);
    }
    if (op != CompareOp.LT || a < 0) {
      return NONE;
    }
    if (right instanceof Literal(_, var constant)) {
      return fits(constant)
          ? Op.of(
              signed ? Op.LESS_CONSTANT : Op.BELOW_CONSTANT,
              result,
              a,
              0,
              (int) constant.longValue())
          : NONE;
    }
    return b < 0 ? NONE : Op.of(signed ? Op.LESS : Op.BELOW, result, a, b, 0);
  }

  private long resize(Extend how, Expr of, int result) {
    int width = Constant.width(of.type());
    boolean signed = how == Extend.SEXT;
    if (of instanceof Expr.Load(var address, var k, _) && k == null) {
      return switch (width) {
        case 8 -> load(signed ? Op.LOAD8 : Op.LOADU8, address, result);
        case 16 -> load(signed ? Op.LOAD16 : Op.LOADU16, address, result);
        case 32 -> load(signed ? Op.LOAD32 : Op.LOADU32, address, result);
        default -> NONE;
      };
    }
    if (!signed || width != 32) {
      return NONE;
    }
    int low = low(of);
    if (low >= 0) {
      return Op.of(Op.ADD32_CONSTANT, result, low, 0, 0);
    }
    return of instanceof Binary b ? binary32(b, result) : NONE;
  }

  private long binary32(Binary b, int result) {
    int a = low(b.left());
    if (a < 0) {
      return NONE;
    }
    if (b.op() == BinaryOp.SHL || b.op() == BinaryOp.SHR) {
      return shift(b, a, 32, result);
    }
    if (bare(b.right()) instanceof Literal(_, var constant)) {
      return b.op() == BinaryOp.ADD
          ? Op.of(Op.ADD32_CONSTANT, result, a, 0, constant.intValue())
          : NONE;
    }
    int second = low(b.right());
    boolean signed = Closures.isSigned(b.type());
    int code =
        switch (b.op()) {
          case ADD -> Op.ADD32;
          case SUB -> Op.SUB32;
          case MUL -> Op.MUL32;
          case DIV -> signed ? Op.DIV32 : Op.DIVU32;
          case REM -> signed ? Op.REM32 : Op.REMU32;
          default -> -1;
        };
    return second < 0 || code < 0 ? NONE : Op.of(code, result, a, second, 0);
  }

  private long boxed(List<Expr> parts, int result) {
    if (parts.size() == 2
        && parts.getFirst() instanceof Literal(var type, var ones)
        && Constant.width(type) == 32
        && ones.equals(BigInteger.valueOf(0xffffffffL))
        && bare(parts.getLast()) instanceof Expr.Load(var address, var k, var loaded)
        && k == null
        && Constant.width(loaded) == 32) {
      return load(Op.LOAD_BOXED32, address, result);
    }
    return NONE;
  }

  private long slice(Expr of, int hi, int lo, int result) {
    if (hi != 127
        || lo != 64
        || !(bare(of) instanceof Binary(var op, var left, var right, _))
        || op != BinaryOp.MUL) {
      return NONE;
    }
    Wide l = Wide.of(left);
    Wide r = Wide.of(right);
    int a = l == null ? -1 : register(l.of());
    int b = r == null ? -1 : register(r.of());
    if (l == null || r == null || a < 0 || b < 0) {
      return NONE;
    }
    if (l.signed() == r.signed()) {
      return Op.of(l.signed() ? Op.MULH : Op.MULHU, result, a, b, 0);
    }
    return l.signed() ? Op.of(Op.MULHSU, result, a, b, 0) : Op.of(Op.MULHSU, result, b, a, 0);
  }

  private long load(int code, Expr address, int result) {
    Address a = address(address);
    return a == null ? NONE : Op.of(code, result, a.register, 0, a.offset);
  }

  // ------------------------------------------------------------------ operands

  private record Address(int register, int offset) {}

  private @Nullable Address address(Expr expr) {
    Expr e = bare(expr);
    if (e instanceof Binary(var op, var base, Literal(_, var offset), _)
        && op == BinaryOp.ADD
        && fits(offset)) {
      int register = register(base);
      return register < 0 ? null : new Address(register, (int) offset.longValue());
    }
    if (e instanceof Literal(_, var constant) && fits(constant) && zero >= 0) {
      return new Address(zero, (int) constant.longValue());
    }
    int register = register(e);
    return register < 0 ? null : new Address(register, 0);
  }

  /// {@return the place of a register of 64 bits, or -1}
  private int register(Expr expr) {
    Expr e = bare(expr);
    if (e instanceof Expr.ReadRegister(var file, Literal(_, var index), _) && file.width() == 64) {
      int at = Layout.offset(isa, file) + index.intValue();
      return at < PLACES ? at : -1;
    }
    return isZero(e) && Constant.width(e.type()) == 64 ? zero : -1;
  }

  /// {@return the place of a register whose low 32 bits these are, or -1}
  private int low(Expr expr) {
    Expr e = bare(expr);
    if (e instanceof Slice(var of, int hi, int lo) && hi == 31 && lo == 0) {
      return register(of);
    }
    return isZero(e) && Constant.width(e.type()) == 32 ? zero : -1;
  }

  private static boolean isZero(Expr expr) {
    return bare(expr) instanceof Literal(_, var value) && value.signum() == 0;
  }

  private static boolean isOne(Expr expr) {
    return expr instanceof Literal(_, var value) && value.equals(BigInteger.ONE);
  }

  /// {@return whether the low 64 bits are a sign-extended constant of 32}
  private static boolean fits(BigInteger value) {
    long bits = value.longValue();
    return value.bitLength() <= 64 && bits == (int) bits;
  }

  private static Expr bare(Expr expr) {
    Expr e = expr;
    while (e instanceof Reread(var of, Type.Bits _) && of.type() instanceof Type.Bits) {
      e = of;
    }
    return e;
  }
}
