package tessera.emulator.interpreter;

import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Type;

/// A value of 64 bits extended to 128.
record Wide(Expr of, boolean signed) {
  static @Nullable Wide of(Expr expr) {
    Expr e = expr instanceof Expr.Reread(var inner, _) ? inner : expr;
    return e instanceof Expr.Resize(var how, var of, var type)
            && Constant.width(type) == 128
            && Constant.width(of.type()) == 64
            && of.type() instanceof Type.Bits
        ? new Wide(of, how == Expr.Extend.SEXT)
        : null;
  }
}
