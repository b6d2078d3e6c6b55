package tessera.emulator.timing;

import org.jspecify.annotations.Nullable;

/// The classes of retired instructions: every instruction is of exactly one.
public enum InstructionClass {
  INT("int"),
  MUL("mul"),
  DIV("div"),
  BRANCH("branch"),
  BRANCH_TAKEN("branch.tk"),
  JUMP("jump"),
  LOAD("load"),
  STORE("store"),
  FP("fp"),
  CSR("csr"),
  FENCE("fence"),
  VECTOR_CONFIGURE("vcfg"),
  VECTOR_LOAD("v.ld.unit"),
  VECTOR_LOAD_STRIDED("v.ld.strided"),
  VECTOR_LOAD_INDEXED("v.ld.idx"),
  VECTOR_STORE("v.st.unit"),
  VECTOR_STORE_STRIDED("v.st.strided"),
  VECTOR_STORE_INDEXED("v.st.idx"),
  VECTOR_INT("v.int"),
  VECTOR_MUL("v.mul"),
  VECTOR_DIV("v.div"),
  VECTOR_FP("v.fp"),
  VECTOR_FMA("v.fma"),
  VECTOR_REDUCTION("v.red"),
  VECTOR_PERMUTATION("v.perm"),
  VECTOR_MASK("v.mask"),
  TILE_CONFIGURE("mtx.cfg"),
  TILE_LOAD("mtx.ld"),
  TILE_STORE("mtx.st"),
  TILE_PRODUCT("mtx.mma"),
  TILE_ELEMENTWISE("mtx.ew"),
  TILE_PACK("mtx.pack");

  private final String word;

  InstructionClass(String word) {
    this.word = word;
  }

  /// {@return its name in a `cost` section and in a counter}
  public String word() {
    return word;
  }

  /// {@return the class of that name, or null}
  public static @Nullable InstructionClass of(String word) {
    for (InstructionClass c : values()) {
      if (c.word.equals(word)) {
        return c;
      }
    }
    return null;
  }
}
