package tessera.emulator.timing;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.State;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;

/// An expression of a `cost` section or of a view's place, made ready to be asked often: arithmetic
/// on numbers of at most 64 bits over constants, CSR fields and what the meter has seen.
@FunctionalInterface
interface Formula {

  /// What only an execution knows.
  ///
  /// @param pc the instruction's address
  /// @param taken 1 where it did not go on to the next instruction
  /// @param latency cycles of the memory that it touched
  /// @param active elements that a declared loop worked on
  record Seen(long pc, int taken, long latency, long active) {}

  /// {@return the value}
  ///
  /// @param state null where the expression is known to be constant
  long value(@Nullable State state, Seen seen);

  /// {@return the expression as a formula}
  ///
  /// @throws IllegalArgumentException for what costs and places can not contain
  static Formula of(Expr expr) {
    return new Maker().make(expr);
  }

  /// {@return the value where it does not depend on any state or execution}
  static OptionalLong constant(Expr expr) {
    return expr instanceof Expr.Literal(_, var value)
        ? OptionalLong.of(value.longValue())
        : OptionalLong.empty();
  }

  /// Turns expressions into formulas; a local stands for its `let`.
  final class Maker {
    private final Map<Local, Formula> locals = new HashMap<>();
    private boolean needsState;

    /// {@return whether what was made depends on the hart's state}
    boolean needsState() {
      return needsState;
    }

    Formula make(Expr expr) {
      return switch (expr) {
        case Expr.Literal(_, var value) -> {
          long constant = value.longValue();
          yield (_, _) -> constant;
        }
        case Expr.LocalValue(var local) -> {
          Formula bound = locals.get(local);
          yield bound == null ? unsupported(expr) : bound;
        }
        case Expr.Observed(var name, _) -> observed(name);
        case Expr.Pc() -> (_, seen) -> seen.pc();
        case Expr.ReadCsrField(var csr, var field, _) -> csrField(csr, field);
        case Expr.ReadCsr(var csr, _) -> {
          needsState = true;
          yield (state, _) -> known(state).readCsr(csr);
        }
        case Expr.ReadRegister(var file, var index, _) when file.width() <= 64 -> {
          Formula at = make(index);
          needsState = true;
          yield (state, seen) -> known(state).readRegister(file, (int) at.value(state, seen));
        }
        case Expr.Unary(var op, var of, var type) -> unary(op, make(of), type);
        case Expr.Binary b -> binary(b);
        case Expr.Compare(var op, var left, var right) ->
            compare(op, make(left), make(right), unsigned(left.type()));
        case Expr.And(var left, var right) -> {
          Formula a = make(left);
          Formula b = make(right);
          yield (state, seen) -> a.value(state, seen) != 0 ? b.value(state, seen) : 0;
        }
        case Expr.Or(var left, var right) -> {
          Formula a = make(left);
          Formula b = make(right);
          yield (state, seen) -> a.value(state, seen) != 0 ? 1 : b.value(state, seen);
        }
        case Expr.Select(var condition, var yes, var no, _) -> {
          Formula c = make(condition);
          Formula a = make(yes);
          Formula b = make(no);
          yield (state, seen) -> (c.value(state, seen) != 0 ? a : b).value(state, seen);
        }
        case Expr.Slice(var of, int hi, int lo) -> {
          Formula a = make(of);
          yield (state, seen) -> low(a.value(state, seen) >>> lo, hi - lo + 1);
        }
        case Expr.Resize(var how, var of, var type) -> resize(how, make(of), of.type(), type);
        case Expr.Reread(var of, var type) -> asNumber(make(of), type);
        case Expr.ToInt(var of, _) -> asNumber(make(of), of.type());
        case Expr.Wrap(var of, var type) -> asNumber(make(of), type);
        case Expr.Inline(var statements, var result) -> {
          for (Stmt s : statements) {
            if (s instanceof Stmt.Let(var local, var value)) {
              locals.put(local, make(value));
            } else {
              unsupported(expr);
            }
          }
          yield make(result);
        }
        case Expr.Fold fold when !fold.grouped() -> fold(fold);
        default -> unsupported(expr);
      };
    }

    /// A sum or the like over a range (`sum(k in 1 .. n : …)`): its locals live in a box.
    private Formula fold(Expr.Fold fold) {
      long[] box = new long[3];
      Formula start = make(fold.start());
      Formula from = make(fold.from());
      Formula to = make(fold.to());
      locals.put(fold.accumulator(), (_, _) -> box[0]);
      locals.put(fold.index(), (_, _) -> box[1]);
      locals.put(fold.terms(), (_, _) -> box[2]);
      Expr given = fold.condition();
      Formula condition = given == null ? (_, _) -> 1 : make(given);
      Formula term = make(fold.term());
      Formula step = make(fold.step());
      return (state, seen) -> {
        long end = to.value(state, seen);
        long result = start.value(state, seen);
        for (long i = from.value(state, seen); i < end; i++) {
          box[1] = i;
          if (condition.value(state, seen) != 0) {
            box[2] = term.value(state, seen);
            box[0] = result;
            result = step.value(state, seen);
          }
        }
        return result;
      };
    }

    private Formula csrField(Csr csr, CsrField field) {
      if (field.rule() instanceof CsrField.Rule.Computed(var value)) {
        return make(value);
      }
      needsState = true;
      return (state, _) -> low(known(state).readCsr(csr) >>> field.lo(), field.width());
    }

    private Formula observed(String name) {
      return switch (name) {
        case "taken" -> (_, seen) -> seen.taken();
        case "mem_latency" -> (_, seen) -> seen.latency();
        case "active" -> {
          needsState = true;
          yield (_, seen) -> seen.active();
        }
        // Transfers are not modelled yet; what mentions their pages costs as if there were one
        default -> (_, _) -> 1;
      };
    }

    private static Formula unary(Expr.UnaryOp op, Formula of, Type type) {
      return switch (op) {
        case NEGATE -> asNumber((state, seen) -> -of.value(state, seen), type);
        case COMPLEMENT -> asNumber((state, seen) -> ~of.value(state, seen), type);
        case NOT -> (state, seen) -> of.value(state, seen) ^ 1;
      };
    }

    private Formula binary(Expr.Binary b) {
      Formula l = make(b.left());
      Formula r = make(b.right());
      Formula raw =
          switch (b.op()) {
            case ADD -> (s, e) -> l.value(s, e) + r.value(s, e);
            case SUB -> (s, e) -> l.value(s, e) - r.value(s, e);
            case MUL -> (s, e) -> l.value(s, e) * r.value(s, e);
            case DIV -> (s, e) -> divide(l.value(s, e), r.value(s, e));
            case REM -> (s, e) -> remainder(l.value(s, e), r.value(s, e));
            case AND -> (s, e) -> l.value(s, e) & r.value(s, e);
            case OR -> (s, e) -> l.value(s, e) | r.value(s, e);
            case XOR -> (s, e) -> l.value(s, e) ^ r.value(s, e);
            case SHL -> (s, e) -> r.value(s, e) > 63 ? 0 : l.value(s, e) << r.value(s, e);
            case SHR -> (s, e) -> l.value(s, e) >> Math.min(63, r.value(s, e));
            case MIN -> (s, e) -> Math.min(l.value(s, e), r.value(s, e));
            case MAX -> (s, e) -> Math.max(l.value(s, e), r.value(s, e));
          };
      return asNumber(raw, b.type());
    }

    private static long divide(long a, long b) {
      return b == 0 ? -1 : Math.floorDiv(a, b);
    }

    private static long remainder(long a, long b) {
      return b == 0 ? a : Math.floorMod(a, b);
    }

    private static Formula compare(Expr.CompareOp op, Formula l, Formula r, boolean unsigned) {
      long flip = unsigned ? Long.MIN_VALUE : 0;
      return (s, e) -> {
        int order = Long.compare(l.value(s, e) ^ flip, r.value(s, e) ^ flip);
        boolean holds =
            switch (op) {
              case EQ -> order == 0;
              case NE -> order != 0;
              case LT -> order < 0;
              case LE -> order <= 0;
              case GT -> order > 0;
              case GE -> order >= 0;
            };
        return holds ? 1 : 0;
      };
    }

    private static boolean unsigned(Type type) {
      return type instanceof Type.Bits(var reading, int width)
          && width == 64
          && reading != Type.Reading.SINT;
    }

    private static Formula resize(Expr.Extend how, Formula of, Type from, Type to) {
      int width = from instanceof Type.Bits(_, int bits) ? bits : 64;
      Formula narrow =
          switch (how) {
            case ZEXT -> (s, e) -> low(of.value(s, e), width);
            case SEXT -> (s, e) -> signed(of.value(s, e), width);
            case TRUNC -> of;
          };
      return asNumber(narrow, to);
    }

    /// A value of at most 64 bits as the number that its type reads it as.
    private static Formula asNumber(Formula of, Type type) {
      if (!(type instanceof Type.Bits(var reading, int width)) || width >= 64) {
        return of;
      }
      return reading == Type.Reading.SINT
          ? (s, e) -> signed(of.value(s, e), width)
          : (s, e) -> low(of.value(s, e), width);
    }

    private static long low(long bits, int width) {
      return width >= 64 ? bits : bits & (1L << width) - 1;
    }

    private static long signed(long bits, int width) {
      return width >= 64 ? bits : bits << (64 - width) >> (64 - width);
    }

    private static State known(@Nullable State state) {
      if (state == null) {
        throw new IllegalArgumentException("the value depends on the hart's state");
      }
      return state;
    }

    private static Formula unsupported(Expr expr) {
      throw new IllegalArgumentException("not a cost or a place: " + expr);
    }
  }
}
