package tessera.compiler.template;

import tessera.compiler.emit.Code;
import tessera.compiler.emit.Operand;
import tessera.compiler.emit.Operand.Bank;
import tessera.compiler.emit.Operand.Virtual;

/// The steps as instructions.
final class CodeLanes implements Lanes<Virtual, Virtual> {
  private static final Operand ZERO = Operand.word("zero");

  private final Code code;

  CodeLanes(Code code) {
    this.code = code;
  }

  @Override
  public Virtual constant(float value) {
    return code.constant(value);
  }

  @Override
  public Virtual add(Virtual a, Virtual b) {
    return code.f("fadd.s", a, b);
  }

  @Override
  public Virtual sub(Virtual a, Virtual b) {
    return code.f("fsub.s", a, b);
  }

  @Override
  public Virtual mul(Virtual a, Virtual b) {
    return code.f("fmul.s", a, b);
  }

  @Override
  public Virtual div(Virtual a, Virtual b) {
    return code.f("fdiv.s", a, b);
  }

  @Override
  public Virtual sqrt(Virtual a) {
    return code.f("fsqrt.s", a);
  }

  @Override
  public Virtual fma(Virtual a, Virtual b, Virtual c) {
    return code.f("fmadd.s", a, b, c);
  }

  @Override
  public Virtual neg(Virtual a) {
    return code.f("fsgnjn.s", a, a);
  }

  @Override
  public Virtual abs(Virtual a) {
    return code.f("fsgnjx.s", a, a);
  }

  @Override
  public Virtual copySign(Virtual a, Virtual b) {
    return code.f("fsgnj.s", a, b);
  }

  @Override
  public Virtual min(Virtual a, Virtual b) {
    return code.f("fmin.s", a, b);
  }

  @Override
  public Virtual max(Virtual a, Virtual b) {
    return code.f("fmax.s", a, b);
  }

  @Override
  public Virtual round(Virtual a) {
    return code.x("fcvt.w.s", a, Operand.word("rne"));
  }

  @Override
  public Virtual real(Virtual a) {
    return code.f("fcvt.s.w", a);
  }

  @Override
  public Virtual bits(Virtual a) {
    return code.x("fmv.x.w", a);
  }

  @Override
  public Virtual ofBits(Virtual a) {
    return code.f("fmv.w.x", a);
  }

  @Override
  public Virtual constant(int value) {
    return code.constant((long) value);
  }

  @Override
  public Virtual plus(Virtual a, Virtual b) {
    return code.x("addw", a, b);
  }

  @Override
  public Virtual minus(Virtual a, Virtual b) {
    return code.x("subw", a, b);
  }

  @Override
  public Virtual and(Virtual a, Virtual b) {
    return code.x("and", a, b);
  }

  @Override
  public Virtual or(Virtual a, Virtual b) {
    return code.x("or", a, b);
  }

  @Override
  public Virtual shiftLeft(Virtual a, int by) {
    return code.x("slliw", a, Operand.imm(by));
  }

  @Override
  public Virtual shiftRight(Virtual a, int by) {
    return code.x("sraiw", a, Operand.imm(by));
  }

  @Override
  public Virtual less(Virtual a, Virtual b) {
    return code.x("flt.s", a, b);
  }

  @Override
  public Virtual lessOrEqual(Virtual a, Virtual b) {
    return code.x("fle.s", a, b);
  }

  @Override
  public Virtual equal(Virtual a, Virtual b) {
    return code.x("feq.s", a, b);
  }

  @Override
  public Virtual select(Virtual condition, Virtual a, Virtual b) {
    return select(code, condition, a, b);
  }

  @Override
  public Virtual choose(Virtual condition, Virtual a, Virtual b) {
    return select(code, condition, a, b);
  }

  /// `a` if the condition is not 0, else `b`; both of one bank.
  static Virtual select(Code code, Virtual condition, Virtual a, Virtual b) {
    Virtual result = code.fresh(a.bank());
    int done = code.label();
    move(code, result, a);
    code.op("bne", condition, ZERO, new Operand.Target(done));
    move(code, result, b);
    code.bind(done);
    return result;
  }

  static void move(Code code, Virtual to, Virtual from) {
    if (to.bank() == Bank.F) {
      code.set(to, "fsgnj.s", from, from);
    } else {
      code.set(to, "addi", from, Operand.imm(0));
    }
  }
}
