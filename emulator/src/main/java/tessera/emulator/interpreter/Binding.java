package tessera.emulator.interpreter;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Mode;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.syntax.Operand;

/// A decoded instruction with its meaning for all its fields and for the modes it uses, as they are
/// now.
///
/// @param modes the modes it uses, by their place in the ISA
/// @param key their values; [#NO_VALUE] where a mode has none
/// @param bound its meaning, simplified; null where a type needs a mode that has no value: then the
///   instruction is illegal, since its conditions exclude that (language.md 2)
record Binding(Decoded decoded, List<Integer> modes, List<Long> key, @Nullable Bound bound) {
  static final long NO_VALUE = Long.MIN_VALUE;

  /// Asks what modes are worth.
  interface ModeValues {
    /// {@return the value of a mode, or [#NO_VALUE]}
    long value(int mode);
  }

  static Binding of(Isa isa, Decoded decoded, ModeValues values) {
    Map<String, BigInteger> statics = new HashMap<>();
    for (Operand operand : decoded.instruction().operands()) {
      statics.put(operand.name(), BigInteger.valueOf(decoded.operand(operand.name())));
    }
    List<Integer> modes = new ArrayList<>();
    List<Long> key = new ArrayList<>();
    while (true) {
      Bound bound = null;
      int wanted;
      try {
        bound = decoded.instruction().bind(statics);
        wanted = mentioned(isa.modes(), modes, bound);
      } catch (Unbound unbound) {
        wanted = number(isa.modes(), unbound.name());
      }
      if (wanted < 0) {
        return new Binding(decoded, modes, key, bound == null ? null : Simplify.of(bound));
      }
      long value = values.value(wanted);
      modes.add(wanted);
      key.add(value);
      if (value != NO_VALUE) {
        statics.put(isa.modes().get(wanted).name(), BigInteger.valueOf(value));
      } else if (bound == null) {
        return new Binding(decoded, modes, key, null);
      }
    }
  }

  /// {@return an instruction's meaning with all its fields open, or null where it depends on one or
  /// on a mode}
  static @Nullable Bound open(Isa isa, Instruction instruction) {
    try {
      Bound bound = instruction.bind(Map.of());
      return mentioned(isa.modes(), List.of(), bound) < 0 ? bound : null;
    } catch (Unbound _) {
      return null;
    }
  }

  /// {@return the meaning that is open in all fields, for a word}
  ///
  /// This costs much less than to bind anew, but leaves types wider than they need be.
  static Binding of(Decoded decoded, Bound open) {
    Bound bound =
        Simplify.of(
            open,
            field ->
                new Expr.Literal(
                    field.type(),
                    Arithmetic.wrap(
                        BigInteger.valueOf(decoded.operand(field.field())), field.type())));
    return new Binding(decoded, List.of(), List.of(), bound);
  }

  /// {@return whether it holds for the modes as they are now}
  boolean holds(ModeValues values) {
    for (int i = 0; i < modes.size(); i++) {
      if (values.value(modes.get(i)) != key.get(i)) {
        return false;
      }
    }
    return true;
  }

  /// Whether two expressions are the same, whatever interval is proved of their values: where the
  /// conditions bound a mode, the body has it with a narrower one than its declaration.
  private static boolean isSame(Expr a, Expr b) {
    return switch (a) {
      case Expr.ToInt(var of, _) -> b instanceof Expr.ToInt(var other, _) && isSame(of, other);
      case Expr.Binary(var op, var left, var right, Type.Int _) ->
          b instanceof Expr.Binary(var otherOp, var otherLeft, var otherRight, Type.Int _)
              && op == otherOp
              && isSame(left, otherLeft)
              && isSame(right, otherRight);
      case Expr.Literal(Type.Int _, var value) ->
          b instanceof Expr.Literal(Type.Int _, var other) && value.equals(other);
      default -> a.equals(b);
    };
  }

  private static int number(List<Mode> modes, String name) {
    for (int i = 0; i < modes.size(); i++) {
      if (modes.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalStateException("all fields are bound, but " + name + " is not");
  }

  /// {@return a mode that the meaning mentions and that is not among `known`, or -1}
  private static int mentioned(List<Mode> modes, List<Integer> known, Bound bound) {
    int[] found = {-1};
    Walk walk =
        new Walk() {
          @Override
          void expr(Expr e) {
            for (int i = 0; i < modes.size() && found[0] < 0; i++) {
              if (isSame(e, modes.get(i).value()) && !known.contains(i)) {
                found[0] = i;
              }
            }
            super.expr(e);
          }
        };
    walk.stmt(bound.body());
    Bound.Environment env = bound.environment();
    if (env != null && env.round() != null) {
      walk.expr(env.round());
    }
    for (Bound.Condition c : bound.conditions()) {
      walk.expr(c.holds());
    }
    bound.views().values().forEach(walk::view);
    return found[0];
  }
}
