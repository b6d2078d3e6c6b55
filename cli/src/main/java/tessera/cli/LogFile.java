package tessera.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Hart;
import tessera.emulator.Observer;
import tessera.emulator.trace.CommitLog;
import tessera.emulator.trace.LogText;

/// Where `--log-commits` writes, if it was given. The file grows while the program runs: it may be
/// larger than memory.
final class LogFile implements AutoCloseable {
  private final @Nullable OutputStream out;
  private final String name;
  private final LogText text;

  private LogFile(@Nullable OutputStream out, String name) {
    this.out = out;
    this.name = name;
    this.text = LogText.to(this::write);
  }

  /// {@return the file that the option names, standard error for none, nothing without the option}
  ///
  /// @throws Failure when it cannot be created
  static LogFile of(Invocation invocation, Terminal terminal) {
    String name = invocation.text(Run.LOG_COMMITS);
    if (name == null) {
      return new LogFile(null, "");
    }
    if (name.isEmpty()) {
      return new LogFile(terminal.err(), "standard error");
    }
    try {
      return new LogFile(Files.newOutputStream(terminal.path(name)), name);
    } catch (IOException | InvalidPathException e) {
      throw failure(ExitCode.CANNOT_CREATE, name, e);
    }
  }

  private static Failure failure(ExitCode exit, String name, Exception e) {
    return Failure.of(exit, "cannot-write", "'" + name + "': " + OutputFile.reason(e));
  }

  /// {@return who is told what a hart does: the log, which tells `next`}
  Observer before(Observer next, Hart hart) {
    return out == null ? next : CommitLog.of(hart, text, next);
  }

  private void write(byte[] bytes, int length) {
    try {
      if (out != null) {
        out.write(bytes, 0, length);
      }
    } catch (IOException e) {
      throw failure(ExitCode.CANNOT_WRITE, name, e);
    }
  }

  /// Writes what waits.
  void flush() {
    text.flush();
  }

  @Override
  public void close() {
    flush();
    try {
      if (out != null && !name.equals("standard error")) {
        out.close();
      }
    } catch (IOException e) {
      throw failure(ExitCode.CANNOT_WRITE, name, e);
    }
  }
}
