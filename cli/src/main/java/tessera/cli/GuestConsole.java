package tessera.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import tessera.emulator.Console;

/// The guest's standard streams: ours, raw. What it prints keeps its order also where both go to
/// one place.
final class GuestConsole implements Console, AutoCloseable {
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final PrintStream terminal;
  private String progress = "";

  private GuestConsole(InputStream in, PrintStream out, PrintStream err, PrintStream terminal) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /// {@return the console of a run}
  ///
  /// @param reported standard output is for the report, so all the guest prints is for the other
  static GuestConsole of(Terminal terminal, boolean reported) {
    PrintStream out = reported ? terminal.err() : terminal.out();
    return new GuestConsole(terminal.in(), out, terminal.err(), terminal.err());
  }

  @Override
  public int read() {
    flush();
    try {
      return in.read();
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public void write(int stream, byte[] bytes, int offset, int length) {
    clear();
    if (stream == 2) {
      out.flush();
      err.write(bytes, offset, length);
      err.flush();
    } else {
      out.write(bytes, offset, length);
    }
  }

  /// Hands on what the guest printed, and takes back a progress line.
  void flush() {
    clear();
    out.flush();
  }

  /// Shows a line that the next one replaces.
  void progress(String line) {
    clear();
    terminal.print(line);
    terminal.flush();
    progress = line;
  }

  private void clear() {
    if (!progress.isEmpty()) {
      terminal.print("\r" + " ".repeat(progress.length()) + "\r");
      terminal.flush();
      progress = "";
    }
  }

  @Override
  public void close() {
    flush();
  }
}
