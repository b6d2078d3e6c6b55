package tessera.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tessera.emulator.Emulator;
import tessera.emulator.ProgramKind;
import tessera.emulator.linux.Surroundings;

/// What a program runs on: bare metal or Linux, and why.
record Mode(boolean linux, String reason) {

  /// {@return what `--mode` says, or what the file looks like}
  ///
  /// @throws Failure when options are given that only Linux has
  static Mode of(Invocation invocation, Program.Ready ready) {
    String asked = invocation.text(Run.MODE, "auto");
    ProgramKind kind = ProgramKind.of(ready.elf());
    Mode mode =
        asked.equals("auto")
            ? new Mode(kind.linux(), kind.reason())
            : new Mode(asked.equals("linux"), "--mode " + asked);
    if (!mode.linux) {
      refuse(invocation, mode);
    }
    return mode;
  }

  private static void refuse(Invocation invocation, Mode mode) {
    boolean options = invocation.has(Run.ENV) || invocation.has(Run.HOST_CLOCK);
    if (options || !invocation.guestArguments().isEmpty()) {
      throw Failure.of(
          ExitCode.USAGE,
          "guest-arguments",
          "a program on bare metal takes no arguments, environment or host clock ("
              + mode.reason
              + ")",
          "leave them out, or say --mode linux");
    }
  }

  /// {@return the machine with what a program finds on it}
  Emulator on(Emulator machine, Invocation invocation, Terminal terminal) {
    return linux
        ? machine.with(surroundings(invocation, terminal))
        : machine.with(HostFiles.of(invocation.texts(Run.MOUNT), terminal));
  }

  private static Surroundings surroundings(Invocation invocation, Terminal terminal) {
    // Its own name as it was typed, as a shell gives it
    List<String> arguments = new ArrayList<>(List.of(invocation.operands().getFirst()));
    arguments.addAll(invocation.guestArguments());
    List<String> environment = invocation.texts(Run.ENV);
    environment.forEach(Mode::requireSetting);
    return new Surroundings(
        arguments,
        environment,
        HostFiles.of(invocation.texts(Run.MOUNT), terminal),
        invocation.count(Run.SEED, 0),
        invocation.has(Run.HOST_CLOCK) ? Mode::now : null,
        note -> {
          if (invocation.verbose()) {
            terminal.err().println("tessera: " + note);
          }
        });
  }

  private static void requireSetting(String text) {
    if (text.indexOf('=') <= 0) {
      throw Failure.of(
          ExitCode.USAGE,
          "bad-setting",
          "option '--env' got '" + text + "'",
          "write --env NAME=VALUE");
    }
  }

  private static long now() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  /// {@return what `-v` says}
  String text() {
    return (linux ? "Linux user mode (" : "bare metal (") + reason + ")";
  }
}
