package tessera.emulator.linux;

import java.util.Map;
import tessera.emulator.Exit;
import tessera.emulator.Hart;

/// Sending, blocking and handling signals.
final class SignalCalls implements Calls {
  private static final int SENT = -6; // SI_TKILL
  private static final int ACTION_BYTES = 24;
  private static final int SET_BYTES = 8;

  private final Signals signals;
  private final Time time;

  SignalCalls(Signals signals, Time time) {
    this.signals = signals;
    this.time = time;
  }

  @Override
  public void enter(Map<Integer, Named> t) {
    t.put(129, new Named("kill", (_, a) -> send(a[0], a[1], 0)));
    t.put(130, new Named("tkill", (_, a) -> send(a[0], a[1], SENT)));
    t.put(131, new Named("tgkill", (_, a) -> send(a[1], a[2], SENT)));
    t.put(132, new Named("sigaltstack", this::stack));
    t.put(133, new Named("rt_sigsuspend", this::suspend));
    t.put(134, new Named("rt_sigaction", this::action));
    t.put(135, new Named("rt_sigprocmask", this::mask));
    t.put(136, new Named("rt_sigpending", this::pending));
    t.put(137, new Named("rt_sigtimedwait", this::await));
  }

  private long send(long to, long signal, int code) {
    if (to != ProcessCalls.PROCESS && to != 0 && to != -1) {
      throw new Refused(Errno.ESRCH);
    }
    if (signal < 0 || signal > Signal.LAST) {
      throw new Refused(Errno.EINVAL);
    }
    if (signal > 0) {
      signals.send(new Signals.Info((int) signal, code, ProcessCalls.PROCESS));
    }
    return 0;
  }

  private long stack(Hart hart, long[] a) {
    Struct before = signals.stack(hart);
    if (a[0] != 0) {
      signals.stack(hart, Struct.read(hart.memory(), a[0], ACTION_BYTES));
    }
    if (a[1] != 0) {
      before.write(hart.memory(), a[1]);
    }
    return 0;
  }

  private long action(Hart hart, long[] a) {
    int signal = (int) a[0];
    Signals.Action before = signals.action(signal);
    requireSet(a[3]);
    if (a[1] != 0) {
      Struct s = Struct.read(hart.memory(), a[1], ACTION_BYTES);
      signals.action(signal, new Signals.Action(s.int64(0), s.int64(8), s.int64(16)));
    }
    if (a[2] != 0) {
      Struct.of(ACTION_BYTES)
          .int64(0, before.handler())
          .int64(8, before.flags())
          .int64(16, before.mask())
          .write(hart.memory(), a[2]);
    }
    return 0;
  }

  private static void requireSet(long bytes) {
    if (bytes != SET_BYTES) {
      throw new Refused(Errno.EINVAL);
    }
  }

  private long mask(Hart hart, long[] a) {
    requireSet(a[3]);
    long before = signals.blocked();
    if (a[1] != 0) {
      long given = Struct.read(hart.memory(), a[1], SET_BYTES).int64(0);
      signals.blocked(
          switch ((int) a[0]) {
            case 0 -> before | given;
            case 1 -> before & ~given;
            case 2 -> given;
            default -> throw new Refused(Errno.EINVAL);
          });
    }
    if (a[2] != 0) {
      Struct.of(SET_BYTES).int64(0, before).write(hart.memory(), a[2]);
    }
    return 0;
  }

  private long pending(Hart hart, long[] a) {
    Struct.of(SET_BYTES).int64(0, signals.waiting()).write(hart.memory(), a[0]);
    return 0;
  }

  /// Nobody else sends signals: one that waits is delivered, else there is no end of waiting.
  private long suspend(Hart hart, long[] a) {
    long mask = Struct.read(hart.memory(), a[0], SET_BYTES).int64(0);
    if ((signals.waiting() & ~mask) == 0) {
      hart.stop(new Exit.Endless(1));
      return 0;
    }
    signals.suspend(mask);
    throw new Refused(Errno.EINTR);
  }

  private long await(Hart hart, long[] a) {
    Signals.Info info = signals.take(Struct.read(hart.memory(), a[0], SET_BYTES).int64(0));
    if (info == null) {
      if (a[2] == 0) {
        hart.stop(new Exit.Endless(1));
        return 0;
      }
      time.sleep(Calls.duration(hart, a[2]));
      throw new Refused(Errno.EAGAIN);
    }
    if (a[1] != 0) {
      Signals.info(info).write(hart.memory(), a[1]);
    }
    return info.signal();
  }
}
