package tessera.emulator.interpreter;

import java.util.BitSet;
import java.util.List;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;

/// Compiles writes to CSRs, by the rules of their fields, and what happens with any write.
final class CsrWrites {
  /// Writes a value.
  interface Write {
    void write(Frame f, long value);
  }

  private final Closures closures;
  private final BitSet delicate;

  CsrWrites(Closures closures) {
    this.closures = closures;
    this.delicate = closures.context().delicate();
  }

  /// The CSRs whose writes concern counters: those that count, and those that say whether.
  static BitSet delicate(Isa isa) {
    BitSet found = new BitSet();
    for (Csr csr : isa.csrs()) {
      for (CsrField field : csr.fields()) {
        if (field.rule() instanceof CsrField.Rule.Counts(_, var code, var runs)) {
          found.set(csr.ordinal());
          for (Expr e : new Expr[] {code, runs}) {
            if (e != null) {
              new Walk() {
                @Override
                void expr(Expr part) {
                  switch (part) {
                    case Expr.ReadCsr(var read, _) -> found.set(read.ordinal());
                    case Expr.ReadCsrField(var read, _, _) -> found.set(read.ordinal());
                    default -> {}
                  }
                  super.expr(part);
                }
              }.expr(e);
            }
          }
        }
      }
    }
    return found;
  }

  /// {@return a write to a whole CSR}
  Write whole(Csr csr) {
    var evaluator = closures.evaluator();
    return (f, value) -> evaluator.writeCsr(csr, value, f.hart);
  }

  /// {@return a write to one field}
  Write field(Csr csr, CsrField field) {
    if (delicate.get(csr.ordinal()) || csr.shown() != null || csr.written() != null) {
      throw new NotCompiled(csr);
    }
    int lo = field.lo();
    long mask = Closures.ones(field.width()) << lo;
    Write store = (f, value) -> store(f, csr, mask, value << lo);
    Write checked =
        switch (field.rule()) {
          case CsrField.Rule.Stored(_, _, var warl) when warl == null -> store;
          case CsrField.Rule.Stored(var old, var fresh, var warl) -> {
            Expr rule = Simplify.of(warl);
            if (rule instanceof Expr.LocalValue(var local) && local.slot() == fresh.slot()) {
              yield store;
            }
            yield legalised(csr, old, fresh, rule, mask, lo);
          }
          case CsrField.Rule.Computed _,
              CsrField.Rule.Fixed _,
              CsrField.Rule.Line _,
              CsrField.Rule.Counts _ ->
              throw new NotCompiled(field);
        };
    Action dirty = dirty(csr.dirty(), _ -> 0);
    return (f, value) -> {
      checked.write(f, value);
      dirty.run(f);
    };
  }

  private Write legalised(
      Csr csr,
      tessera.isaspec.semantics.Local old,
      tessera.isaspec.semantics.Local fresh,
      Expr rule,
      long mask,
      int lo) {
    Closures apart = closures.apart();
    int before = apart.slot(old);
    int after = apart.slot(fresh);
    Value legal = apart.value(rule);
    return (f, value) -> {
      f.slots[before] = (f.csrs[csr.ordinal()] & mask) >>> lo;
      f.slots[after] = value & mask >>> lo;
      store(f, csr, mask, legal.get(f) << lo);
    };
  }

  private static void store(Frame f, Csr csr, long mask, long value) {
    f.hart.writeCsr(csr, f.csrs[csr.ordinal()] & ~mask | value & mask);
  }

  /// {@return a write to one bit of a field, whose number may be a run-time value}
  Write bit(Csr csr, CsrField field, Value number) {
    Write write = field(csr, field);
    int ordinal = csr.ordinal();
    int lo = field.lo();
    int width = field.width();
    long ones = Closures.ones(width);
    return (f, value) -> {
      long n = number.get(f);
      if (n >= 0 && n < width) {
        long old = f.csrs[ordinal] >>> lo & ones;
        write.write(f, old & ~(1L << n) | (value & 1) << n);
      }
    };
  }

  /// {@return a write to what an environment's arrow points at}
  Write target(LValue target) {
    return switch (target) {
      case LValue.Field(var csr, var field, _) -> field(csr, field);
      case LValue.FieldBit(var csr, var field, var bit) -> bit(csr, field, closures.value(bit));
      case LValue.WholeCsr(var csr, _) -> whole(csr);
      default -> throw new NotCompiled(target);
    };
  }

  // ------------------------------------------------------------------ what happens with any write

  /// {@return the assignments that happen with a write to register `number`}
  Action dirty(List<RegisterFile.Dirty> assignments, Value number) {
    Action[] all = assignments.stream().map(d -> dirty(d, number)).toArray(Action[]::new);
    return switch (all.length) {
      case 0 -> _ -> {};
      case 1 -> all[0];
      default ->
          f -> {
            for (Action a : all) {
              a.run(f);
            }
          };
    };
  }

  private Action dirty(RegisterFile.Dirty dirty, Value number) {
    if (!(Simplify.of(dirty.value()) instanceof Expr.Literal(var type, var value))) {
      throw new NotCompiled(dirty);
    }
    long wanted = Closures.literal(type, value);
    return switch (dirty.target()) {
      case LValue.Field(var csr, var field, _) -> {
        Write write = field(csr, field);
        int ordinal = csr.ordinal();
        int lo = field.lo();
        long mask = Closures.ones(field.width());
        yield f -> {
          if ((f.csrs[ordinal] >>> lo & mask) != wanted) {
            write.write(f, wanted);
          }
        };
      }
      case LValue.FieldBit(var csr, var field, var bit) when isNumber(bit, dirty) -> {
        Write write = bit(csr, field, number);
        int ordinal = csr.ordinal();
        int lo = field.lo();
        yield f -> {
          if ((f.csrs[ordinal] >>> lo + (int) number.get(f) & 1) != wanted) {
            write.write(f, wanted);
          }
        };
      }
      default -> throw new NotCompiled(dirty);
    };
  }

  private static boolean isNumber(Expr bit, RegisterFile.Dirty dirty) {
    return bit instanceof Expr.LocalValue(var local) && local.slot() == dirty.register().slot();
  }

  /// {@return whether nothing happens with a write to any of the registers any more}
  Value isDirty(RegisterFile file, int first, int span) {
    Value[] all = file.dirty().stream().map(d -> isDirty(d, first, span)).toArray(Value[]::new);
    return f -> {
      for (Value v : all) {
        if (v.get(f) == 0) {
          return 0;
        }
      }
      return 1;
    };
  }

  private Value isDirty(RegisterFile.Dirty dirty, int first, int span) {
    if (!(Simplify.of(dirty.value()) instanceof Expr.Literal(var type, var value))) {
      return _ -> 0;
    }
    long wanted = Closures.literal(type, value);
    return switch (dirty.target()) {
      case LValue.Field(var csr, var field, _) ->
          same(csr, Closures.ones(field.width()) << field.lo(), wanted << field.lo());
      case LValue.FieldBit(var csr, var field, var bit)
          when isNumber(bit, dirty) && wanted == 1 && first + span <= field.width() -> {
        long mask = Closures.ones(span) << field.lo() + first;
        yield same(csr, mask, mask);
      }
      default -> _ -> 0;
    };
  }

  private static Value same(Csr csr, long mask, long wanted) {
    int ordinal = csr.ordinal();
    return f -> (f.csrs[ordinal] & mask) == wanted ? 1 : 0;
  }
}
