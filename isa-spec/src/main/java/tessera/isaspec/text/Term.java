package tessera.isaspec.text;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;

/// An expression or a type as written; no name is resolved yet.
public sealed interface Term {
  Span span();

  /// A number. `width` is what its spelling says (0b by digits, 0x four bits a digit), or 0.
  record Num(BigInteger value, int width, Span span) implements Term {}

  /// A number with a fraction, in quarters, eighths and so on only; value = numerator /
  /// denominator.
  record Fraction(BigInteger numerator, BigInteger denominator, Span span) implements Term {}

  record Str(String value, Span span) implements Term {}

  record Truth(boolean value, Span span) implements Term {}

  record Name(String name, Span span) implements Term {}

  /// A name with holes, between backquotes.
  record HoledName(Holed name, Span span) implements Term {}

  record Member(Term of, String name, Span span) implements Term {}

  record Call(Term function, List<Arg> args, Span span) implements Term {}

  /// `base<argument>`: a type, or a function or access with a type argument.
  record Generic(Term base, Term argument, Span span) implements Term {}

  record At(Term of, List<Term> indices, Span span) implements Term {}

  record Bits(Term of, Term hi, Term lo, Span span) implements Term {}

  record As(Term of, String type, Span span) implements Term {}

  enum Prefix {
    MINUS,
    COMPLEMENT,
    NOT
  }

  record Unary(Prefix op, Term of, Span span) implements Term {}

  enum Infix {
    ADD("+"),
    SUB("-"),
    MUL("*"),
    DIV("/"),
    REM("%"),
    SHL("<<"),
    SHR(">>"),
    AND("&"),
    XOR("^"),
    OR("|"),
    CONCAT("++"),
    EQ("=="),
    NE("!="),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">="),
    BOTH("&&"),
    EITHER("||");

    private final String sign;

    Infix(String sign) {
      this.sign = sign;
    }

    /// {@return the sign as written}
    public String sign() {
      return sign;
    }
  }

  record Binary(Infix op, Term left, Term right, Span span) implements Term {}

  record Within(Term of, Range range, Span span) implements Term {}

  record Choice(Term condition, Term yes, Term no, Span span) implements Term {}

  record Match(Term of, List<Arm> arms, Span span) implements Term {}

  record Arm(Pattern pattern, Term value) {}

  record Tuple(List<Term> elements, Span span) implements Term {}

  record Array(List<Term> elements, Span span) implements Term {}

  record ArrayOver(String index, Range range, Term element, Span span) implements Term {}

  record Lambda(List<String> parameters, Term body, Span span) implements Term {}

  /// An argument of a call.
  sealed interface Arg {
    record Plain(Term value) implements Arg {}

    record Named(String name, Term value, Span span) implements Arg {}

    /// `k in range by g if condition : value`.
    record Over(
        String index,
        Range range,
        @Nullable Term by,
        @Nullable Term condition,
        Term value,
        Span span)
        implements Arg {}
  }

  /// A set of values.
  sealed interface Range {
    record FromTo(Term from, Term to) implements Range {}

    record SetOf(List<Term> values) implements Range {}

    record Named(String path, Span span) implements Range {}
  }

  /// What `let` and `match` take apart.
  sealed interface Pattern {
    record Bind(String name, Span span) implements Pattern {}

    record Constant(Term value) implements Pattern {}

    record Tuple(List<Pattern> parts) implements Pattern {}
  }
}
