package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Machine;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Statement;
import tessera.isaspec.text.Term;

/// What a name or a term is worth while binding: a compile-time value, or a run-time expression.
sealed interface Value {

  /// A whole number, or (`ratio`) a fraction such as LMUL's 1/8; without a type until it meets one.
  record Num(BigInteger numerator, BigInteger denominator, boolean ratio) implements Value {
    static Num of(BigInteger value) {
      return new Num(value, BigInteger.ONE, false);
    }

    static Num of(long value) {
      return of(BigInteger.valueOf(value));
    }

    static Num ratio(BigInteger numerator, BigInteger denominator) {
      BigInteger gcd = numerator.gcd(denominator).max(BigInteger.ONE);
      boolean flip = denominator.signum() < 0;
      return new Num(
          (flip ? numerator.negate() : numerator).divide(gcd), denominator.abs().divide(gcd), true);
    }

    boolean whole() {
      return denominator.equals(BigInteger.ONE);
    }

    int compareTo(Num other) {
      BigInteger left = numerator.multiply(other.denominator);
      return left.compareTo(other.numerator.multiply(denominator));
    }

    @Override
    public String toString() {
      return whole() ? numerator.toString() : numerator + "/" + denominator;
    }
  }

  record Text(String text) implements Value {}

  record Truth(boolean value) implements Value {}

  /// A complete type.
  record TypeOf(Type type) implements Value {}

  /// `bits`, `uint` or `sint` without a width.
  record OpenType(Type.Reading reading) implements Value {}

  /// A list, a row of a family, a tuple, an array of compile-time values.
  record ListOf(List<Value> elements) implements Value {}

  /// A function: `fn`, `action`, `shape`, or a lambda.
  ///
  /// @param value the body of the short form; else `body`
  record Func(
      Item.FunctionKind kind,
      String name,
      List<Item.Parameter> typeParameters,
      List<Item.Parameter> parameters,
      @Nullable Term result,
      @Nullable Term value,
      List<Statement> body,
      Scope scope,
      Span span)
      implements Value {}

  /// A name that the tool knows.
  record Builtin(String name) implements Value {}

  /// A `real`.
  record RealOf(Item.Real real) implements Value {}

  /// A `form`, where it was defined.
  record FormOf(Item.Form form, Scope scope) implements Value {}

  /// A `format`, which a form may be based on.
  record FormatOf(Item.Format format) implements Value {}

  /// A run-time expression, also a typed constant.
  record Dyn(Expr expr) implements Value {
    Type type() {
      return expr.type();
    }
  }

  /// A call of a `real`, which only rounding makes a number of.
  record Real(Expr.RealCall call) implements Value {}

  /// A run-time tuple or array, known by its parts.
  record Several(List<Value> parts) implements Value {}

  record ViewOf(tessera.isaspec.semantics.View view, Map<String, Value> members) implements Value {}

  /// `every(e)`: a view whose elements are all the same.
  record EveryOf(Expr element) implements Value {}

  record FileOf(RegisterFile file) implements Value {}

  record CsrOf(Csr csr) implements Value {}

  record FieldOf(Csr csr, CsrField field) implements Value {}

  /// `csr` itself, the file indexed by number.
  record CsrFile() implements Value {}

  record MemoryOf(String name) implements Value {}

  record UnitOf(Machine.Unit unit) implements Value {}

  record AccessOf(Item.Access access) implements Value {}

  /// An access with its type argument.
  record TypedAccess(Item.Access access, Value argument) implements Value {}

  /// A value that statements come before.
  record After(List<Stmt> statements, Value value) implements Value {}

  /// A term that waits for the place where it is used to give it a width.
  record Later(Term term, Scope scope) implements Value {}

  /// What a name stands for whose definition was already found to be wrong.
  record Broken() implements Value {}
}
