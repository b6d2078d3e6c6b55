package tessera.emulator.interpreter;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tessera.emulator.kernel.Kernel;
import tessera.emulator.kernel.ShapeCall;
import tessera.emulator.kernel.ViewLayout;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Expr.Literal;
import tessera.isaspec.semantics.Flag;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.MemoryFault;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;
import tessera.isaspec.semantics.Waiting;

/// Compiles the statements of a body to closures.
///
/// A step takes effect as a whole (language.md R4, R5). Where its statements can run one after the
/// other without anybody noticing, they do; else its writes wait in the frame until the step's end.
final class Actions {
  private final Closures closures;
  private final CsrWrites csrs;
  private final Traps traps;
  private final Bound bound;
  private boolean waits;

  /// the views that the lanes at hand write; null: no lanes are at hand
  private @Nullable List<View> shadowed;

  private Actions(Closures closures, Bound bound) {
    this.closures = closures;
    this.csrs = new CsrWrites(closures);
    this.traps = closures.context().traps();
    this.bound = bound;
  }

  /// {@return the body as an action, which leaves the frame as it is after the instruction}
  static Action body(Closures closures, Bound bound) {
    Actions a = new Actions(closures, bound);
    if (bound.conditions().stream().anyMatch(Actions::isNever)) {
      return a::refuse;
    }
    closures.actions(a);
    return a.body();
  }

  private static boolean isNever(Bound.Condition condition) {
    return condition.holds() instanceof Literal(_, var value) && value.signum() == 0;
  }

  // ------------------------------------------------------------------ steps

  private Action body() {
    List<Stmt> statements = new ArrayList<>();
    flatten(bound.body(), statements);
    List<Action> parts = new ArrayList<>();
    List<Stmt> step = new ArrayList<>();
    for (Stmt s : statements) {
      if (s instanceof Stmt.Each || s instanceof Stmt.CallShape) {
        addStep(step, parts);
        parts.add(s instanceof Stmt.Each(var loop, var body) ? each(loop, body) : kernel(s));
        step = new ArrayList<>();
      } else {
        step.add(s);
      }
    }
    addStep(step, parts);
    return sequence(parts);
  }

  private void addStep(List<Stmt> step, List<Action> parts) {
    if (!step.isEmpty()) {
      parts.add(step(step));
    }
  }

  /// A shape without a kernel is its definition.
  private void flatten(Stmt stmt, List<Stmt> out) {
    switch (stmt) {
      case Stmt.Block(var statements) -> statements.forEach(s -> flatten(s, out));
      case Stmt.CallShape call when attach(call) == null -> flatten(call.body(), out);
      default -> out.add(stmt);
    }
  }

  private @Nullable Kernel attach(Stmt.CallShape call) {
    Bound.Environment env = bound.environment();
    OptionalLong rounding =
        env != null && env.round() instanceof Literal(_, var mode)
            ? OptionalLong.of(mode.longValue())
            : OptionalLong.empty();
    return closures.context().kernels().attach(new ShapeCall(call, rounding));
  }

  /// Statements one after the other, up to one that stops the loop around them.
  private Action inOrder(List<Stmt> statements) {
    List<Action> parts = statements.stream().map(this::action).toList();
    if (statements.stream().noneMatch(Actions::stops)) {
      return sequence(parts);
    }
    Action[] all = parts.toArray(Action[]::new);
    return f -> {
      for (int i = 0; i < all.length && !f.stopped; i++) {
        all[i].run(f);
      }
    };
  }

  private static boolean stops(Stmt stmt) {
    return switch (stmt) {
      case Stmt.Stop _ -> true;
      case Stmt.Block(var statements) -> statements.stream().anyMatch(Actions::stops);
      case Stmt.If(_, var then, var otherwise) ->
          stops(then) || otherwise != null && stops(otherwise);
      case Stmt.For loop when stops(loop.body()) -> throw new NotCompiled(stmt);
      default -> false;
    };
  }

  private static Action sequence(List<Action> parts) {
    Action[] all = parts.toArray(Action[]::new);
    return switch (all.length) {
      case 0 -> _ -> {};
      case 1 -> all[0];
      case 2 -> {
        Action first = all[0];
        Action second = all[1];
        yield f -> {
          first.run(f);
          second.run(f);
        };
      }
      default ->
          f -> {
            for (Action a : all) {
              a.run(f);
            }
          };
    };
  }

  private Action step(List<Stmt> statements) {
    boolean outer = waits;
    Clobbers.refuse(statements);
    waits = Hazards.in(statements);
    if (waits) {
      Atomics.refuse(statements);
    }
    Action all = inOrder(statements);
    Action step = waits ? committed(all) : all;
    waits = outer;
    return raisesFlags(statements) ? flagged(step) : step;
  }

  private static Action committed(Action all) {
    return f -> {
      all.run(f);
      f.commit();
    };
  }

  private static boolean raisesFlags(List<Stmt> statements) {
    boolean[] found = {false};
    Walk walk =
        new Walk() {
          @Override
          void stmt(Stmt s) {
            found[0] |= s instanceof Stmt.RaiseFlag;
            super.stmt(s);
          }

          @Override
          void expr(Expr e) {
            found[0] |= e instanceof Expr.Round || e instanceof Expr.Saturate;
            super.expr(e);
          }
        };
    statements.forEach(walk::stmt);
    return found[0];
  }

  // ------------------------------------------------------------------ flags

  /// Where a flag goes.
  ///
  /// @param bits its bit within the field
  private record Arrow(int flag, Csr csr, CsrField field, long bits, CsrWrites.Write write) {
    /// Sticky: the bit is ored in, and the write dirties even if it was there.
    void raise(Frame f) {
      long old = f.csrs[csr.ordinal()] >>> field.lo() & Closures.ones(field.width());
      write.write(f, old | bits);
    }
  }

  private Action flagged(Action step) {
    List<Arrow> arrows = new ArrayList<>();
    Bound.Environment env = bound.environment();
    if (env != null) {
      env.arrows().forEach((flag, target) -> arrows.add(arrow(flag, target)));
    }
    Arrow[] all = arrows.toArray(Arrow[]::new);
    return f -> {
      step.run(f);
      if (f.flags != 0) {
        for (Arrow a : all) {
          if ((f.flags & a.flag) != 0) {
            a.raise(f);
          }
        }
        f.flags = 0;
      }
    };
  }

  private Arrow arrow(Flag flag, LValue target) {
    int code = Kernel.bit(flag);
    return switch (target) {
      case LValue.FieldBit(var csr, var field, Literal(_, var bit)) ->
          new Arrow(code, csr, field, 1L << bit.intValue(), csrs.field(csr, field));
      case LValue.Field(var csr, var field, _) when field.width() == 1 ->
          new Arrow(code, csr, field, 1, csrs.field(csr, field));
      default -> throw new NotCompiled(target);
    };
  }

  // ------------------------------------------------------------------ declared loops

  private Action each(Stmt.Loop loop, Stmt body) {
    Stmt.Lanes lanes = loop.lanes();
    if (lanes != null && !lanes.fills().isEmpty()) {
      throw new NotCompiled(loop);
    }
    List<Stmt> statements = new ArrayList<>();
    flatten(body, statements);
    return loop.resume() ? steps(loop, statements) : lanes(loop, statements);
  }

  /// Each lane a step of its own.
  private Action steps(Stmt.Loop loop, List<Stmt> statements) {
    Turns turns = turns(loop);
    Value from = closures.value(loop.from());
    Value to = closures.value(loop.to());
    Action step = step(statements);
    boolean restarts = loop.restart() != null;
    CsrWrites.Write restart = loop.restart() == null ? (_, _) -> {} : csrs.target(loop.restart());
    Action after = after(loop);
    int index = closures.slot(loop.index());
    Move move = move(loop, statements);
    return f -> {
      if (turns.begins(f)) {
        long end = to.get(f);
        long first = from.get(f);
        long i = first;
        try {
          if (move != null && move.run(f, i, end)) {
            i = end;
          }
          for (; i < end && !f.stopped; i++) {
            f.slots[index] = i;
            if (turns.isActive(f)) {
              if (i > first && restarts && f.hart.mayInterrupt()) {
                interrupted(f);
              }
              step.run(f);
            }
          }
        } catch (GuestTrap | MemoryFault trap) {
          f.drop();
          f.stopped = false;
          restart.write(f, i);
          throw trap;
        }
        f.stopped = false;
      }
      after.run(f);
    };
  }

  /// Takes an interrupt that the step before has made due.
  private static void interrupted(Frame f) {
    GuestTrap interrupt = f.hart.interrupt();
    if (interrupt != null) {
      throw interrupt;
    }
  }

  /// Lanes that move neighbours between memory and registers.
  private record Move(
      Value address, RegisterFile file, long bit, int width, boolean store, Action dirty) {

    /// Moves lanes `from` to before `to` at once.
    ///
    /// @return false where one of them may trap, or somebody wants to hear of each
    boolean run(Frame f, long from, long to) {
      long length = (to - from) * width >> 3;
      long at = address.get(f) + (from * width >> 3);
      AccessKind kind = store ? AccessKind.STORE : AccessKind.LOAD;
      if (length <= 0 || f.hart.recording() || !f.hart.isPlainRun(at, length, width >> 3, kind)) {
        return false;
      }
      int offset = (int) (bit + from * width >>> 3);
      if (store) {
        f.hart.store(at, f.hart.bytes(file), offset, (int) length);
      } else {
        f.hart.load(at, f.hart.bytes(file), offset, (int) length);
        dirty.run(f);
      }
      return true;
    }
  }

  /// {@return what one step moves, where neighbours move to neighbours; else null}
  private @Nullable Move move(Stmt.Loop loop, List<Stmt> statements) {
    if (loop.lanes() == null
        || loop.lanes().active() != null
        || !loop.lanes().carries().isEmpty()
        || statements.size() != 1) {
      return null;
    }
    return switch (statements.getFirst()) {
      case Stmt.Assign(LValue.Element(var view, var indices, _), var value, _)
          when bare(value) instanceof Expr.Load(var address, var k, var type)
              && k != null
              && Constant.width(type) == view.storage() ->
          move(loop, address, k, view, indices, false);
      case Stmt.Store(var address, var k, var value, _)
          when k != null
              && bare(value) instanceof Expr.ReadView(var view, var indices, var otherwise, _)
              && otherwise == null
              && Constant.width(value.type()) == view.storage() ->
          move(loop, address, k, view, indices, true);
      default -> null;
    };
  }

  private static Expr bare(Expr expr) {
    return expr instanceof Expr.Reread(var of, _) ? of : expr;
  }

  private @Nullable Move move(
      Stmt.Loop loop, Expr address, Expr k, View view, List<Expr> indices, boolean store) {
    Affine at = Affine.of(view.at());
    Affine memory = Affine.of(k);
    Local index = loop.index();
    int width = view.storage();
    RegisterFile file = view.file();
    if (at == null || memory == null) {
      return null;
    }
    boolean neighbours =
        memory.constant() == 0
            && memory.factors().size() == 1
            && memory.of(index) == 1
            && at.of(view.indices().getLast()) == width
            && indices.getLast() instanceof Expr.LocalValue(var i)
            && i.slot() == index.slot();
    if (!neighbours
        || width % 8 != 0
        || file.width() <= 64
        || Effect.mentions(address, local -> local.slot() == index.slot())
        || file.dirty().stream().anyMatch(d -> mentions(d.target(), d.register()))) {
      return null;
    }
    long bit = at.constant();
    for (int n = 0; n < indices.size() - 1; n++) {
      if (!(indices.get(n) instanceof Literal(_, var fixed))) {
        return null;
      }
      bit += fixed.longValue() * at.of(view.indices().get(n));
    }
    Action dirty = csrs.dirty(file.dirty(), _ -> 0);
    return new Move(closures.value(address), file, bit, width, store, dirty);
  }

  /// Independent lanes: all read the state before the loop, so what they write lies in a shadow of
  /// the registers until the last has read.
  private Action lanes(Stmt.Loop loop, List<Stmt> statements) {
    refuseLoads(statements);
    Action batched = batched(loop, statements);
    if (batched != null) {
      return batched;
    }
    Turns turns = turns(loop);
    Value from = closures.value(loop.from());
    Value to = closures.value(loop.to());
    int index = closures.slot(loop.index());
    boolean outer = waits;
    waits = false;
    shadowed = new ArrayList<>();
    Action body = sequence(statements.stream().map(this::action).toList());
    List<View> views = shadowed;
    shadowed = null;
    waits = outer;
    Shadow shadow = shadow(views);
    Action after = after(loop);
    Action all =
        f -> {
          if (turns.begins(f)) {
            shadow.open(f);
            long end = to.get(f);
            for (long i = from.get(f); i < end; i++) {
              f.slots[index] = i;
              if (turns.isActive(f)) {
                body.run(f);
              }
            }
            shadow.close(f);
          }
          after.run(f);
        };
    return raisesFlags(statements) ? flagged(all) : all;
  }

  /// Lanes that leave nothing to each other, in blocks; null where the loop is none of these.
  private @Nullable Action batched(Stmt.Loop loop, List<Stmt> statements) {
    Stmt.Lanes lanes = loop.lanes();
    if (lanes == null
        || !lanes.carries().isEmpty()
        || loop.to().type() instanceof Type.Int(_, var most) && most.intValueExact() <= 1) {
      return null;
    }
    Batches batches = new Batches(closures, loop.index());
    List<Batches.Batch> parts = new ArrayList<>();
    List<View> views = new ArrayList<>();
    for (Stmt s : statements) {
      switch (s) {
        case Stmt.Let(var local, var value) when Closures.isLong(value.type()) ->
            parts.add(batches.let(local, value));
        case Stmt.RaiseFlag raise -> parts.add(batches.flag(raise));
        case Stmt.Assign(LValue.Element(var view, var indices, _), var value, _)
            when indices.size() == 1
                && indices.getFirst() instanceof Expr.LocalValue(var i)
                && i.slot() == loop.index().slot()
                && Closures.isLong(value.type())
                && Batches.isRegular(view) -> {
          parts.add(batches.write(view, value));
          views.add(view);
        }
        default -> {
          return null;
        }
      }
    }
    Batches.Batch active = lanes.active() == null ? null : batches.of(lanes.active());
    Turns turns = turns(loop);
    Value from = closures.value(loop.from());
    Value to = closures.value(loop.to());
    Shadow shadow = shadow(views);
    Action after = after(loop);
    Batches.Batch[] all = parts.toArray(Batches.Batch[]::new);
    long[] mask = new long[Batches.BLOCK];
    Action run =
        f -> {
          if (turns.begins(f)) {
            shadow.open(f);
            long end = to.get(f);
            for (long i = from.get(f); i < end; i += Batches.BLOCK) {
              int n = (int) Math.min(Batches.BLOCK, end - i);
              if (active != null) {
                active.get(f, i, n, null, mask);
              }
              for (Batches.Batch b : all) {
                b.get(f, i, n, active == null ? null : mask, mask);
              }
            }
            shadow.close(f);
          }
          after.run(f);
        };
    return raisesFlags(statements) ? flagged(run) : run;
  }

  private static void refuseLoads(List<Stmt> statements) {
    Walk walk =
        new Walk() {
          @Override
          void expr(Expr e) {
            if (e instanceof Expr.Load) {
              throw new NotCompiled(e);
            }
            super.expr(e);
          }
        };
    statements.forEach(walk::stmt);
  }

  /// Which lanes a loop visits, and what one leaves to the next.
  private static final class Turns {
    private final Value begin;
    private final Value end;
    private final @Nullable Value active;
    private final int[] now;
    private final int[] next;
    private final Value[] starts;
    private final boolean always;

    private Turns(
        Value begin,
        Value end,
        @Nullable Value active,
        int[] now,
        int[] next,
        Value[] starts,
        boolean always) {
      this.begin = begin;
      this.end = end;
      this.active = active;
      this.now = now;
      this.next = next;
      this.starts = starts;
      this.always = always;
    }

    /// {@return whether the loop is not empty; then its running values have their first values}
    boolean begins(Frame f) {
      if (!always && begin.get(f) >= end.get(f)) {
        return false;
      }
      for (int i = 0; i < next.length; i++) {
        f.slots[next[i]] = starts[i].get(f);
      }
      return true;
    }

    /// {@return whether the lane at hand is active}
    boolean isActive(Frame f) {
      for (int i = 0; i < now.length; i++) {
        f.slots[now[i]] = f.slots[next[i]];
      }
      return active == null || active.get(f) != 0;
    }
  }

  private Turns turns(Stmt.Loop loop) {
    Stmt.Lanes lanes = loop.lanes();
    if (lanes == null) {
      return new Turns(_ -> 0, _ -> 1, null, new int[0], new int[0], new Value[0], true);
    }
    int[] now = lanes.carries().stream().mapToInt(c -> closures.slot(c.now())).toArray();
    int[] next = lanes.carries().stream().mapToInt(c -> closures.slot(c.next())).toArray();
    Value[] starts =
        lanes.carries().stream().map(c -> closures.value(c.start())).toArray(Value[]::new);
    Value active = lanes.active() == null ? null : closures.value(lanes.active());
    return new Turns(
        closures.value(lanes.begin()),
        closures.value(lanes.end()),
        active,
        now,
        next,
        starts,
        false);
  }

  /// The registers that lanes write.
  private static final class Shadow {
    private final List<RegisterFile> files;
    private final int[] from;
    private final int[] length;
    private final Action dirty;

    private Shadow(List<RegisterFile> files, int[] from, int[] length, Action dirty) {
      this.files = files;
      this.from = from;
      this.length = length;
      this.dirty = dirty;
    }

    void open(Frame f) {
      f.wrote = false;
      for (int i = 0; i < from.length; i++) {
        byte[] bytes = f.hart.bytes(files.get(i));
        if (f.shadow.length < bytes.length) {
          f.shadow = new byte[bytes.length];
        }
        System.arraycopy(bytes, from[i], f.shadow, from[i], length[i]);
      }
    }

    void close(Frame f) {
      if (f.wrote) {
        for (int i = 0; i < from.length; i++) {
          System.arraycopy(f.shadow, from[i], f.hart.bytes(files.get(i)), from[i], length[i]);
        }
        dirty.run(f);
      }
    }
  }

  private Shadow shadow(List<View> views) {
    List<View> distinct = views.stream().distinct().toList();
    int[] from = new int[distinct.size()];
    int[] length = new int[distinct.size()];
    for (int i = 0; i < from.length; i++) {
      View view = distinct.get(i);
      int bytes = view.file().width() >>> 3;
      if (!(view.first() instanceof Literal(_, var first))
          || !(view.span() instanceof Literal(_, var span))
          || view.file().width() % 8 != 0
          || view.file() != distinct.getFirst().file()
          || first.intValue() + span.intValue() > view.file().count()) {
        throw new NotCompiled(view);
      }
      from[i] = first.intValue() * bytes;
      length[i] = span.intValue() * bytes;
    }
    if (distinct.isEmpty()) {
      return new Shadow(List.of(), from, length, _ -> {});
    }
    RegisterFile file = distinct.getFirst().file();
    if (file.dirty().stream().anyMatch(d -> mentions(d.target(), d.register()))) {
      throw new NotCompiled(file);
    }
    Action dirty = csrs.dirty(file.dirty(), _ -> 0);
    List<RegisterFile> files = distinct.stream().map(View::file).toList();
    return new Shadow(files, from, length, dirty);
  }

  private static boolean mentions(LValue target, Local local) {
    boolean[] found = {false};
    new Walk() {
      @Override
      void expr(Expr e) {
        found[0] |= e instanceof Expr.LocalValue(var l) && l.slot() == local.slot();
        super.expr(e);
      }
    }.lvalue(target);
    return found[0];
  }

  /// An element of the shadow.
  private Place shadow(View view, Value bit, int width) {
    if (shadowed != null) {
      shadowed.add(view);
    }
    return switch (width) {
      case 1 ->
          at(
              bit,
              (f, place, value) -> {
                int at = (int) (place >>> 3);
                int mask = 1 << (place & 7);
                f.shadow[at] = (byte) (value != 0 ? f.shadow[at] | mask : f.shadow[at] & ~mask);
                f.wrote = true;
              });
      case 8 ->
          at(
              bit,
              (f, place, value) -> {
                f.shadow[(int) (place >>> 3)] = (byte) value;
                f.wrote = true;
              });
      case 16, 32, 64 ->
          at(
              bit,
              (f, place, value) -> {
                Memory.put(f.shadow, (int) (place >>> 3), width >>> 3, value);
                f.wrote = true;
              });
      default -> throw new NotCompiled(view);
    };
  }

  private Action after(Stmt.Loop loop) {
    return loop.after().isEmpty() ? _ -> {} : step(List.copyOf(loop.after()));
  }

  private Action kernel(Stmt stmt) {
    if (!(stmt instanceof Stmt.CallShape call)) {
      throw new NotCompiled(stmt);
    }
    Kernel kernel = attach(call);
    List<Stmt> body = new ArrayList<>();
    flatten(call.body(), body);
    if (kernel == null || !(body.getLast() instanceof Stmt.Each(var loop, var rows))) {
      throw new NotCompiled(stmt);
    }
    Action before = sequence(body.subList(0, body.size() - 1).stream().map(this::action).toList());
    Value[] arguments = call.values().values().stream().map(closures::value).toArray(Value[]::new);
    Value from = closures.value(loop.from());
    Value to = closures.value(loop.to());
    Action dirty = dirty(rows, closures.slot(loop.index()), from, to);
    Action after = after(loop);
    Action fast =
        flagged(f -> {
          long first = from.get(f);
          if (first < to.get(f)) {
            long[] values = new long[arguments.length];
            for (int i = 0; i < values.length; i++) {
              values[i] = arguments[i].get(f);
            }
            f.flags |= kernel.run(f.hart, values, Math.toIntExact(first));
            dirty.run(f);
          }
          after.run(f);
        });
    Action tried = tried(call, fast, each(loop, rows));
    return f -> {
      before.run(f);
      tried.run(f);
    };
  }

  /// A kernel is used where it agrees with the text: its first runs are tried beside the
  /// definition.
  private Action tried(Stmt.CallShape call, Action fast, Action plain) {
    String signature = new ShapeCall(call, OptionalLong.empty()).signature();
    KernelTrials trials = closures.context().trials();
    List<RegisterFile> files = call.views().values().stream().map(View::file).distinct().toList();
    return f -> {
      switch (trials.standing(signature)) {
        case BELIEVED -> fast.run(f);
        case REFUTED -> plain.run(f);
        case ON_TRIAL -> trials.attempt(signature, f, files, fast, plain);
      }
    };
  }

  /// What happens with the writes of a loop over whole rows: each register that it touches.
  private Action dirty(Stmt rows, int index, Value from, Value to) {
    Stmt inner = rows instanceof Stmt.Block(var list) && list.size() == 1 ? list.getFirst() : rows;
    if (inner instanceof Stmt.For(_, var first, var end, Stmt.Assign(LValue.Element e, _, _))
        && e.indices().size() == 2) {
      RegisterFile file = e.view().file();
      if (file.dirty().isEmpty()) {
        return _ -> {};
      }
      ViewLayout layout = ViewLayout.of(e.view());
      if (layout != null) {
        Value low = closures.value(first);
        Value high = closures.value(end);
        DirtyRegisters dirty = dirtyRegisters(e.view());
        return f -> {
          long last = to.get(f);
          for (long i = from.get(f); i < last && !dirty.isDone(f); i++) {
            f.slots[index] = i;
            for (long j = low.get(f), n = high.get(f); j < n; j += layout.run()) {
              dirty.wrote(f, layout.bit(i, j));
            }
          }
        };
      }
    }
    throw new NotCompiled(rows);
  }

  /// What happens with writes to the registers of a view.
  private final class DirtyRegisters {
    private final int width;
    private final int slot;
    private final Action dirty;
    private final Value done;

    DirtyRegisters(View view) {
      RegisterFile file = view.file();
      width = file.width();
      slot = closures.apart().slot(new Local(0, "r", Type.Int.of(0)));
      dirty = csrs.dirty(file.dirty(), f -> f.slots[slot]);
      done =
          view.first() instanceof Literal(_, var first) && view.span() instanceof Literal(_, var n)
              ? csrs.isDirty(file, first.intValue(), n.intValue())
              : _ -> 0;
    }

    boolean isDone(Frame f) {
      return done.get(f) != 0;
    }

    void wrote(Frame f, long bit) {
      f.slots[slot] = bit / width;
      dirty.run(f);
    }
  }

  private DirtyRegisters dirtyRegisters(View view) {
    return new DirtyRegisters(view);
  }

  // ------------------------------------------------------------------ statements

  /// {@return statements that an expression brings along}
  Action pure(List<Stmt> statements) {
    for (Stmt s : statements) {
      if (!(s instanceof Stmt.Let) && !(s instanceof Stmt.RaiseFlag) && !isLocal(s)) {
        throw new NotCompiled(s);
      }
    }
    return sequence(statements.stream().map(this::action).toList());
  }

  private static boolean isLocal(Stmt stmt) {
    return switch (stmt) {
      case Stmt.Let _, Stmt.RaiseFlag _ -> true;
      case Stmt.Assign(LValue.Variable _, _, _) -> true;
      case Stmt.Block(var all) -> all.stream().allMatch(Actions::isLocal);
      case Stmt.If(_, var then, var otherwise) ->
          isLocal(then) && (otherwise == null || isLocal(otherwise));
      case Stmt.For(_, _, _, var body) -> isLocal(body);
      default -> false;
    };
  }

  private Action action(Stmt stmt) {
    return switch (stmt) {
      case Stmt.Block(var statements) -> inOrder(statements);
      case Stmt.Let(var local, var value) -> let(closures.slot(local), value);
      case Stmt.Assign(var target, var value, _) -> assign(target, value);
      case Stmt.If(var condition, var then, var otherwise) -> {
        Value c = closures.value(condition);
        Action yes = action(then);
        Action no = otherwise == null ? _ -> {} : action(otherwise);
        yield f -> {
          if (c.get(f) != 0) {
            yes.run(f);
          } else {
            no.run(f);
          }
        };
      }
      case Stmt.For loop -> loop(loop);
      case Stmt.Store(var address, var k, var value, _) -> store(address, k, value);
      case Stmt.Evaluate(var expr) -> {
        Value v = closures.value(expr);
        yield v::get;
      }
      case Stmt.RaiseFlag(var flag, var condition) -> {
        Value c = closures.value(condition);
        int bit = Kernel.bit(flag);
        yield f -> f.flags |= c.get(f) != 0 ? bit : 0;
      }
      case Stmt.Raise(var trap, var cause, var value, _) -> {
        Value c = closures.value(cause);
        Value v = closures.value(value);
        yield f -> {
          throw new GuestTrap(trap, c.get(f), v.get(f));
        };
      }
      case Stmt.Require(var condition, _, _) -> {
        Value c = closures.value(condition);
        yield f -> {
          if (c.get(f) == 0) {
            throw traps.illegal(f.hart, f.word);
          }
        };
      }
      case Stmt.Jump(var target, _) -> jump(closures.value(target));
      case Stmt.Await(var condition, _) -> {
        Value c = closures.value(condition);
        yield f -> {
          if (c.get(f) == 0) {
            throw new Waiting();
          }
        };
      }
      case Stmt.Stop _ -> f -> f.stopped = true;
      case Stmt.Fence _ -> _ -> {};
      case Stmt.Each _, Stmt.CallShape _ -> throw new NotCompiled(stmt);
    };
  }

  private Action jump(Value target) {
    long mask = traps.alignment() - 1L;
    return f -> {
      long to = target.get(f);
      if ((to & mask) != 0) {
        throw traps.misaligned(f.hart, AccessKind.FETCH, to);
      }
      f.target = to;
      f.jumped = true;
    };
  }

  private Action let(int slot, Expr value) {
    if (Closures.isLong(value.type())) {
      Value v = closures.value(value);
      return f -> f.slots[slot] = v.get(f);
    }
    Thing<?> thing =
        value.type() instanceof Type.Exact ? closures.exacts().exact(value) : closures.big(value);
    if (slot >= Frame.THINGS) {
      throw new NotCompiled(value);
    }
    return f -> f.things[slot] = thing.get(f);
  }

  private Action loop(Stmt.For loop) {
    int slot = closures.slot(loop.index());
    Value from = closures.value(loop.from());
    Value to = closures.value(loop.to());
    Action body = action(loop.body());
    Action plain =
        f -> {
          long end = to.get(f);
          for (long i = from.get(f); i < end; i++) {
            f.slots[slot] = i;
            body.run(f);
          }
        };
    RowCopy copy = waits ? null : RowCopy.of(loop);
    ViewLayout layout = copy == null ? null : ViewLayout.of(copy.view());
    return copy == null || layout == null ? plain : row(copy, layout, plain);
  }

  private Action store(Expr address, @Nullable Expr k, Expr value) {
    int width = Constant.width(value.type());
    if (width == 4 && k != null) {
      return storeNibble(closures.value(address), closures.value(k), closures.value(value));
    }
    if (width % 8 != 0 || width > 64) {
      throw new NotCompiled(value);
    }
    int bytes = width >>> 3;
    Value at = closures.address(address, k, bytes);
    Value v = closures.value(value);
    if (waits) {
      Frame.Sink sink = (f, place, stored) -> f.hart.store(place, bytes, stored, AccessKind.STORE);
      return f -> f.laterStore(sink, at.get(f), bytes, v.get(f));
    }
    return f -> f.hart.store(at.get(f), bytes, v.get(f), AccessKind.STORE);
  }

  /// Two elements of 4 bits share a byte, the lower index in the low half; the byte is read when
  /// the statement runs, and joined when it is stored.
  private Action storeNibble(Value address, Value k, Value value) {
    Frame.Sink sink =
        (f, place, shifted) -> {
          int shift = (int) (shifted >>> 8);
          long before = f.hart.memory().load(place, 1, AccessKind.STORE);
          long after = before & ~(15L << shift) | (shifted & 15) << shift;
          f.hart.store(place, 1, after, AccessKind.STORE);
        };
    boolean later = waits;
    return f -> {
      long n = k.get(f);
      long at = address.get(f) + (n >> 1);
      long shifted = value.get(f) | (n & 1) << 10;
      f.hart.load(at, 1, AccessKind.STORE);
      if (later) {
        f.laterStore(sink, at, 1, shifted);
      } else {
        sink.commit(f, at, shifted);
      }
    };
  }

  // ------------------------------------------------------------------ rows

  /// Rows of bytes are copied; what does not begin at a byte goes element by element.
  private Action row(RowCopy copy, ViewLayout layout, Action plain) {
    Value first = closures.value(copy.first());
    Value end = closures.value(copy.end());
    Value address = closures.value(copy.address());
    Value memory = closures.value(copy.memory());
    Value column = closures.value(copy.column());
    Value row = copy.row().isEmpty() ? _ -> 0 : closures.value(copy.row().getFirst());
    RegisterFile file = copy.view().file();
    DirtyRegisters dirty = dirtyRegisters(copy.view());
    int bits = copy.view().storage();
    boolean store = copy.isStore();
    boolean dirties = !store && !file.dirty().isEmpty();
    return f -> {
      long k = first.get(f);
      long n = end.get(f) - k;
      if (n <= 0) {
        return;
      }
      long i = row.get(f);
      long j = k + column.get(f);
      long at = k + memory.get(f);
      long from = address.get(f) + (at * bits >> 3);
      AccessKind kind = store ? AccessKind.STORE : AccessKind.LOAD;
      if (!f.hart.isPlainRun(from, n * bits + 7 >> 3, bits >> 3, kind)
          || (at * bits & 7) != 0
          || (n * bits & 7) != 0
          || (layout.bit(i, j) & 7) != 0
          || (long) layout.run() * bits % 8 != 0) {
        probe(f, address.get(f), at, n, bits, kind);
        plain.run(f);
        return;
      }
      move(f, layout, i, j, from, (int) n, store);
      if (dirties && !dirty.isDone(f)) {
        for (long c = j; c < j + n; c += run(layout, c)) {
          dirty.wrote(f, layout.bit(i, c));
        }
      }
    };
  }

  /// A row that goes element by element takes effect as a whole, too.
  private static void probe(Frame f, long address, long first, long n, int bits, AccessKind kind) {
    int bytes = Math.max(1, bits >> 3);
    for (long k = first; k < first + n; k++) {
      f.hart.check(address + (k * bits >> 3), bytes, kind);
    }
  }

  /// How many elements from column j on lie side by side.
  private static long run(ViewLayout layout, long j) {
    return layout.rowsAreContiguous() ? Integer.MAX_VALUE : layout.run() - j % layout.run();
  }

  private static void move(
      Frame f, ViewLayout layout, long row, long column, long address, int n, boolean store) {
    int bits = layout.storage();
    byte[] bytes = f.hart.bytes(layout.file());
    long j = column;
    long left = n;
    long at = address;
    if (run(layout, j) < n) {
      f.hart.memory().check(at, left * bits >> 3, store ? AccessKind.STORE : AccessKind.LOAD);
    }
    while (left > 0) {
      long count = Math.min(left, run(layout, j));
      int length = (int) (count * bits >> 3);
      int offset = (int) (layout.bit(row, j) >>> 3);
      if (store) {
        f.hart.store(at, bytes, offset, length);
      } else {
        f.hart.load(at, bytes, offset, length);
      }
      at += length;
      j += count;
      left -= count;
    }
  }

  // ------------------------------------------------------------------ assignments

  private Action assign(LValue target, Expr value) {
    if (target instanceof LValue.Variable(var local)) {
      return let(closures.slot(local), value);
    }
    if (target instanceof LValue.Register(var file, var index, _) && file.width() > 64) {
      return whole(file, index, value);
    }
    if (!Closures.isLong(value.type())) {
      throw new NotCompiled(value);
    }
    Value v = closures.value(value);
    Place place = place(target);
    Value at = place.at;
    Frame.Sink sink = place.sink;
    if (waits) {
      return f -> f.later(sink, at.get(f), v.get(f));
    }
    return f -> {
      long result = v.get(f);
      sink.commit(f, at.get(f), result);
    };
  }

  /// A constant for a whole wide register.
  private Action whole(RegisterFile file, Expr index, Expr value) {
    if (!(value instanceof Literal(_, var constant)) || file.width() % 8 != 0) {
      throw new NotCompiled(value);
    }
    byte[] bytes = new byte[file.width() / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = constant.shiftRight(8 * i).byteValue();
    }
    Value number = closures.value(index);
    int slot = closures.apart().slot(new Local(0, "r", Type.Int.of(0)));
    Action dirty = csrs.dirty(file.dirty(), f -> f.slots[slot]);
    Frame.Sink sink =
        (f, place, _) -> {
          int at = (int) place * bytes.length;
          System.arraycopy(bytes, 0, f.hart.bytes(file), at, bytes.length);
          f.slots[slot] = place;
          dirty.run(f);
        };
    return waits ? f -> f.later(sink, number.get(f), 0) : f -> sink.commit(f, number.get(f), 0);
  }

  /// Something that an assignment writes: a place, which is computed with the value before any
  /// effect, and how to write there.
  private record Place(Value at, Frame.Sink sink) {}

  private static Place at(Value at, Frame.Sink sink) {
    return new Place(at, sink);
  }

  private Place place(LValue target) {
    return switch (target) {
      case LValue.Register(var file, var index, _) -> register(file, index);
      case LValue.RegisterSlice(var file, var index, int hi, int lo) -> slice(file, index, hi, lo);
      case LValue.Element(var view, var indices, _) -> element(view, indices);
      case LValue.WholeCsr(var csr, _) -> fixed(csrs.whole(csr));
      case LValue.Field(var csr, var field, _) -> fixed(csrs.field(csr, field));
      case LValue.FieldBit(var csr, var field, var bit) -> {
        Value number = closures.value(bit);
        int slot = closures.apart().slot(new Local(0, "n", Type.BOOL));
        CsrWrites.Write write = csrs.bit(csr, field, f -> f.slots[slot]);
        yield at(
            number,
            (f, place, value) -> {
              f.slots[slot] = place;
              write.write(f, value);
            });
      }
      case LValue.CsrNumber(var number, _) -> {
        Csr csr = number instanceof Literal(_, var n) ? closures.isa().csr(n.intValue()) : null;
        yield csr == null ? fixed((f, _) -> refuse(f)) : fixed(csrs.whole(csr));
      }
      case LValue.Variable _ -> throw new IllegalArgumentException("a name is no state");
    };
  }

  private void refuse(Frame f) {
    throw traps.illegal(f.hart, f.word);
  }

  private static Place fixed(CsrWrites.Write write) {
    return at(_ -> 0, (f, _, value) -> write.write(f, value));
  }

  private Place register(RegisterFile file, Expr index) {
    if (file.width() > 64) {
      throw new NotCompiled(file);
    }
    int offset = Layout.offset(closures.isa(), file);
    boolean single = file.count() == 1;
    int zero = file.zero() == null ? -1 : file.zero();
    Value number = closures.value(index);
    int slot = closures.apart().slot(new Local(0, "r", Type.Int.of(0)));
    Action dirty = csrs.dirty(file.dirty(), f -> f.slots[slot]);
    if (single) {
      return at(
          number,
          (f, place, value) -> {
            f.hart.writeRegister(file, (int) place, value);
            dirty.run(f);
          });
    }
    if (file.dirty().isEmpty()) {
      return at(
          number,
          (f, place, value) -> {
            if (place != zero) {
              f.x[offset + (int) place] = value;
            }
          });
    }
    return at(
        number,
        (f, place, value) -> {
          if (place != zero) {
            f.x[offset + (int) place] = value;
            f.slots[slot] = place;
            dirty.run(f);
          }
        });
  }

  private Place slice(RegisterFile file, Expr index, int hi, int lo) {
    int zero = file.zero() == null ? -1 : file.zero();
    int width = hi - lo + 1;
    if (width > 64) {
      throw new NotCompiled(file);
    }
    Value number = closures.value(index);
    int slot = closures.apart().slot(new Local(0, "r", Type.Int.of(0)));
    Action dirty = csrs.dirty(file.dirty(), f -> f.slots[slot]);
    return at(
        number,
        (f, place, value) -> {
          if (place != zero) {
            f.hart.writeBits(file, place * file.width() + lo, width, value);
            f.slots[slot] = place;
            dirty.run(f);
          }
        });
  }

  private Place element(View view, List<Expr> indices) {
    RegisterFile file = view.file();
    int width = Constant.width(view.element());
    if (width != view.storage() || width < 1 || width > 64) {
      throw new NotCompiled(view);
    }
    Value bit = closures.bit(view, indices);
    if (shadowed != null) {
      if (file.width() <= 64) {
        throw new NotCompiled(view);
      }
      return shadow(view, bit, width);
    }
    if (file.dirty().isEmpty()) {
      return at(bit, (f, place, value) -> f.hart.writeBits(file, place, width, value));
    }
    DirtyRegisters dirty = dirtyRegisters(view);
    return at(
        bit,
        (f, place, value) -> {
          f.hart.writeBits(file, place, width, value);
          if (!dirty.isDone(f)) {
            dirty.wrote(f, place);
          }
        });
  }
}
