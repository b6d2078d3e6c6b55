package tessera.emulator.linux;

import java.util.Locale;

/// The signals of Linux on RISC-V (`asm-generic/signal.h`) that have a name.
enum Signal {
  SIGHUP(1),
  SIGINT(2),
  SIGQUIT(3),
  SIGILL(4),
  SIGTRAP(5),
  SIGABRT(6),
  SIGBUS(7),
  SIGFPE(8),
  SIGKILL(9),
  SIGUSR1(10),
  SIGSEGV(11),
  SIGUSR2(12),
  SIGPIPE(13),
  SIGALRM(14),
  SIGTERM(15),
  SIGSTKFLT(16),
  SIGCHLD(17),
  SIGCONT(18),
  SIGSTOP(19),
  SIGTSTP(20),
  SIGTTIN(21),
  SIGTTOU(22),
  SIGURG(23),
  SIGXCPU(24),
  SIGXFSZ(25),
  SIGVTALRM(26),
  SIGPROF(27),
  SIGWINCH(28),
  SIGIO(29),
  SIGPWR(30),
  SIGSYS(31);

  /// The highest number.
  static final int LAST = 64;

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /// {@return what a number is called}
  static String name(int number) {
    for (Signal signal : values()) {
      if (signal.number == number) {
        return signal.name();
      }
    }
    return String.format(Locale.ROOT, "SIGRT%d", number);
  }

  /// {@return whether a program that says nothing about it is not ended by it}
  static boolean isHarmless(int number) {
    return number == SIGCHLD.number
        || number == SIGCONT.number
        || number == SIGURG.number
        || number == SIGWINCH.number;
  }

  /// {@return whether a program that says nothing about it waits until somebody wakes it}
  static boolean isStop(int number) {
    return number >= SIGSTOP.number && number <= SIGTTOU.number;
  }
}
