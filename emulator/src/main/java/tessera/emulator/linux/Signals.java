package tessera.emulator.linux;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.MemoryFault;

/// A program's signals: what it wants done, what is blocked, what waits, and the frames of handlers
/// that run.
///
/// A frame is laid out as Linux lays out `struct rt_sigframe`: `siginfo`, then `ucontext` with the
/// scalar registers, which a handler may read and change. The vector and tile registers and their
/// CSRs are kept beside it: they may be larger than the stack that a handler gets.
final class Signals {
  private static final long DEFAULT = 0;
  private static final long IGNORE = 1;
  private static final long ON_STACK = 0x0800_0000L;
  private static final long NO_DEFER = 0x4000_0000L;
  private static final long RESET_HANDLER = 0x8000_0000L;

  private static final int INFO_BYTES = 128;
  private static final int MASK = 40;
  private static final int REGISTERS = 176;
  private static final int FLOATS = 432;
  private static final int FLOAT_STATUS = FLOATS + 256;
  private static final int CONTEXT_BYTES = 960;
  private static final int FRAME_BYTES = INFO_BYTES + CONTEXT_BYTES;

  private static final int STACK_IN_USE = 1;
  private static final int STACK_OFF = 2;

  /// What a program wants done with a signal.
  record Action(long handler, long flags, long mask) {
    static final Action NONE = new Action(DEFAULT, 0, 0);
  }

  /// Why a signal is sent.
  ///
  /// @param code `si_code`
  /// @param value the address of a fault; the sender of another
  record Info(int signal, int code, long value) {}

  /// What a frame does not hold.
  private record Beside(
      Map<RegisterFile, byte[]> wide, Map<RegisterFile, Long> single, Map<Csr, Long> csrs) {}

  private final Isa isa;
  private final RegisterFile x;
  private final @Nullable RegisterFile f;
  private final @Nullable Csr floatStatus;
  private final long trampoline;
  private final Action[] actions = new Action[Signal.LAST + 1];
  private final Map<Integer, Info> pending = new TreeMap<>();
  private final TreeMap<Long, Beside> besides = new TreeMap<>(Long::compareUnsigned);
  private long blocked;
  private @Nullable Long blockedBefore;
  private long stack;
  private long stackSize;
  private int stackFlags = STACK_OFF;

  /// @param trampoline where instructions lie that return from a handler
  Signals(Isa isa, RegisterFile x, long trampoline) {
    this.isa = isa;
    this.x = x;
    this.f = isa.registerFile("f");
    Csr status = isa.csr("fcsr");
    this.floatStatus = status != null && status.shown() == null ? status : null;
    this.trampoline = trampoline;
    Arrays.fill(actions, Action.NONE);
  }

  // ------------------------------------------------------------------ what a program asks for

  Action action(int signal) {
    return actions[number(signal)];
  }

  void action(int signal, Action action) {
    if (isUnstoppable(number(signal))) {
      throw new Refused(Errno.EINVAL);
    }
    actions[signal] = action;
    if (action.handler == IGNORE) {
      pending.remove(signal);
    }
  }

  private static int number(int signal) {
    if (signal < 1 || signal > Signal.LAST) {
      throw new Refused(Errno.EINVAL);
    }
    return signal;
  }

  private static boolean isUnstoppable(int signal) {
    return signal == Signal.SIGKILL.number() || signal == Signal.SIGSTOP.number();
  }

  long blocked() {
    return blocked;
  }

  void blocked(long mask) {
    blocked = mask & ~(bit(Signal.SIGKILL.number()) | bit(Signal.SIGSTOP.number()));
  }

  /// Blocks these until a handler has returned.
  void suspend(long mask) {
    blockedBefore = blocked;
    blocked(mask);
  }

  /// {@return the signals that wait because they are blocked}
  long waiting() {
    long mask = 0;
    for (int signal : pending.keySet()) {
      mask |= bit(signal);
    }
    return mask;
  }

  /// Takes a waiting signal away.
  @Nullable Info take(long mask) {
    for (Info info : pending.values()) {
      if ((mask & bit(info.signal)) != 0) {
        pending.remove(info.signal);
        return info;
      }
    }
    return null;
  }

  void send(Info info) {
    if (actions[info.signal].handler != IGNORE) {
      pending.putIfAbsent(info.signal, info);
    }
  }

  /// Sends what a program gets that writes where nobody reads.
  void brokenPipe() {
    send(new Info(Signal.SIGPIPE.number(), 0, ProcessCalls.PROCESS));
  }

  Struct stack(Hart hart) {
    return Struct.of(24).int64(0, stack).int32(8, stackState(hart)).int64(16, stackSize);
  }

  void stack(Hart hart, Struct given) {
    if (stackState(hart) == STACK_IN_USE) {
      throw new Refused(Errno.EPERM);
    }
    boolean off = (given.int32(8) & STACK_OFF) != 0;
    if (!off && given.int64(16) < 2048) {
      throw new Refused(Errno.ENOMEM);
    }
    stack = off ? 0 : given.int64(0);
    stackSize = off ? 0 : given.int64(16);
    stackFlags = off ? STACK_OFF : 0;
  }

  private int stackState(Hart hart) {
    return isOnStack(sp(hart)) ? STACK_IN_USE : stackFlags;
  }

  private boolean isOnStack(long address) {
    return stackFlags == 0 && Long.compareUnsigned(address - 1 - stack, stackSize) < 0;
  }

  private static long bit(int signal) {
    return 1L << signal - 1;
  }

  // ------------------------------------------------------------------ delivery

  /// Has a handler run for a signal that waits and is not blocked, or ends the program.
  void deliver(Hart hart) {
    for (Info info = next(); info != null && hart.exit() == null; info = next()) {
      pending.remove(info.signal);
      Action action = actions[info.signal];
      if (action.handler == DEFAULT) {
        byDefault(hart, info.signal);
      } else if (!enter(hart, info, action)) {
        hart.stop(new Exit.Signalled(Signal.SIGSEGV.number(), Signal.SIGSEGV.name()));
      } else {
        return;
      }
    }
  }

  private @Nullable Info next() {
    for (Info info : pending.values()) {
      if ((blocked & bit(info.signal)) == 0) {
        return info;
      }
    }
    return null;
  }

  private static void byDefault(Hart hart, int signal) {
    if (Signal.isStop(signal)) {
      hart.stop(new Exit.Endless(1));
    } else if (!Signal.isHarmless(signal)) {
      hart.stop(new Exit.Signalled(signal, Signal.name(signal)));
    }
  }

  /// Has a handler run for what an instruction did wrong.
  ///
  /// @return false: the program has none, or it can not run
  boolean fault(Hart hart, Info info) {
    Action action = actions[info.signal];
    boolean handled =
        action.handler != DEFAULT && action.handler != IGNORE && (blocked & bit(info.signal)) == 0;
    return handled && enter(hart, info, action);
  }

  private boolean enter(Hart hart, Info info, Action action) {
    long sp = sp(hart);
    boolean away = (action.flags & ON_STACK) != 0 && stackFlags == 0 && !isOnStack(sp);
    long frame = ((away ? stack + stackSize : sp) - FRAME_BYTES) & -16;
    try {
      info(info).write(hart.memory(), frame);
      context(hart).write(hart.memory(), frame + INFO_BYTES);
    } catch (MemoryFault _) {
      return false;
    }
    remember(hart, frame);
    blockedBefore = null;
    blocked(blocked | action.mask | ((action.flags & NO_DEFER) == 0 ? bit(info.signal) : 0));
    if ((action.flags & RESET_HANDLER) != 0) {
      actions[info.signal] = Action.NONE;
    }
    hart.writeRegister(x, 1, trampoline);
    hart.writeRegister(x, 2, frame);
    hart.writeRegister(x, 10, info.signal);
    hart.writeRegister(x, 11, frame);
    hart.writeRegister(x, 12, frame + INFO_BYTES);
    hart.pc(action.handler);
    return true;
  }

  private long sp(Hart hart) {
    return hart.readRegister(x, 2);
  }

  /// {@return `siginfo` of a signal}
  static Struct info(Info info) {
    Struct struct = Struct.of(INFO_BYTES).int32(0, info.signal).int32(8, info.code);
    return info.code > 0 ? struct.int64(16, info.value) : struct.int32(16, info.value);
  }

  private Struct context(Hart hart) {
    Struct struct = Struct.of(CONTEXT_BYTES);
    struct.int64(16, stack).int32(24, stackState(hart)).int64(32, stackSize);
    struct.int64(MASK, blockedBefore == null ? blocked : blockedBefore);
    struct.int64(REGISTERS, hart.pc());
    for (int i = 1; i < x.count(); i++) {
      struct.int64(REGISTERS + 8 * i, hart.readRegister(x, i));
    }
    if (f != null) {
      for (int i = 0; i < f.count(); i++) {
        struct.int64(FLOATS + 8 * i, hart.readRegister(f, i));
      }
    }
    if (floatStatus != null) {
      struct.int32(FLOAT_STATUS, hart.readCsr(floatStatus));
    }
    return struct;
  }

  // ------------------------------------------------------------------ the way back

  /// Goes on where a handler interrupted the program.
  void handlerReturns(Hart hart) {
    long frame = sp(hart);
    Struct struct;
    try {
      struct = Struct.read(hart.memory(), frame + INFO_BYTES, CONTEXT_BYTES);
    } catch (MemoryFault _) {
      hart.stop(new Exit.Signalled(Signal.SIGSEGV.number(), Signal.SIGSEGV.name()));
      return;
    }
    for (int i = 1; i < x.count(); i++) {
      hart.writeRegister(x, i, struct.int64(REGISTERS + 8 * i));
    }
    if (f != null) {
      for (int i = 0; i < f.count(); i++) {
        hart.writeRegister(f, i, struct.int64(FLOATS + 8 * i));
      }
    }
    restore(hart, besides.remove(frame));
    if (floatStatus != null) {
      hart.writeCsr(floatStatus, struct.int32(FLOAT_STATUS) & 0xff);
    }
    blocked(struct.int64(MASK));
    hart.pc(struct.int64(REGISTERS));
  }

  private void remember(Hart hart, long frame) {
    // Frames below on the same stack belong to handlers that were left by a long jump.
    boolean here = isOnStack(frame);
    besides.headMap(frame, true).keySet().removeIf(other -> isOnStack(other) == here);
    Map<RegisterFile, byte[]> wide = new HashMap<>();
    Map<RegisterFile, Long> single = new HashMap<>();
    for (RegisterFile file : isa.registerFiles()) {
      if (file.width() > 64) {
        wide.put(file, hart.bytes(file).clone());
      } else if (file.count() == 1 && !file.name().equals("pc")) {
        single.put(file, hart.readRegister(file, 0));
      }
    }
    Map<Csr, Long> csrs = new HashMap<>();
    for (Csr csr : isa.csrs()) {
      if (csr.privilege() == 0 && csr.fields().stream().allMatch(Signals::isState)) {
        csrs.put(csr, hart.readCsr(csr));
      }
    }
    besides.put(frame, new Beside(wide, single, csrs));
  }

  private void restore(Hart hart, @Nullable Beside beside) {
    if (beside == null) {
      return;
    }
    beside.wide.forEach(
        (file, bytes) -> System.arraycopy(bytes, 0, hart.bytes(file), 0, bytes.length));
    beside.single.forEach((file, value) -> hart.writeRegister(file, 0, value));
    beside.csrs.forEach(hart::writeCsr);
  }

  private static boolean isState(CsrField field) {
    return switch (field.rule()) {
      case CsrField.Rule.Stored _, CsrField.Rule.Fixed _, CsrField.Rule.Computed _ -> true;
      case CsrField.Rule.Line _, CsrField.Rule.Counts _ -> false;
    };
  }

  /// {@return the instructions that return from a handler: `li a7, 139; ecall`}
  static byte[] trampoline() {
    return new byte[] {(byte) 0x93, 0x08, (byte) 0xb0, 0x08, 0x73, 0, 0, 0};
  }

  /// Sends what a faulting instruction deserves, as Linux does.
  static @Nullable Info of(String trap, long pc, long value, Memory memory) {
    return switch (trap) {
      case "illegal" -> new Info(Signal.SIGILL.number(), 1, pc);
      case "breakpoint" -> new Info(Signal.SIGTRAP.number(), 1, pc);
      case "access_fault" ->
          new Info(Signal.SIGSEGV.number(), memory.region(value) == null ? 1 : 2, value);
      case "misaligned" -> new Info(Signal.SIGBUS.number(), 1, value);
      default -> null;
    };
  }
}
