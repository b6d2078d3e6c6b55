package tessera.emulator.interpreter;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Expr.Binary;
import tessera.isaspec.semantics.Expr.BinaryOp;
import tessera.isaspec.semantics.Expr.Extend;
import tessera.isaspec.semantics.Expr.Literal;
import tessera.isaspec.semantics.Expr.LocalValue;
import tessera.isaspec.semantics.Expr.Reread;
import tessera.isaspec.semantics.Expr.Resize;
import tessera.isaspec.semantics.Expr.Slice;
import tessera.isaspec.semantics.Flag;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;

/// The same meaning with less in it: constants folded, names of constants and of cheap values
/// replaced, tuples and inlined functions opened. What forms the interpreter looks for are the
/// forms that come out of here.
///
/// A value may be moved to its use, since within a step all reads see the state before it
/// (language.md R5); but not into a loop, whose steps may see what others wrote, nor if it may trap
/// or raise a flag.
final class Simplify {
  private static final int CHEAP = 4;

  private final Uses uses;
  private final Map<Integer, Expr> known = new HashMap<>();
  private final IdentityHashMap<View, View> views = new IdentityHashMap<>();
  private int frame;

  private final Function<Expr.FieldValue, Expr> fields;

  private Simplify(Uses uses, int frame, Function<Expr.FieldValue, Expr> fields) {
    this.uses = uses;
    this.frame = frame;
    this.fields = fields;
  }

  /// {@return the same meaning, simplified}
  static Bound of(Bound bound) {
    return of(bound, field -> field);
  }

  /// {@return the same meaning for a word, simplified}
  ///
  /// @param fields what the fields that are still open are worth
  static Bound of(Bound bound, Function<Expr.FieldValue, Expr> fields) {
    Simplify s = new Simplify(Uses.of(bound.body(), bound.frame()), bound.frame(), fields);
    List<Bound.Condition> conditions = new ArrayList<>();
    for (Bound.Condition c : bound.conditions()) {
      Expr holds = s.expr(c.holds());
      if (!isTrue(holds)) {
        conditions.add(new Bound.Condition(holds, c.text(), c.fieldsOnly(), c.span()));
      }
    }
    Bound.Environment env = bound.environment();
    Bound.Environment environment = env == null ? null : s.environment(env);
    Stmt body = s.stmt(bound.body());
    Map<String, View> views = new LinkedHashMap<>();
    bound.views().forEach((name, view) -> views.put(name, s.view(view)));
    Bound.Cost cost = bound.cost();
    Bound.Cost costs =
        new Bound.Cost(
            cost.unit(),
            cost.kind(),
            s.expr(cost.issue()),
            s.expr(cost.latency()),
            s.expr(cost.macs()));
    return new Bound(conditions, body, environment, costs, views, s.frame);
  }

  /// {@return an expression outside a body, simplified}
  static Expr of(Expr expr) {
    return new Simplify(Uses.of(new Stmt.Block(List.of()), 0), 0, field -> field).expr(expr);
  }

  private Bound.Environment environment(Bound.Environment env) {
    Map<Flag, LValue> arrows = new LinkedHashMap<>();
    env.arrows().forEach((flag, target) -> arrows.put(flag, lvalue(target)));
    return new Bound.Environment(optional(env.round()), arrows);
  }

  // ------------------------------------------------------------------ statements

  private Stmt stmt(Stmt stmt) {
    List<Stmt> out = new ArrayList<>();
    stmt(stmt, out);
    return out.size() == 1 ? out.getFirst() : new Stmt.Block(out);
  }

  private void stmt(Stmt stmt, List<Stmt> out) {
    switch (stmt) {
      case Stmt.Block(var statements) -> statements.forEach(s -> stmt(s, out));
      case Stmt.Let(var local, var value) -> let(local, opened(expr(value), out), out);
      case Stmt.Assign(var target, var value, var span) -> {
        Expr v = opened(expr(value), out);
        LValue t = lvalue(target);
        if (!isSwallowed(t)) {
          out.add(new Stmt.Assign(t, v, span));
        } else if (!Effect.isPure(v)) {
          out.add(new Stmt.Evaluate(v));
        }
      }
      case Stmt.If(var condition, var then, var otherwise) -> {
        Expr c = opened(expr(condition), out);
        if (c instanceof Literal(_, var value)) {
          if (value.signum() != 0) {
            stmt(then, out);
          } else if (otherwise != null) {
            stmt(otherwise, out);
          }
        } else {
          out.add(new Stmt.If(c, stmt(then), otherwise == null ? null : stmt(otherwise)));
        }
      }
      case Stmt.For(var index, var from, var to, var body) -> {
        Expr first = expr(from);
        Expr end = expr(to);
        if (first instanceof Literal(_, var a)
            && end instanceof Literal(_, var b)
            && b.subtract(a).equals(java.math.BigInteger.ONE)) {
          // One turn is no loop.
          known.put(index.slot(), first);
          stmt(body, out);
        } else {
          out.add(new Stmt.For(index, first, end, stmt(body)));
        }
      }
      case Stmt.Each(var loop, var body) -> out.add(new Stmt.Each(loop(loop), stmt(body)));
      case Stmt.Store(var address, var k, var value, var span) ->
          out.add(new Stmt.Store(expr(address), optional(k), opened(expr(value), out), span));
      case Stmt.Evaluate(var value) -> {
        Expr v = opened(expr(value), out);
        if (!Effect.isPure(v)) {
          out.add(new Stmt.Evaluate(v));
        }
      }
      case Stmt.RaiseFlag(var flag, var condition) -> {
        Expr c = opened(expr(condition), out);
        if (!isFalse(c)) {
          out.add(new Stmt.RaiseFlag(flag, c));
        }
      }
      case Stmt.Raise(var trap, var cause, var value, var span) ->
          out.add(new Stmt.Raise(trap, expr(cause), expr(value), span));
      case Stmt.Require(var condition, var text, var span) -> {
        Expr c = opened(expr(condition), out);
        if (!isTrue(c)) {
          out.add(new Stmt.Require(c, text, span));
        }
      }
      case Stmt.Jump(var target, var span) ->
          out.add(new Stmt.Jump(opened(expr(target), out), span));
      case Stmt.Await(var condition, var span) ->
          out.add(new Stmt.Await(opened(expr(condition), out), span));
      case Stmt.Stop _, Stmt.Fence _ -> out.add(stmt);
      case Stmt.CallShape c -> out.add(call(c));
    }
  }

  private Stmt call(Stmt.CallShape c) {
    Map<String, View> vs = new LinkedHashMap<>();
    c.views().forEach((name, view) -> vs.put(name, view(view)));
    Map<String, Expr> values = new LinkedHashMap<>();
    c.values().forEach((name, value) -> values.put(name, expr(value)));
    return new Stmt.CallShape(
        c.name(), c.types(), c.functions(), vs, values, c.definition(), stmt(c.body()), c.span());
  }

  private void let(Local local, Expr value, List<Stmt> out) {
    if (uses.isAssigned(local)) {
      out.add(new Stmt.Let(local, value));
    } else if (isName(value)) {
      known.put(local.slot(), value);
    } else if (value instanceof Expr.MakeTuple(var elements, var type)) {
      List<Expr> names = new ArrayList<>();
      for (int i = 0; i < elements.size(); i++) {
        Expr e = elements.get(i);
        Local part = new Local(frame++, local.name() + "." + i, e.type());
        boolean stays = isName(e) || isMovable(e) && size(e) <= CHEAP && isLocal(local);
        names.add(stays ? e : new LocalValue(part));
        if (!stays) {
          out.add(new Stmt.Let(part, e));
        }
      }
      known.put(local.slot(), new Expr.MakeTuple(names, type));
    } else if (isLocal(local)
        && isMovable(value)
        && (size(value) <= CHEAP || uses.isUsedOnce(local))) {
      known.put(local.slot(), value);
    } else {
      out.add(new Stmt.Let(local, value));
    }
  }

  private boolean isLocal(Local local) {
    return uses.isLocalToItsLoop(local);
  }

  /// Puts the statements of an inlined function before the statement that wants its value.
  private Expr opened(Expr value, List<Stmt> out) {
    if (value instanceof Expr.Inline(var statements, var result)) {
      out.addAll(statements);
      return result;
    }
    if (value instanceof Expr.Reread(Expr.Inline(var statements, var result), var type)) {
      out.addAll(statements);
      return new Expr.Reread(result, type);
    }
    return value;
  }

  private boolean isName(Expr value) {
    return switch (value) {
      case Literal _ -> true;
      case LocalValue(var local) -> !uses.isAssigned(local);
      case Expr.MakeArray(var elements, _) -> elements.stream().allMatch(Literal.class::isInstance);
      default -> false;
    };
  }

  private boolean isMovable(Expr value) {
    return Effect.isPure(value) && !Effect.mentions(value, uses::isAssigned);
  }

  private static int size(Expr expr) {
    int[] count = {0};
    new Walk() {
      @Override
      void expr(Expr e) {
        count[0]++;
        super.expr(e);
      }
    }.expr(expr);
    return count[0];
  }

  private Stmt.Loop loop(Stmt.Loop l) {
    List<Stmt.Assign> after = new ArrayList<>();
    for (Stmt.Assign a : l.after()) {
      after.add(new Stmt.Assign(lvalue(a.target()), expr(a.value()), a.span()));
    }
    LValue restart = l.restart() == null ? null : lvalue(l.restart());
    return new Stmt.Loop(
        l.name(),
        l.index(),
        l.resume(),
        expr(l.from()),
        expr(l.to()),
        restart,
        after,
        l.lanes() == null ? null : lanes(l.lanes()),
        l.span());
  }

  private Stmt.Lanes lanes(Stmt.Lanes l) {
    List<Stmt.Carry> carries = new ArrayList<>();
    for (Stmt.Carry c : l.carries()) {
      carries.add(new Stmt.Carry(c.now(), c.next(), expr(c.start())));
    }
    List<Stmt.Fill> fills = new ArrayList<>();
    for (Stmt.Fill f : l.fills()) {
      fills.add(
          new Stmt.Fill(view(f.view()), optional(f.masked()), optional(f.tail()), f.packed()));
    }
    return new Stmt.Lanes(expr(l.begin()), expr(l.end()), optional(l.active()), carries, fills);
  }

  private LValue lvalue(LValue target) {
    return switch (target) {
      case LValue.Register(var file, var index, var type) ->
          new LValue.Register(file, expr(index), type);
      case LValue.RegisterSlice(var file, var index, int hi, int lo) ->
          new LValue.RegisterSlice(file, expr(index), hi, lo);
      case LValue.Element(var view, var indices, var type) ->
          new LValue.Element(view(view), exprs(indices), type);
      case LValue.FieldBit(var csr, var field, var bit) ->
          new LValue.FieldBit(csr, field, expr(bit));
      case LValue.CsrNumber(var number, var type) -> new LValue.CsrNumber(expr(number), type);
      case LValue.WholeCsr _, LValue.Field _, LValue.Variable _ -> target;
    };
  }

  private static boolean isSwallowed(LValue target) {
    return switch (target) {
      case LValue.Register(var file, Literal(_, var index), _) -> isZero(file, index);
      case LValue.RegisterSlice(var file, Literal(_, var index), _, _) -> isZero(file, index);
      default -> false;
    };
  }

  private static boolean isZero(RegisterFile file, BigInteger index) {
    return file.zero() != null && index.equals(BigInteger.valueOf(file.zero()));
  }

  private View view(View view) {
    View done = views.get(view);
    if (done == null) {
      done =
          new View(
              view.name(),
              view.file(),
              view.indices(),
              expr(view.at()),
              exprs(view.extents()),
              expr(view.first()),
              expr(view.span()),
              view.element(),
              view.storage());
      views.put(view, done);
    }
    return done;
  }

  // ------------------------------------------------------------------ expressions

  private List<Expr> exprs(List<Expr> list) {
    return list.stream().map(this::expr).toList();
  }

  private @Nullable Expr optional(@Nullable Expr expr) {
    return expr == null ? null : expr(expr);
  }

  private Expr expr(Expr expr) {
    return switch (expr) {
      case Expr.FieldValue field -> fields.apply(field);
      case Literal _,
          Expr.ReadCsr _,
          Expr.ReadCsrField _,
          Expr.Pc _,
          Expr.NextPc _,
          Expr.FetchedWord _,
          Expr.Input _,
          Expr.Observed _,
          Expr.Reserved _,
          Expr.SumTerms _ ->
          expr;
      case LocalValue(var local) -> known.getOrDefault(local.slot(), expr);
      case Expr.ReadRegister(var file, var index, var type) -> register(file, expr(index), type);
      case Expr.ReadElement(var file, var bit, var type) ->
          new Expr.ReadElement(file, expr(bit), type);
      case Expr.ReadView(var view, var indices, var otherwise, var type) ->
          new Expr.ReadView(view(view), exprs(indices), optional(otherwise), type);
      case Expr.ReadCsrNumber(var number, var type) -> new Expr.ReadCsrNumber(expr(number), type);
      case Expr.CsrAllows(var number, var writes) -> new Expr.CsrAllows(expr(number), expr(writes));
      case Expr.Unary(var op, var of, var type) -> unary(op, expr(of), type);
      case Binary(var op, var left, var right, var type) ->
          binary(op, expr(left), expr(right), type);
      case Expr.Compare(var op, var left, var right) -> compare(op, expr(left), expr(right));
      case Expr.And(var left, var right) -> and(expr(left), right);
      case Expr.Or(var left, var right) -> or(expr(left), right);
      case Expr.Select(var condition, var yes, var no, var type) ->
          select(expr(condition), yes, no, type);
      case Slice(var of, int hi, int lo) -> slice(expr(of), hi, lo);
      case Expr.BitAt(var of, var index) -> bitAt(expr(of), expr(index));
      case Expr.Concat(var parts, var type) -> concat(exprs(parts), type);
      case Resize(var how, var of, var type) -> resize(how, expr(of), type);
      case Reread(var of, var type) -> reread(expr(of), type);
      case Expr.ToInt(var of, var type) -> toInt(expr(of), type);
      case Expr.Wrap(var of, var type) -> wrap(expr(of), type);
      case Expr.MakeArray(var elements, var type) -> new Expr.MakeArray(exprs(elements), type);
      case Expr.ArrayAt(var array, var index, var type) -> arrayAt(expr(array), expr(index), type);
      case Expr.MakeTuple(var elements, var type) -> new Expr.MakeTuple(exprs(elements), type);
      case Expr.TupleAt(var tuple, int index, var type) -> tupleAt(expr(tuple), index, type);
      case Expr.Load(var address, var k, var type) ->
          new Expr.Load(expr(address), optional(k), type);
      case Expr.Faults(var address, var bytes, var kind) ->
          new Expr.Faults(expr(address), expr(bytes), kind);
      case Expr.Reserve(var address, var type) -> new Expr.Reserve(expr(address), type);
      case Expr.Conditional(var address, var value) ->
          new Expr.Conditional(expr(address), expr(value));
      case Expr.Amo(var address, var old, var fresh, var type) ->
          new Expr.Amo(expr(address), old, expr(fresh), type);
      case Expr.ToExact(var of) -> new Expr.ToExact(expr(of));
      case Expr.Round(var of, var mode, var type) -> new Expr.Round(expr(of), mode, type);
      case Expr.RealCall(var function, var arguments) ->
          new Expr.RealCall(function, exprs(arguments));
      case Expr.Saturate(var of, var type) -> new Expr.Saturate(expr(of), type);
      case Expr.RoundOff(var of, var amount, var mode, var type) ->
          new Expr.RoundOff(expr(of), expr(amount), expr(mode), type);
      case Expr.Mute(var flag, var of) -> new Expr.Mute(flag, expr(of));
      case Expr.TestFloat(var test, var of) -> new Expr.TestFloat(test, expr(of));
      case Expr.ExactCall(var function, var of, var type) ->
          new Expr.ExactCall(function, expr(of), type);
      case Expr.Fold f -> fold(f);
      case Expr.First(var index, var from, var to, var condition, var type) ->
          new Expr.First(index, expr(from), expr(to), expr(condition), type);
      case Expr.Inline(var statements, var result) -> inline(statements, result);
      case Expr.SignedSpecial(var signs, boolean infinity) ->
          new Expr.SignedSpecial(exprs(signs), infinity);
    };
  }

  private Expr inline(List<Stmt> statements, Expr result) {
    List<Stmt> out = new ArrayList<>();
    statements.forEach(s -> stmt(s, out));
    Expr value = opened(expr(result), out);
    return out.isEmpty() ? value : new Expr.Inline(out, value);
  }

  private Expr fold(Expr.Fold f) {
    return new Expr.Fold(
        expr(f.start()),
        f.accumulator(),
        f.index(),
        expr(f.from()),
        expr(f.to()),
        f.by(),
        f.grouped(),
        optional(f.condition()),
        expr(f.term()),
        f.terms(),
        expr(f.step()),
        f.anyOrder(),
        f.type());
  }

  private static Expr register(RegisterFile file, Expr index, Type type) {
    return index instanceof Literal(_, var value) && isZero(file, value)
        ? Constant.of(type, BigInteger.ZERO)
        : new Expr.ReadRegister(file, index, type);
  }

  private static Expr unary(Expr.UnaryOp op, Expr of, Type type) {
    if (of instanceof Literal(_, var value) && !(type instanceof Type.Exact)) {
      return switch (op) {
        case NEGATE ->
            type instanceof Type.Floating
                ? new Expr.Unary(op, of, type)
                : Constant.of(type, value.negate());
        case COMPLEMENT -> Constant.of(type, value.not());
        case NOT -> Constant.bool(value.signum() == 0);
      };
    }
    boolean twice =
        of instanceof Expr.Unary(var inner, _, _) && inner == op && op != Expr.UnaryOp.NEGATE;
    return twice ? ((Expr.Unary) of).of() : new Expr.Unary(op, of, type);
  }

  private static Expr binary(BinaryOp op, Expr left, Expr right, Type type) {
    if (left instanceof Literal(_, var a) && right instanceof Literal(_, var b)) {
      Literal folded = Constant.binary(op, a, b, type);
      if (folded != null) {
        return folded;
      }
    }
    boolean plain = type instanceof Type.Bits || type instanceof Type.Int;
    if (plain && left instanceof Literal && commutes(op) && !(right instanceof Literal)) {
      return binary(op, right, left, type);
    }
    if (plain && right instanceof Literal(_, var b)) {
      Expr less = withConstant(op, left, b, type);
      if (less != null) {
        return less;
      }
    }
    return new Binary(op, left, right, type);
  }

  private static boolean commutes(BinaryOp op) {
    return switch (op) {
      case ADD, MUL, AND, OR, XOR, MIN, MAX -> true;
      case SUB, DIV, REM, SHL, SHR -> false;
    };
  }

  private static @Nullable Expr withConstant(BinaryOp op, Expr left, BigInteger b, Type type) {
    boolean zero = b.signum() == 0;
    return switch (op) {
      case ADD -> zero ? retyped(left, type) : sum(left, b, type);
      case SUB -> zero ? retyped(left, type) : sum(left, b.negate(), type);
      case OR, XOR, SHL, SHR -> zero ? retyped(left, type) : null;
      case AND -> zero ? Constant.of(type, b) : allOnes(b, type) ? left : null;
      case MUL ->
          zero ? Constant.of(type, b) : b.equals(BigInteger.ONE) ? retyped(left, type) : null;
      case DIV -> type instanceof Type.Int && b.equals(BigInteger.ONE) ? retyped(left, type) : null;
      case REM, MIN, MAX -> null;
    };
  }

  /// A constant added to a value; sums of constants are taken together.
  private static @Nullable Expr sum(Expr left, BigInteger b, Type type) {
    if (left instanceof Binary(var inner, var a, Literal(_, var c), var t)
        && inner == BinaryOp.ADD
        && (t.equals(type) || type instanceof Type.Int)) {
      return binary(BinaryOp.ADD, a, Constant.of(type, b.add(c)), type);
    }
    return type instanceof Type.Bits
        ? new Binary(BinaryOp.ADD, left, Constant.of(type, b), type)
        : null;
  }

  private static boolean allOnes(BigInteger b, Type type) {
    return type instanceof Type.Bits(_, int width)
        && Constant.low(b, width).equals(Constant.low(BigInteger.ONE.negate(), width));
  }

  /// The same value where another interval or reading is wanted.
  private static Expr retyped(Expr value, Type type) {
    return type instanceof Type.Bits ? reread(value, type) : value;
  }

  private static Expr compare(Expr.CompareOp op, Expr left, Expr right) {
    if (left instanceof Literal(var type, var a)
        && right instanceof Literal(_, var b)
        && !(type instanceof Type.Floating)
        && !(type instanceof Type.Exact)) {
      return Constant.bool(Constant.compare(op, a, b));
    }
    return new Expr.Compare(op, left, right);
  }

  private Expr and(Expr left, Expr right) {
    if (left instanceof Literal) {
      return isTrue(left) ? expr(right) : left;
    }
    Expr r = expr(right);
    return isTrue(r) ? left : new Expr.And(left, r);
  }

  private Expr or(Expr left, Expr right) {
    if (left instanceof Literal) {
      return isTrue(left) ? left : expr(right);
    }
    Expr r = expr(right);
    return isFalse(r) ? left : new Expr.Or(left, r);
  }

  private Expr select(Expr condition, Expr yes, Expr no, Type type) {
    if (condition instanceof Literal) {
      return expr(isTrue(condition) ? yes : no);
    }
    Expr y = expr(yes);
    Expr n = expr(no);
    boolean same = y.equals(n) && Effect.isPure(condition);
    return same ? y : new Expr.Select(condition, y, n, type);
  }

  private static Expr slice(Expr of, int hi, int lo) {
    int width = Constant.width(of.type());
    Type type = Type.bits(hi - lo + 1);
    return switch (of) {
      case Literal(_, var value) -> Constant.of(type, Constant.low(value, width).shiftRight(lo));
      case Reread(var inner, _) when Constant.width(inner.type()) == width -> slice(inner, hi, lo);
      case Slice(var inner, _, int low) -> slice(inner, hi + low, lo + low);
      case Resize(var how, var inner, _) when hi < Constant.width(inner.type()) ->
          how == Extend.TRUNC ? new Slice(of, hi, lo) : slice(inner, hi, lo);
      case Resize(var how, var inner, _)
          when how == Extend.ZEXT && lo >= Constant.width(inner.type()) ->
          Constant.of(type, BigInteger.ZERO);
      case Expr.Concat(var parts, _) -> {
        Expr part = partOf(parts, hi, lo);
        yield part == null ? new Slice(of, hi, lo) : part;
      }
      default -> lo == 0 && hi == width - 1 ? reread(of, type) : new Slice(of, hi, lo);
    };
  }

  private static @Nullable Expr partOf(List<Expr> parts, int hi, int lo) {
    int at = 0;
    for (Expr part : parts.reversed()) {
      int width = Constant.width(part.type());
      if (lo >= at && hi < at + width) {
        return slice(part, hi - at, lo - at);
      }
      at += width;
    }
    return null;
  }

  private static Expr bitAt(Expr of, Expr index) {
    if (of instanceof Literal(var type, var value) && index instanceof Literal(_, var i)) {
      int width = Constant.width(type);
      boolean inside = i.signum() >= 0 && i.compareTo(BigInteger.valueOf(width)) < 0;
      return Constant.bool(inside && Constant.low(value, width).testBit(i.intValue()));
    }
    return new Expr.BitAt(of, index);
  }

  private static Expr concat(List<Expr> parts, Type type) {
    BigInteger value = BigInteger.ZERO;
    for (Expr part : parts) {
      if (!(part instanceof Literal(var t, var v))) {
        return parts.size() == 1 ? reread(part, type) : new Expr.Concat(parts, type);
      }
      int width = Constant.width(t);
      value = value.shiftLeft(width).or(Constant.low(v, width));
    }
    return Constant.of(type, value);
  }

  private static Expr resize(Extend how, Expr of, Type type) {
    int from = Constant.width(of.type());
    int to = Constant.width(type);
    if (from == to) {
      return reread(of, type);
    }
    if (how == Extend.TRUNC) {
      return reread(slice(of, to - 1, 0), type);
    }
    if (of instanceof Literal(_, var value)) {
      Type.Reading reading = how == Extend.SEXT ? Type.Reading.SINT : Type.Reading.UINT;
      return Constant.of(type, Constant.read(value, reading, from));
    }
    if (of instanceof Resize(var inner, var x, _) && inner == how) {
      return resize(how, x, type);
    }
    if (of instanceof Reread(var x, _) && x.type() instanceof Type.Bits) {
      return resize(how, x, type);
    }
    return new Resize(how, of, type);
  }

  private static Expr reread(Expr of, Type type) {
    if (of.type().equals(type)) {
      return of;
    }
    return switch (of) {
      case Literal(var t, var value) when Constant.width(t) > 0 && !(t instanceof Type.Bool) ->
          Constant.of(type, value);
      case Reread(var inner, _) -> reread(inner, type);
      default -> new Reread(of, type);
    };
  }

  private static Expr toInt(Expr of, Type type) {
    return of instanceof Literal(_, var value)
        ? new Literal(type, value)
        : new Expr.ToInt(of, type);
  }

  private static Expr wrap(Expr of, Type type) {
    return of instanceof Literal(Type.Int _, var value)
        ? Constant.of(type, value)
        : new Expr.Wrap(of, type);
  }

  private static Expr arrayAt(Expr array, Expr index, Type type) {
    if (array instanceof Expr.MakeArray(var elements, _)
        && index instanceof Literal(_, var i)
        && i.signum() >= 0
        && i.compareTo(BigInteger.valueOf(elements.size())) < 0) {
      return elements.get(i.intValue());
    }
    return new Expr.ArrayAt(array, index, type);
  }

  private static Expr tupleAt(Expr tuple, int index, Type type) {
    return tuple instanceof Expr.MakeTuple(var elements, _)
        ? elements.get(index)
        : new Expr.TupleAt(tuple, index, type);
  }

  private static boolean isTrue(Expr expr) {
    return expr instanceof Literal(Type.Bool _, var value) && value.signum() != 0;
  }

  private static boolean isFalse(Expr expr) {
    return expr instanceof Literal(Type.Bool _, var value) && value.signum() == 0;
  }
}
