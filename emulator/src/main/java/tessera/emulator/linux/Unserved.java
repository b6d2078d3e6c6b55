package tessera.emulator.linux;

import java.util.Map;

/// Names of system calls that programs try although they are not served.
final class Unserved {
  private static final Map<Long, String> NAMES =
      Map.ofEntries(
          Map.entry(19L, "eventfd2"),
          Map.entry(20L, "epoll_create1"),
          Map.entry(22L, "epoll_pwait"),
          Map.entry(36L, "symlinkat"),
          Map.entry(37L, "linkat"),
          Map.entry(43L, "statfs"),
          Map.entry(44L, "fstatfs"),
          Map.entry(71L, "sendfile"),
          Map.entry(72L, "pselect6"),
          Map.entry(88L, "utimensat"),
          Map.entry(102L, "getitimer"),
          Map.entry(103L, "setitimer"),
          Map.entry(107L, "timer_create"),
          Map.entry(122L, "sched_setaffinity"),
          Map.entry(167L, "prctl"),
          Map.entry(194L, "shmget"),
          Map.entry(198L, "socket"),
          Map.entry(203L, "connect"),
          Map.entry(220L, "clone"),
          Map.entry(221L, "execve"),
          Map.entry(260L, "wait4"),
          Map.entry(279L, "memfd_create"),
          Map.entry(293L, "rseq"),
          Map.entry(425L, "io_uring_setup"),
          Map.entry(435L, "clone3"),
          Map.entry(436L, "close_range"));

  private Unserved() {}

  static String name(long number) {
    String name = NAMES.get(number);
    return name == null ? String.valueOf(number) : number + " (" + name + ")";
  }
}
