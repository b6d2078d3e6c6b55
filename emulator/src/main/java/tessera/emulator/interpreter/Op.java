package tessera.emulator.interpreter;

/// The micro-operations of the interpreter. They are operations of a register machine in general
/// and would be the same for any: a text's instruction becomes one by its form, never by its name.
///
/// An operation is one `long`: code in bits 6:0, bit 7 set for an instruction of two bytes, then
/// three register places (result, first, second operand) of a byte each, and a 32-bit constant.
final class Op {
  static final int DECODE = 0;

  /// conditions are to be asked again, since a CSR has changed
  static final int GUARD = 1;

  static final int CLOSURE = 2;
  static final int FALLBACK = 3;
  static final int NEXT_PAGE = 4;
  static final int ENDLESS = 5;
  static final int NOTHING = 6;
  static final int CONSTANT = 7;
  static final int PC_ADD = 8;

  // register, register
  static final int ADD = 9;
  static final int SUB = 10;
  static final int MUL = 11;
  static final int AND = 12;
  static final int OR = 13;
  static final int XOR = 14;
  static final int SHL = 15;
  static final int SHR = 16;
  static final int SAR = 17;
  static final int LESS = 18;
  static final int BELOW = 19;
  static final int DIV = 20;
  static final int DIVU = 21;
  static final int REM = 22;
  static final int REMU = 23;
  static final int MULH = 24;
  static final int MULHU = 25;
  static final int MULHSU = 26;

  // the same on the low 32 bits, sign-extended
  static final int ADD32 = 27;
  static final int SUB32 = 28;
  static final int MUL32 = 29;
  static final int SHL32 = 30;
  static final int SHR32 = 31;
  static final int SAR32 = 32;
  static final int DIV32 = 33;
  static final int DIVU32 = 34;
  static final int REM32 = 35;
  static final int REMU32 = 36;

  // register, constant
  static final int ADD_CONSTANT = 37;
  static final int AND_CONSTANT = 38;
  static final int OR_CONSTANT = 39;
  static final int XOR_CONSTANT = 40;
  static final int SHL_CONSTANT = 41;
  static final int SHR_CONSTANT = 42;
  static final int SAR_CONSTANT = 43;
  static final int LESS_CONSTANT = 44;
  static final int BELOW_CONSTANT = 45;
  static final int ADD32_CONSTANT = 46;
  static final int SHL32_CONSTANT = 47;
  static final int SHR32_CONSTANT = 48;
  static final int SAR32_CONSTANT = 49;

  // memory at register plus constant
  static final int LOAD8 = 50;
  static final int LOAD16 = 51;
  static final int LOAD32 = 52;
  static final int LOAD64 = 53;
  static final int LOADU8 = 54;
  static final int LOADU16 = 55;
  static final int LOADU32 = 56;

  /// 32 bits under ones: a boxed float
  static final int LOAD_BOXED32 = 57;

  static final int STORE8 = 58;
  static final int STORE16 = 59;
  static final int STORE32 = 60;
  static final int STORE64 = 61;

  // jumps to pc plus constant
  static final int IF_EQUAL = 62;
  static final int IF_NOT_EQUAL = 63;
  static final int IF_LESS = 64;
  static final int IF_NOT_LESS = 65;
  static final int IF_BELOW = 66;
  static final int IF_NOT_BELOW = 67;

  /// the result is the address of the next instruction
  static final int JUMP = 68;

  /// to register plus constant, bit 0 cleared
  static final int JUMP_REGISTER = 69;

  private Op() {}

  static long of(int code, int result, int first, int second, int constant) {
    return code
        | (long) result << 8
        | (long) first << 16
        | (long) second << 24
        | (long) constant << 32;
  }

  static long of(int code) {
    return code;
  }

  static int code(long op) {
    return (int) op & 0x7f;
  }

  static boolean isLoad(int code) {
    return code >= LOAD8 && code <= LOAD_BOXED32;
  }

  static boolean isStore(int code) {
    return code >= STORE8 && code <= STORE64;
  }
}
