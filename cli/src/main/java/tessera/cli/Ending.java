package tessera.cli;

import java.util.OptionalLong;
import tessera.elf.Elf;
import tessera.emulator.Exit;
import tessera.emulator.Guest;
import tessera.emulator.timing.Report;
import tessera.isaspec.Isa;
import tessera.isaspec.semantics.GuestTrap;

/// How a run ended, for the report, for the reader and for the shell.
///
/// @param ending what the report says
/// @param status the exit status
/// @param text what standard error gets; empty when the program ended itself
record Ending(Report.Ending ending, int status, String text) {

  /// {@return whether the program ended itself}
  boolean isExit() {
    return text.isEmpty();
  }

  static Ending of(GuestRun.Outcome outcome, Guest guest, Isa isa, Elf elf) {
    return switch (outcome.exit()) {
      case Exit.Halted(int code, _) -> new Ending(Report.Ending.exited(code), asStatus(code), "");
      case Exit.Signalled(int signal, String name) -> signalled(signal, name, guest);
      case Exit.Trapped(GuestTrap trap) -> fault(trap, guest, isa, elf);
      case Exit.BudgetSpent() -> budget(spent(outcome, guest), guest);
      case Exit.Endless(int instructions) ->
          budget(
              (instructions == 1
                      ? "the program does nothing for ever: it jumps to itself at "
                      : "the program does nothing for ever: a loop of "
                          + instructions
                          + " instructions at ")
                  + FaultReport.place(guest),
              guest);
      case Exit.Waiting() ->
          stopped(
              "deadlock: the program waits for ever at " + FaultReport.place(guest),
              guest,
              """
                 help: nothing is left that could wake it: no enabled interrupt is to come from the
                       timer, and no other hart runs
              """);
      case Exit.MemoryExhausted(long limit) -> exhausted(limit, guest);
    };
  }

  /// A process has 8 bits of status: a code that would look like success in them is not one.
  private static int asStatus(int code) {
    return code != 0 && (code & 255) == 0 ? 255 : code;
  }

  /// As a shell tells it: 128 and the signal's number.
  private static Ending signalled(int signal, String name, Guest guest) {
    String what = "ended by signal " + signal + " (" + name + ") at " + FaultReport.place(guest);
    return new Ending(
        Report.Ending.fault(what),
        128 + signal,
        "guest " + what + ", after " + Sizes.count(guest.hart().retired(), "instruction") + "\n");
  }

  private static Ending fault(GuestTrap trap, Guest guest, Isa isa, Elf elf) {
    FaultReport report = new FaultReport(trap, guest, isa, elf);
    return new Ending(Report.Ending.fault(report.headline()), report.exit().code(), report.text());
  }

  private static String spent(GuestRun.Outcome outcome, Guest guest) {
    String what =
        outcome.timedOut()
            ? "the time is over"
            : "instruction budget " + Sizes.grouped(outcome.budget()) + " used up";
    return what + ", at " + FaultReport.place(guest);
  }

  private static Ending budget(String what, Guest guest) {
    return stopped(
        what,
        guest,
        """
           help: a program ends by ecall exit (a7 = 93), a store to 'tohost', or semihosting;
                 --max-insns N and --timeout S allow more
        """);
  }

  private static Ending stopped(String what, Guest guest, String help) {
    String text =
        "stopped: "
            + what
            + ", after "
            + Sizes.count(guest.hart().retired(), "instruction")
            + "\n"
            + help;
    return new Ending(Report.Ending.budget(), ExitCode.BUDGET.code(), text);
  }

  private static Ending exhausted(long limit, Guest guest) {
    String text =
        """
        stopped: the program touched more memory than the host gives, %s, at %s
           help: TESSERA_JAVA_OPTIONS=-Xmx16g gives more
        """
            .formatted(Sizes.text(limit), FaultReport.place(guest));
    Report.Ending ending =
        new Report.Ending("host-error", OptionalLong.empty(), "host memory used up");
    return new Ending(ending, ExitCode.BUDGET.code(), text);
  }
}
