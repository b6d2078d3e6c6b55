package tessera.emulator.linux;

import java.util.Map;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.isaspec.Isa;
import tessera.isaspec.semantics.AccessKind;

/// Who the program is, what it may use, time, randomness, its end, and waiting.
final class ProcessCalls implements Calls {
  /// The number of the process, its group, its session and its only thread.
  static final int PROCESS = 1000;

  /// The number of the user and of the group.
  static final int USER = 1000;

  /// The largest stack.
  static final long STACK = 8L << 20;

  private static final int CLOCK_REAL = 0;
  private static final int CLOCK_PROCESS = 2;
  private static final int CLOCK_THREAD = 3;
  private static final int CLOCK_LAST = 11;
  private static final int ABSOLUTE = 1;
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final int FUTEX_WAIT_BITSET = 9;
  private static final int FUTEX_WAKE_BITSET = 10;
  private static final long TICKS = 100;
  private static final int LIMIT_STACK = 3;
  private static final int LIMIT_FILES = 7;
  private static final int LIMITS = 16;

  private final Isa isa;
  private final Time time;
  private final Randomness random;
  private final long memoryBytes;

  ProcessCalls(Isa isa, Time time, Randomness random, long memoryBytes) {
    this.isa = isa;
    this.time = time;
    this.random = random;
    this.memoryBytes = memoryBytes;
  }

  @Override
  public void enter(Map<Integer, Named> t) {
    t.put(93, new Named("exit", (h, a) -> exit(h, a[0], "exit")));
    t.put(94, new Named("exit_group", (h, a) -> exit(h, a[0], "exit_group")));
    t.put(96, new Named("set_tid_address", (_, _) -> PROCESS));
    t.put(98, new Named("futex", this::futex));
    t.put(99, new Named("set_robust_list", (_, _) -> 0));
    t.put(101, new Named("nanosleep", (h, a) -> sleep(h, 1, 0, a[0], a[1])));
    t.put(113, new Named("clock_gettime", (h, a) -> timespec(h, clock(a[0]), a[1])));
    t.put(114, new Named("clock_getres", (h, a) -> resolution(h, a[0], a[1])));
    t.put(115, new Named("clock_nanosleep", (h, a) -> sleep(h, a[0], a[1], a[2], a[3])));
    t.put(123, new Named("sched_getaffinity", this::affinity));
    t.put(124, new Named("sched_yield", (_, _) -> 0));
    t.put(153, new Named("times", this::times));
    t.put(155, new Named("getpgid", (_, _) -> PROCESS));
    t.put(156, new Named("getsid", (_, _) -> PROCESS));
    t.put(160, new Named("uname", this::name));
    t.put(163, new Named("getrlimit", (h, a) -> limit(h, a[0], a[1])));
    t.put(165, new Named("getrusage", (h, a) -> usage(h, a[1])));
    t.put(166, new Named("umask", (_, _) -> 022));
    t.put(168, new Named("getcpu", this::processor));
    t.put(169, new Named("gettimeofday", this::timeOfDay));
    t.put(172, new Named("getpid", (_, _) -> PROCESS));
    t.put(173, new Named("getppid", (_, _) -> 1));
    t.put(174, new Named("getuid", (_, _) -> USER));
    t.put(175, new Named("geteuid", (_, _) -> USER));
    t.put(176, new Named("getgid", (_, _) -> USER));
    t.put(177, new Named("getegid", (_, _) -> USER));
    t.put(178, new Named("gettid", (_, _) -> PROCESS));
    t.put(179, new Named("sysinfo", this::information));
    t.put(258, new Named("riscv_hwprobe", this::probe));
    t.put(259, new Named("riscv_flush_icache", (_, _) -> 0));
    t.put(261, new Named("prlimit64", (h, a) -> a[3] == 0 ? 0 : limit(h, a[1], a[3])));
    t.put(278, new Named("getrandom", this::randomBytes));
    t.put(283, new Named("membarrier", (_, _) -> 0));
  }

  private static long exit(Hart hart, long code, String how) {
    hart.stop(new Exit.Halted((int) code & 255, how));
    return 0;
  }

  // ------------------------------------------------------------------ time

  private long clock(long clock) {
    if (clock < 0 || clock > CLOCK_LAST) {
      throw new Refused(Errno.EINVAL);
    }
    return switch ((int) clock) {
      case CLOCK_REAL, 5, 8, 11 -> time.real();
      case CLOCK_PROCESS, CLOCK_THREAD -> time.busy();
      default -> time.monotonic();
    };
  }

  private static long timespec(Hart hart, long nanoseconds, long address) {
    Struct.of(16)
        .int64(0, nanoseconds / Time.SECOND)
        .int64(8, nanoseconds % Time.SECOND)
        .write(hart.memory(), address);
    return 0;
  }

  private long resolution(Hart hart, long clock, long address) {
    clock(clock);
    return address == 0 ? 0 : timespec(hart, 1, address);
  }

  private long sleep(Hart hart, long clock, long flags, long address, long rest) {
    long wanted = Calls.duration(hart, address);
    time.sleep(flags == ABSOLUTE ? wanted - clock(clock) : wanted);
    return rest == 0 || flags == ABSOLUTE ? 0 : timespec(hart, 0, rest);
  }

  private long timeOfDay(Hart hart, long[] a) {
    long now = time.real();
    if (a[0] != 0) {
      Struct.of(16)
          .int64(0, now / Time.SECOND)
          .int64(8, now % Time.SECOND / 1000)
          .write(hart.memory(), a[0]);
    }
    if (a[1] != 0) {
      Struct.of(8).write(hart.memory(), a[1]);
    }
    return 0;
  }

  private long times(Hart hart, long[] a) {
    if (a[0] != 0) {
      Struct.of(32).int64(0, time.busy() / (Time.SECOND / TICKS)).write(hart.memory(), a[0]);
    }
    return time.monotonic() / (Time.SECOND / TICKS);
  }

  private long usage(Hart hart, long address) {
    long busy = time.busy();
    Struct.of(144)
        .int64(0, busy / Time.SECOND)
        .int64(8, busy % Time.SECOND / 1000)
        .int64(32, hart.memory().touched() >>> 10)
        .write(hart.memory(), address);
    return 0;
  }

  // ------------------------------------------------------------------ waiting

  /// There is one thread, so that a wait that has to wait has no end but its timeout.
  private long futex(Hart hart, long[] a) {
    return switch ((int) a[1] & 0x7f) {
      case FUTEX_WAKE, FUTEX_WAKE_BITSET -> 0;
      case FUTEX_WAIT, FUTEX_WAIT_BITSET -> {
        if ((int) hart.memory().load(a[0], 4, AccessKind.LOAD) != (int) a[2]) {
          throw new Refused(Errno.EAGAIN);
        }
        if (a[3] == 0) {
          hart.stop(new Exit.Endless(1));
          yield 0;
        }
        long until = Calls.duration(hart, a[3]);
        boolean absolute = ((int) a[1] & 0x7f) == FUTEX_WAIT_BITSET;
        boolean real = ((int) a[1] & 0x100) != 0;
        time.sleep(absolute ? until - (real ? time.real() : time.monotonic()) : until);
        throw new Refused(Errno.ETIMEDOUT);
      }
      default -> throw new Refused(Errno.ENOSYS);
    };
  }

  // ------------------------------------------------------------------ what there is

  private long affinity(Hart hart, long[] a) {
    if (a[1] < 8) {
      throw new Refused(Errno.EINVAL);
    }
    hart.memory().store(a[2], 8, 1, AccessKind.STORE);
    return 8;
  }

  private long processor(Hart hart, long[] a) {
    for (int i = 0; i < 2; i++) {
      if (a[i] != 0) {
        hart.memory().store(a[i], 4, 0, AccessKind.STORE);
      }
    }
    return 0;
  }

  private long name(Hart hart, long[] a) {
    String[] fields = {"Linux", "tessera", "6.6.0", "#1 Tessera", "riscv64", "(none)"};
    byte[] all = new byte[65 * fields.length];
    for (int i = 0; i < fields.length; i++) {
      byte[] text = Calls.bytes(fields[i]);
      System.arraycopy(text, 0, all, 65 * i, text.length);
    }
    hart.memory().write(a[0], all, 0, all.length);
    return 0;
  }

  private static long limit(Hart hart, long which, long address) {
    if (which < 0 || which >= LIMITS) {
      throw new Refused(Errno.EINVAL);
    }
    long soft = which == LIMIT_STACK ? STACK : which == LIMIT_FILES ? 1024 : -1;
    long hard = which == LIMIT_FILES ? 1024 : -1;
    Struct.of(16).int64(0, soft).int64(8, hard).write(hart.memory(), address);
    return 0;
  }

  private long information(Hart hart, long[] a) {
    Struct.of(112)
        .int64(0, time.monotonic() / Time.SECOND)
        .int64(32, memoryBytes)
        .int64(40, Math.max(0, memoryBytes - hart.memory().touched()))
        .int16(80, 1)
        .int32(104, 1)
        .write(hart.memory(), a[0]);
    return 0;
  }

  private long probe(Hart hart, long[] a) {
    if (a[4] != 0 || a[1] < 0) {
      throw new Refused(Errno.EINVAL);
    }
    for (long i = 0; i < a[1]; i++) {
      Struct pair = Struct.read(hart.memory(), a[0] + 16 * i, 16);
      long value = Capabilities.probe(isa, pair.int64(0));
      boolean known = Capabilities.isKey(pair.int64(0));
      pair.int64(0, known ? pair.int64(0) : -1).int64(8, value);
      pair.write(hart.memory(), a[0] + 16 * i);
    }
    return 0;
  }

  private long randomBytes(Hart hart, long[] a) {
    byte[] bytes = new byte[Math.clamp(a[1], 0, 1 << 16)];
    random.fill(bytes, bytes.length);
    hart.memory().write(a[0], bytes, 0, bytes.length);
    return bytes.length;
  }
}
