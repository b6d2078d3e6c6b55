package tessera.assembler.relocate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.elf.Symbol;

/// Works out expressions: early, while the text is read and only distances within bytes of fixed
/// size are known, or late, when every fragment has its address.
public final class Evaluation {

  /// A place: some bytes after a fragment's start.
  public record Place(Fragment fragment, long offset) {
    /// {@return its offset in the section, once laid out}
    public long address() {
      return fragment.address() + offset;
    }

    public AsmSection section() {
      return fragment.section();
    }
  }

  private final boolean late;
  private final boolean weakToo;
  private final Set<AsmSymbol> open = new HashSet<>();

  private Evaluation(boolean late, boolean weakToo) {
    this.late = late;
    this.weakToo = weakToo;
  }

  /// {@return one that knows only what can not change any more}
  public static Evaluation early() {
    return new Evaluation(false, false);
  }

  /// {@return one that knows all addresses}
  public static Evaluation late() {
    return new Evaluation(true, false);
  }

  /// {@return one that knows all addresses, and takes weak symbols for what they are in this file,
  /// as sizes want it}
  static Evaluation ofThisFile() {
    return new Evaluation(true, true);
  }

  /// {@return the number that it is, if it is one}
  public OptionalLong number(Expression e) {
    return value(e) instanceof Value.Sum sum ? number(sum) : OptionalLong.empty();
  }

  /// {@return what it is worth}
  public Value value(Expression e) {
    return switch (e) {
      case Expression.Constant(var n) -> Value.Sum.of(n);
      case Expression.Reference(var symbol) -> symbol(symbol);
      case Expression.Unary(var op, var of, _) -> unary(op, value(of));
      case Expression.Binary(var op, var left, var right, _) ->
          binary(op, value(left), value(right));
    };
  }

  /// {@return the place that a symbol names, or null}
  public @Nullable Place place(AsmSymbol symbol) {
    return switch (symbol.definition()) {
      case AsmSymbol.Definition.At(var fragment, var offset) -> new Place(fragment, offset);
      case AsmSymbol.Definition.Equal(var to) -> equalPlace(symbol, to);
      case AsmSymbol.Definition.Undefined _, AsmSymbol.Definition.Common _ -> null;
    };
  }

  private @Nullable Place equalPlace(AsmSymbol symbol, Expression to) {
    if (!open.add(symbol)) {
      return null;
    }
    Value value = value(to);
    Place base =
        value instanceof Value.Sum(var plus, var minus, _) && plus != null && minus == null
            ? place(plus)
            : null;
    open.remove(symbol);
    return base == null
        ? null
        : new Place(base.fragment(), base.offset() + ((Value.Sum) value).addend());
  }

  /// {@return the bytes from `from` to `to`, if they are known}
  public OptionalLong distance(AsmSymbol from, AsmSymbol to) {
    Place a = place(from);
    Place b = place(to);
    if (a == null || b == null || a.section() != b.section() || isWeak(from) || isWeak(to)) {
      return OptionalLong.empty();
    }
    if (late) {
      return OptionalLong.of(b.address() - a.address());
    }
    OptionalLong ahead = walk(a.fragment(), b.fragment());
    if (ahead.isPresent()) {
      return OptionalLong.of(ahead.getAsLong() + b.offset() - a.offset());
    }
    OptionalLong back = walk(b.fragment(), a.fragment());
    return back.isPresent()
        ? OptionalLong.of(-back.getAsLong() + b.offset() - a.offset())
        : OptionalLong.empty();
  }

  private boolean isWeak(AsmSymbol symbol) {
    return !weakToo && symbol.binding() == Symbol.Binding.WEAK;
  }

  /// The bytes between two fragments' starts if all between have a fixed size.
  private static OptionalLong walk(Fragment from, Fragment to) {
    long sum = 0;
    for (Fragment f = from; f != null; f = f.next()) {
      if (f == to) {
        return OptionalLong.of(sum);
      }
      if (!f.fixed()) {
        break;
      }
      sum += f.size();
    }
    return OptionalLong.empty();
  }

  private Value symbol(AsmSymbol symbol) {
    if (!(symbol.definition() instanceof AsmSymbol.Definition.Equal(var to))) {
      return new Value.Sum(symbol, null, 0);
    }
    if (!open.add(symbol)) {
      return new Value.Bad("'" + symbol.name() + "' is defined by itself");
    }
    Value value = value(to);
    open.remove(symbol);
    if (!(value instanceof Value.Sum sum)) {
      return value;
    }
    if (sum.minus() != null) {
      OptionalLong number = number(sum);
      return number.isPresent() ? Value.Sum.of(number.getAsLong()) : sum;
    }
    // A name for a place of this file stands for itself; one for another file's symbol for that.
    return sum.plus() != null && place(sum.plus()) != null ? new Value.Sum(symbol, null, 0) : sum;
  }

  private OptionalLong number(Value.Sum sum) {
    if (sum.isNumber()) {
      return OptionalLong.of(sum.addend());
    }
    if (sum.plus() == null || sum.minus() == null) {
      return OptionalLong.empty();
    }
    OptionalLong distance = distance(sum.minus(), sum.plus());
    return distance.isPresent()
        ? OptionalLong.of(distance.getAsLong() + sum.addend())
        : OptionalLong.empty();
  }

  private Value unary(Expression.UnaryOp op, Value of) {
    if (!(of instanceof Value.Sum sum)) {
      return of;
    }
    if (op == Expression.UnaryOp.NEGATE) {
      return sum.negate();
    }
    OptionalLong number = number(sum);
    return number.isPresent() ? Value.Sum.of(op.apply(number.getAsLong())) : unknown(sum);
  }

  private Value binary(Expression.BinaryOp op, Value left, Value right) {
    if (!(left instanceof Value.Sum a)) {
      return left;
    }
    if (!(right instanceof Value.Sum b)) {
      return right;
    }
    return switch (op) {
      case ADD -> add(a, b);
      case SUBTRACT -> add(a, b.negate());
      case EQUAL, NOT_EQUAL, LESS, GREATER, LESS_EQUAL, GREATER_EQUAL -> compare(op, a, b);
      case MULTIPLY,
          DIVIDE,
          REMAINDER,
          SHIFT_LEFT,
          SHIFT_RIGHT,
          OR,
          AND,
          XOR,
          OR_NOT,
          BOTH,
          EITHER ->
          apply(op, a, b);
    };
  }

  private Value apply(Expression.BinaryOp op, Value.Sum a, Value.Sum b) {
    OptionalLong left = number(a);
    OptionalLong right = number(b);
    if (left.isEmpty() || right.isEmpty()) {
      return unknown(left.isEmpty() ? a : b);
    }
    return op.dividesByZero(right.getAsLong())
        ? new Value.Bad("division by zero")
        : Value.Sum.of(op.apply(left.getAsLong(), right.getAsLong()));
  }

  private Value compare(Expression.BinaryOp op, Value.Sum a, Value.Sum b) {
    if (number(a).isPresent() && number(b).isPresent()) {
      return apply(op, a, b);
    }
    Value difference = add(a, b.negate());
    OptionalLong number = difference instanceof Value.Sum sum ? number(sum) : OptionalLong.empty();
    return number.isPresent() ? Value.Sum.of(op.apply(number.getAsLong(), 0)) : unknown(a);
  }

  private static Value unknown(Value.Sum sum) {
    AsmSymbol symbol = sum.plus() == null ? sum.minus() : sum.plus();
    return new Value.Bad(
        symbol == null || symbol.name().isBlank()
            ? "the value is not known here"
            : "the value of '" + symbol.name() + "' is not known here");
  }

  private Value add(Value.Sum a, Value.Sum b) {
    List<AsmSymbol> pluses = present(a.plus(), b.plus());
    List<AsmSymbol> minuses = present(a.minus(), b.minus());
    for (AsmSymbol plus : List.copyOf(pluses)) {
      if (minuses.remove(plus)) {
        pluses.remove(plus);
      }
    }
    long addend = a.addend() + b.addend();
    while (pluses.size() > 1 || minuses.size() > 1) {
      OptionalLong known = takePair(pluses, minuses);
      if (known.isEmpty()) {
        return new Value.Bad("no relocation can say this sum of symbols");
      }
      addend += known.getAsLong();
    }
    return new Value.Sum(first(pluses), first(minuses), addend);
  }

  /// Takes out one symbol of each list whose distance is known.
  private OptionalLong takePair(List<AsmSymbol> pluses, List<AsmSymbol> minuses) {
    for (AsmSymbol plus : pluses) {
      for (AsmSymbol minus : minuses) {
        OptionalLong distance = distance(minus, plus);
        if (distance.isPresent()) {
          pluses.remove(plus);
          minuses.remove(minus);
          return distance;
        }
      }
    }
    return OptionalLong.empty();
  }

  private static List<AsmSymbol> present(@Nullable AsmSymbol a, @Nullable AsmSymbol b) {
    List<AsmSymbol> result = new ArrayList<>();
    if (a != null) {
      result.add(a);
    }
    if (b != null) {
      result.add(b);
    }
    return result;
  }

  private static @Nullable AsmSymbol first(List<AsmSymbol> symbols) {
    return symbols.isEmpty() ? null : symbols.getFirst();
  }
}
