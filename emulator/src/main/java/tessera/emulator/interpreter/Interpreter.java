package tessera.emulator.interpreter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Engine;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.Observer;
import tessera.emulator.Step;
import tessera.emulator.TrapHandler;
import tessera.emulator.kernel.Kernels;
import tessera.emulator.memory.HostMemoryExhausted;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.encoding.Decoder;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.MemoryFault;
import tessera.isaspec.semantics.Waiting;

/// The interpreter (lowering.md, tier T1): decodes each instruction once, as a micro-operation
/// where its text has the form of one, else as closures, else by name for the plain evaluator.
///
/// It makes no classes, so a user's own instruction runs like any other from its first execution.
/// Each hart has decoded instructions of its own.
public final class Interpreter implements Engine {
  private static final int MASK = Memory.PAGE - 1;
  private static final int KEPT = 8;

  private final Isa isa;
  private final Context context;
  private final Evaluator evaluator;
  private final Traps traps;
  private final EndlessLoop endless;
  private final Compiler compiler;
  private final Map<Hart, Session> sessions = new HashMap<>();

  /// A place whose conditions hold in the epoch at hand.
  private record GuardedPlace(CodePage page, int slot) {}

  private Interpreter(Isa isa, Kernels kernels) {
    this.isa = isa;
    this.context = Context.of(isa, kernels);
    this.evaluator = context.evaluator();
    this.traps = context.traps();
    this.endless = EndlessLoop.of(isa, traps);
    this.compiler = new Compiler(context);
  }

  /// {@return an interpreter for an ISA}
  public static Interpreter of(Isa isa, Kernels kernels) {
    return new Interpreter(isa, kernels);
  }

  /// {@return the instructions met so far that the plain evaluator runs, by name, with the form in
  /// their text that closures do not cover}
  public Map<String, String> evaluated() {
    return compiler.evaluated();
  }

  /// {@return the signatures of kernels that are not used, since they differ from the text}
  public List<String> refutedKernels() {
    return context.trials().refuted();
  }

  @Override
  public Exit run(Hart hart, long budget) {
    Session s = sessions.get(hart);
    if (s == null || !s.serves(hart)) {
      if (s != null) {
        s.close();
      }
      s = new Session(hart);
      sessions.put(hart, s);
    }
    return s.run(budget);
  }

  /// A run of one hart with one observer.
  private final class Session {
    final Hart hart;
    final @Nullable Observer observer;
    private final Memory memory;
    private final Frame frame;
    private final ModeReader modes;
    private CodeCache cache;
    private final CodeCache open;
    private final Map<Object, CodeCache> guardedCode = new LinkedHashMap<>();
    private final boolean every;
    private final boolean totals;
    private final Step step;
    private byte[] @Nullable [] readable;
    private byte[] @Nullable [] writable;
    private final long window;
    private long epoch;
    private @Nullable Object grants;
    private final List<GuardedPlace> guarded = new ArrayList<>();

    // What the loop leaves behind when it returns
    private CodePage page;
    private int slot;
    private long done;

    // What it is told while it runs
    private long limit;
    private long start;
    private @Nullable Exit exit;

    // When a line of the platform may change next, in cycles
    private long due;

    Session(Hart hart) {
      this.hart = hart;
      this.observer = hart.observer();
      this.memory = hart.memory();
      this.frame = new Frame(hart);
      this.modes = new ModeReader(context, frame);
      this.every = observer != null && observer.detail() == Observer.Detail.EVERY;
      this.totals = observer != null && !every;
      this.open = new CodeCache(memory, totals);
      this.cache = open;
      this.step = hart.step();
      this.readable = memory.readable();
      this.writable = memory.writable();
      this.window = memory.base();
      this.epoch = hart.epoch();
      this.page = cache.page(hart.pc());
    }

    @SuppressWarnings("ReferenceEquality") // the same observer, not one like it
    boolean serves(Hart other) {
      return observer == other.observer();
    }

    /// Ends the watching of code.
    void close() {
      open.close();
      guardedCode.values().forEach(CodeCache::close);
    }

    Exit run(long budget) {
      start = hart.retired();
      done = 0;
      due = 0;
      exit = null;
      enter(hart.pc());
      Exit end = null;
      while (end == null) {
        end = done < budget ? go(budget) : new Exit.BudgetSpent();
      }
      stop();
      if (totals && observer != null) {
        cache.tell(observer);
      }
      return end;
    }

    private long pc() {
      return page.base + 2L * slot;
    }

    /// Begins a line at an address.
    private void enter(long pc) {
      page = cache.page(pc);
      slot = (int) (pc & MASK) >>> 1;
      if (totals) {
        page.entered[slot]++;
      }
    }

    /// Ends the line before the instruction at hand.
    private void stop() {
      if (totals) {
        page.entered[slot]--;
      }
      hart.pc(pc());
      hart.retired(start + done);
    }

    /// Runs on until something is to be seen to; null: run on.
    private @Nullable Exit go(long budget) {
      regard();
      decodeChangedAgain();
      GuestTrap interrupt = watch(budget);
      if (interrupt != null) {
        return trapped(interrupt);
      }
      try {
        loop();
        hart.waiting(false);
      } catch (Waiting _) {
        return waits();
      } catch (MemoryFault fault) {
        return trapped(traps.fault(hart, fault));
      } catch (GuestTrap trap) {
        return trapped(trap);
      } catch (HostMemoryExhausted exhausted) {
        return new Exit.MemoryExhausted(exhausted.limit());
      }
      decodeChangedAgain();
      return exit != null ? exit : hart.exit();
    }

    /// Sees to interrupts, and says how far to run until they may change.
    ///
    /// @return the interrupt that is due
    private @Nullable GuestTrap watch(long budget) {
      hart.retired(start + done);
      hart.pc(pc());
      long now = hart.cycles();
      if (now >= due) {
        hart.attend();
      }
      due = hart.nextEvent();
      if (hart.isWaiting()) {
        // What it awaits may hold now; then it completes before interrupts are considered.
        limit = done + 1;
        return null;
      }
      GuestTrap interrupt = hart.mayInterrupt() ? hart.interrupt() : null;
      limit = every || due - now >= budget - done ? budget : done + Math.max(1, due - now);
      return interrupt;
    }

    /// The instruction at hand awaits something: an interrupt is taken at its pc.
    private @Nullable Exit waits() {
      GuestTrap interrupt = hart.mayInterrupt() ? hart.interrupt() : null;
      hart.waiting(interrupt == null);
      if (interrupt != null) {
        return trapped(interrupt);
      }
      stop();
      enter(hart.pc());
      return new Exit.Waiting();
    }

    private void decodeChangedAgain() {
      if (cache.isChanged()) {
        stop();
        if (observer != null && totals) {
          cache.tell(observer);
        }
        cache.forgetChanged();
        enter(hart.pc());
      }
    }

    private @Nullable Exit trapped(GuestTrap trap) {
      stop();
      Step what = hart.step();
      hart.waiting(false);
      TrapHandler.Outcome outcome = hart.take(trap);
      return switch (outcome) {
        case UNHANDLED -> {
          enter(hart.pc());
          yield new Exit.Trapped(trap);
        }
        case SERVED -> {
          long pc = pc();
          long next = hart.pc();
          Compiled insn = page.insns[slot];
          done++;
          hart.retired(start + done);
          if (observer != null && insn != null) {
            what.begin(pc);
            what.end(next, next != pc + insn.bytes);
            observer.retired(insn.info, what);
          }
          enter(next);
          yield hart.exit();
        }
        case ENTERED -> {
          // It counts against the budget: a handler that traps at once would go on forever.
          done++;
          start--;
          enter(hart.pc());
          yield null;
        }
      };
    }

    // ---------------------------------------------------------------- the loop

    /// Runs instructions until `limit`. Every case gives a value for a register (the one that
    /// nobody reads where there is none), or goes on by itself.
    private void loop() {
      final long[] x = hart.registers();
      final byte[] @Nullable [] loads = readable;
      final byte[] @Nullable [] stores = writable;
      final long first = window;
      CodePage p = page;
      long[] ops = p.ops;
      int s = slot;
      long n = done;
      try {
        while (n < limit) {
          long op = ops[s];
          long a = x[(int) (op >>> 16) & 255];
          long b = x[(int) (op >>> 24) & 255];
          int c = (int) (op >> 32);
          int to = s + 2 - ((int) op >>> 7 & 1);
          long at = 0;
          long v;
          switch ((int) op & 0x7f) {
            case Op.NOTHING -> v = 0;
            case Op.CONSTANT -> v = c;
            case Op.PC_ADD -> v = p.base + 2L * s + c;
            case Op.ADD -> v = a + b;
            case Op.SUB -> v = a - b;
            case Op.MUL -> v = a * b;
            case Op.AND -> v = a & b;
            case Op.OR -> v = a | b;
            case Op.XOR -> v = a ^ b;
            case Op.SHL -> v = a << b;
            case Op.SHR -> v = a >>> b;
            case Op.SAR -> v = a >> b;
            case Op.LESS -> v = a < b ? 1 : 0;
            case Op.BELOW -> v = Long.compareUnsigned(a, b) < 0 ? 1 : 0;
            case Op.DIV -> v = Integers.div(a, b);
            case Op.DIVU -> v = Integers.divu(a, b);
            case Op.REM -> v = Integers.rem(a, b);
            case Op.REMU -> v = Integers.remu(a, b);
            case Op.MULH -> v = Math.multiplyHigh(a, b);
            case Op.MULHU -> v = Math.unsignedMultiplyHigh(a, b);
            case Op.MULHSU -> v = Integers.mulhsu(a, b);
            case Op.ADD32 -> v = (int) (a + b);
            case Op.SUB32 -> v = (int) (a - b);
            case Op.MUL32 -> v = (int) (a * b);
            case Op.SHL32 -> v = (long) ((int) a << (int) b);
            case Op.SHR32 -> v = (long) ((int) a >>> (int) b);
            case Op.SAR32 -> v = (int) a >> (int) b;
            case Op.DIV32 -> v = Integers.div32((int) a, (int) b);
            case Op.DIVU32 -> v = Integers.divu32((int) a, (int) b);
            case Op.REM32 -> v = Integers.rem32((int) a, (int) b);
            case Op.REMU32 -> v = Integers.remu32((int) a, (int) b);
            case Op.ADD_CONSTANT -> v = a + c;
            case Op.AND_CONSTANT -> v = a & c;
            case Op.OR_CONSTANT -> v = a | c;
            case Op.XOR_CONSTANT -> v = a ^ c;
            case Op.SHL_CONSTANT -> v = a << c;
            case Op.SHR_CONSTANT -> v = a >>> c;
            case Op.SAR_CONSTANT -> v = a >> c;
            case Op.LESS_CONSTANT -> v = a < c ? 1 : 0;
            case Op.BELOW_CONSTANT -> v = Long.compareUnsigned(a, c) < 0 ? 1 : 0;
            case Op.ADD32_CONSTANT -> v = (int) (a + c);
            case Op.SHL32_CONSTANT -> v = (long) ((int) a << c);
            case Op.SHR32_CONSTANT -> v = (long) ((int) a >>> c);
            case Op.SAR32_CONSTANT -> v = (int) a >> c;
            case Op.LOAD8 -> {
              at = a + c;
              byte[] bytes = page(loads, first, at, 1);
              v = bytes != null ? bytes[(int) at & MASK] : (byte) load(p, s, n, at, 1);
            }
            case Op.LOAD16 -> {
              at = a + c;
              byte[] bytes = page(loads, first, at, 2);
              v =
                  bytes != null
                      ? (short) Memory.get(bytes, (int) at & MASK, 2)
                      : (short) load(p, s, n, at, 2);
            }
            case Op.LOAD32 -> {
              at = a + c;
              byte[] bytes = page(loads, first, at, 4);
              v =
                  bytes != null
                      ? (int) Memory.get(bytes, (int) at & MASK, 4)
                      : (int) load(p, s, n, at, 4);
            }
            case Op.LOAD64 -> {
              at = a + c;
              byte[] bytes = page(loads, first, at, 8);
              v = bytes != null ? Memory.get(bytes, (int) at & MASK, 8) : load(p, s, n, at, 8);
            }
            case Op.LOADU8 -> {
              at = a + c;
              byte[] bytes = page(loads, first, at, 1);
              v = bytes != null ? bytes[(int) at & MASK] & 255 : load(p, s, n, at, 1);
            }
            case Op.LOADU16 -> {
              at = a + c;
              byte[] bytes = page(loads, first, at, 2);
              v = bytes != null ? Memory.get(bytes, (int) at & MASK, 2) : load(p, s, n, at, 2);
            }
            case Op.LOADU32 -> {
              at = a + c;
              byte[] bytes = page(loads, first, at, 4);
              v = bytes != null ? Memory.get(bytes, (int) at & MASK, 4) : load(p, s, n, at, 4);
            }
            case Op.LOAD_BOXED32 -> {
              at = a + c;
              byte[] bytes = page(loads, first, at, 4);
              v = bytes != null ? Memory.get(bytes, (int) at & MASK, 4) : load(p, s, n, at, 4);
              v |= -1L << 32;
            }
            case Op.STORE8 -> {
              at = a + c;
              byte[] bytes = page(stores, first, at, 1);
              if (bytes != null) {
                bytes[(int) at & MASK] = (byte) b;
              } else {
                store(p, s, n, at, 1, b);
              }
              v = 0;
            }
            case Op.STORE16 -> {
              at = a + c;
              byte[] bytes = page(stores, first, at, 2);
              if (bytes != null) {
                Memory.put(bytes, (int) at & MASK, 2, b);
              } else {
                store(p, s, n, at, 2, b);
              }
              v = 0;
            }
            case Op.STORE32 -> {
              at = a + c;
              byte[] bytes = page(stores, first, at, 4);
              if (bytes != null) {
                Memory.put(bytes, (int) at & MASK, 4, b);
              } else {
                store(p, s, n, at, 4, b);
              }
              v = 0;
            }
            case Op.STORE64 -> {
              at = a + c;
              byte[] bytes = page(stores, first, at, 8);
              if (bytes != null) {
                Memory.put(bytes, (int) at & MASK, 8, b);
              } else {
                store(p, s, n, at, 8, b);
              }
              v = 0;
            }
            case Op.IF_EQUAL -> {
              to = a == b ? s + (c >> 1) : to;
              v = 0;
            }
            case Op.IF_NOT_EQUAL -> {
              to = a != b ? s + (c >> 1) : to;
              v = 0;
            }
            case Op.IF_LESS -> {
              to = a < b ? s + (c >> 1) : to;
              v = 0;
            }
            case Op.IF_NOT_LESS -> {
              to = a >= b ? s + (c >> 1) : to;
              v = 0;
            }
            case Op.IF_BELOW -> {
              to = Long.compareUnsigned(a, b) < 0 ? s + (c >> 1) : to;
              v = 0;
            }
            case Op.IF_NOT_BELOW -> {
              to = Long.compareUnsigned(a, b) >= 0 ? s + (c >> 1) : to;
              v = 0;
            }
            case Op.JUMP -> {
              v = p.base + 2L * to;
              to = s + (c >> 1);
            }
            case Op.JUMP_REGISTER -> {
              long target = a + c & -2;
              if ((target & traps.alignment() - 1L) != 0) {
                throw traps.misaligned(hart, AccessKind.FETCH, target);
              }
              long behind = p.base + 2L * to;
              x[(int) (op >>> 8) & 255] = behind;
              n++;
              if (every) {
                tell(p, s, 0, target);
              }
              boolean jumped = target != behind;
              if (totals && jumped) {
                p.left[s]++;
              }
              if (target - p.base >>> 12 != 0) {
                p = cache.page(target);
                ops = p.ops;
              }
              s = (int) (target & MASK) >>> 1;
              if (totals && jumped) {
                p.entered[s]++;
              }
              continue;
            }
            case Op.NEXT_PAGE -> {
              long pc = p.base + 2L * s;
              p = cache.page(pc);
              ops = p.ops;
              s = (int) (pc & MASK) >>> 1;
              continue;
            }
            case Op.DECODE -> {
              decode(p, s);
              continue;
            }
            case Op.GUARD -> {
              guard(p, s);
              continue;
            }
            default -> {
              page = p;
              slot = s;
              done = n;
              slow(op);
              p = page;
              ops = p.ops;
              s = slot;
              n = done;
              continue;
            }
          }
          x[(int) (op >>> 8) & 255] = v;
          n++;
          if (every) {
            tell(p, s, at, p.base + 2L * to);
          }
          if (to - s - 1 >>> 1 != 0) {
            if (totals) {
              p.left[s]++;
            }
            if (to >>> 11 != 0) {
              long pc = p.base + 2L * to;
              p = cache.page(pc);
              ops = p.ops;
              to = (int) (pc & MASK) >>> 1;
            }
            if (totals) {
              p.entered[to]++;
            }
          }
          s = to;
        }
      } finally {
        page = p;
        slot = s;
        done = n;
      }
    }

    private static byte @Nullable [] page(
        byte[] @Nullable [] pages, long first, long at, int bytes) {
      long index = at - first >>> 12;
      return index < pages.length && ((int) at & MASK) <= Memory.PAGE - bytes
          ? pages[(int) index]
          : null;
    }

    private long load(CodePage p, int s, long n, long at, int bytes) {
      hart.retired(start + n);
      hart.ask(at, bytes, AccessKind.LOAD);
      long value = memory.load(at, bytes, AccessKind.LOAD);
      if (totals) {
        elsewhere(p, s, at, bytes, AccessKind.LOAD);
      }
      return value;
    }

    private void store(CodePage p, int s, long n, long at, int bytes, long value) {
      hart.retired(start + n);
      hart.ask(at, bytes, AccessKind.STORE);
      memory.store(at, bytes, value, AccessKind.STORE);
      if (totals) {
        elsewhere(p, s, at, bytes, AccessKind.STORE);
      }
      if (hart.exit() != null || cache.isChanged() || hart.mayInterrupt()) {
        limit = n + 1;
      }
    }

    /// Tells an access outside main memory by itself.
    private void elsewhere(CodePage p, int s, long at, int bytes, AccessKind kind) {
      Region region = memory.region(at);
      Compiled insn = p.insns[s];
      if (region != null && region.kind() != Region.Kind.RAM && insn != null && observer != null) {
        long pc = p.base + 2L * s;
        step.begin(pc);
        step.access(at, bytes, kind);
        step.end(pc + insn.bytes, false);
        observer.retired(insn.info, step);
        p.apart[s]++;
      }
    }

    /// Tells an execution of a micro-operation.
    private void tell(CodePage p, int s, long at, long next) {
      Compiled insn = p.insns[s];
      if (insn == null || observer == null) {
        return;
      }
      long pc = p.base + 2L * s;
      step.begin(pc);
      if (insn.info.loads() > 0) {
        step.access(at, insn.info.loads(), AccessKind.LOAD);
      } else if (insn.info.stores() > 0) {
        step.access(at, insn.info.stores(), AccessKind.STORE);
      }
      step.end(next, next != pc + insn.bytes);
      observer.retired(insn.info, step);
      if (due != Long.MAX_VALUE && hart.cycles() >= due) {
        limit = 0;
      }
    }

    // ---------------------------------------------------------------- all that is rare or slow

    /// Runs an instruction by closures or by the evaluator.
    private void slow(long op) {
      Compiled insn = page.insns[slot];
      if (insn == null) {
        throw new IllegalStateException("no instruction at " + pc());
      }
      long pc = pc();
      hart.pc(pc);
      hart.retired(start + done);
      if (Op.code(op) == Op.ENDLESS) {
        int loop = endless.length(hart, insn.binding.decoded());
        if (loop == 0) {
          page.ops[slot] = insn.op;
          return;
        }
        if (due == Long.MAX_VALUE) {
          exit = new Exit.Endless(loop);
          limit = done;
          return;
        }
        // It goes on until a line of the platform changes.
        if (loop == 1 && !every) {
          goRound(limit - done);
          return;
        }
      }
      if (observer != null) {
        step.begin(pc);
      }
      Action action = action(insn);
      long next = action == null ? evaluate(insn) : run(insn, action, pc);
      boolean jumped = next != pc + insn.bytes;
      done++;
      if (observer != null) {
        step.end(next, jumped);
        told(insn);
      }
      if (hart.epoch() != epoch) {
        regard();
      }
      if (hart.exit() != null || cache.isChanged() || hart.mayInterrupt()) {
        limit = done;
      }
      if (totals) {
        page.left[slot] += jumped ? 1 : 0;
      }
      if (next - page.base >>> 12 != 0) {
        page = cache.page(next);
      }
      slot = (int) (next & MASK) >>> 1;
      if (totals && jumped) {
        page.entered[slot]++;
      }
    }

    /// Jumps to itself so many times.
    private void goRound(long times) {
      done += times;
      if (totals) {
        page.left[slot] += times;
        page.entered[slot] += times;
      }
    }

    /// Tells an execution by itself, unless the sums will do it.
    private void told(Compiled insn) {
      if (observer != null
          && (every || !insn.info.isSummable() || insn.info.loads() + insn.info.stores() > 0)) {
        observer.retired(insn.info, step);
        if (totals) {
          page.apart[slot]++;
        } else if (due != Long.MAX_VALUE && hart.cycles() >= due) {
          limit = 0;
        }
      }
    }

    private @Nullable Action action(Compiled insn) {
      if (insn.later != null) {
        compiler.finish(insn);
        frame.room(compiler.names());
      }
      return insn.action;
    }

    private long run(Compiled insn, Action action, long pc) {
      Frame f = frame;
      f.begin(pc, insn.binding.decoded().word(), insn.bytes);
      for (Value condition : insn.others) {
        if (condition.get(f) == 0) {
          throw traps.illegal(hart, f.word);
        }
      }
      action.run(f);
      return f.target;
    }

    private long evaluate(Compiled insn) {
      evaluator.step(insn.binding.decoded(), hart);
      return hart.pc();
    }

    private void decode(CodePage p, int s) {
      long pc = p.base + 2L * s;
      hart.pc(pc);
      Decoded decoded = fetch(hart, isa, traps);
      Compiled insn = compiler.compile(decoded, modes);
      if (insn == null) {
        throw traps.illegal(hart, decoded.word());
      }
      frame.room(compiler.names());
      cache.decoded(pc, insn.bytes);
      p.insns[s] = insn;
      p.ops[s] = insn.isUnguarded() ? operation(insn) : Op.GUARD;
    }

    /// What was decoded where not everything may be fetched holds for these grants alone.
    private CodeCache guardedCode(Object view) {
      CodeCache code = guardedCode.remove(view);
      if (code == null) {
        code = new CodeCache(memory, totals);
      }
      guardedCode.put(view, code);
      if (guardedCode.size() > KEPT) {
        Object oldest = guardedCode.keySet().iterator().next();
        CodeCache old = guardedCode.remove(oldest);
        if (old != null) {
          old.close();
        }
      }
      return code;
    }

    /// Goes on with other decoded instructions.
    private void run(CodeCache code) {
      long pc = pc();
      if (totals && observer != null) {
        page.entered[slot]--;
        cache.tell(observer);
      }
      cache = code;
      enter(pc);
    }

    /// Asks the conditions of an instruction in a new epoch.
    private void guard(CodePage p, int s) {
      Compiled insn = p.insns[s];
      if (insn == null) {
        throw new IllegalStateException("no instruction at " + p.base + " + " + 2 * s);
      }
      long pc = p.base + 2L * s;
      hart.pc(pc);
      Decoded decoded = insn.binding.decoded();
      if (!insn.binding.holds(modes)) {
        // A variant has other numbers to be counted under.
        rebind(p, s, decoded);
        return;
      }
      frame.begin(pc, decoded.word(), insn.bytes);
      for (Value condition : insn.stable) {
        if (condition.get(frame) == 0) {
          throw traps.illegal(hart, decoded.word());
        }
      }
      p.ops[s] = operation(insn);
      guarded.add(new GuardedPlace(p, s));
    }

    private void rebind(CodePage p, int s, Decoded decoded) {
      Compiled other = compiler.compile(decoded, modes);
      if (other == null) {
        throw traps.illegal(hart, decoded.word());
      }
      frame.room(compiler.names());
      if (totals && observer != null) {
        p.entered[s]--;
        cache.tell(observer);
        p.entered[s]++;
      }
      p.insns[s] = other;
    }

    private long operation(Compiled insn) {
      if (insn.isSettled(frame)) {
        boolean jump = Op.code(insn.op) == Op.JUMP;
        return jump && endless.length(hart, insn.binding.decoded()) > 0
            ? Op.of(Op.ENDLESS)
            : insn.op;
      }
      return action(insn) != null ? Op.CLOSURE : Op.FALLBACK;
    }

    /// Has all conditions asked again.
    private void regard() {
      Object now = hart.grants();
      if (!now.equals(grants)) {
        grants = now;
        readable = hart.isOpen(AccessKind.LOAD) ? memory.readable() : NO_PAGES;
        writable = hart.isOpen(AccessKind.STORE) ? memory.writable() : NO_PAGES;
        CodeCache code = hart.isOpen(AccessKind.FETCH) ? open : guardedCode(now);
        if (code != cache) {
          run(code);
        }
        limit = Math.min(limit, done); // the loop holds the tables
      }
      if (hart.epoch() != epoch) {
        for (GuardedPlace g : guarded) {
          if (g.page.insns[g.slot] != null) {
            g.page.ops[g.slot] = Op.GUARD;
          }
        }
        guarded.clear();
        epoch = hart.epoch();
      }
    }
  }

  private static final byte[] @Nullable [] NO_PAGES = new byte[0][];

  /// {@return the instruction at the hart's pc}
  ///
  /// @throws GuestTrap when it can not be fetched, or is none
  public static Decoded fetch(Hart hart, Isa isa, Traps traps) {
    long pc = hart.pc();
    if ((pc & traps.alignment() - 1L) != 0) {
      throw traps.misaligned(hart, AccessKind.FETCH, pc);
    }
    try {
      Memory memory = hart.memory();
      hart.ask(pc, 2, AccessKind.FETCH);
      long word = memory.load(pc, 2, AccessKind.FETCH);
      if (Decoder.length(word) == 4) {
        hart.ask(pc + 2, 2, AccessKind.FETCH);
        word |= memory.load(pc + 2, 2, AccessKind.FETCH) << 16;
      }
      Decoded decoded = isa.decoder().decode(word);
      if (decoded == null) {
        throw traps.illegal(hart, word);
      }
      return decoded;
    } catch (MemoryFault fault) {
      throw traps.fault(hart, fault);
    }
  }
}
