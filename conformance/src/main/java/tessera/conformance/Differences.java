package tessera.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Csr;
import tessera.isaspec.RegisterFile;

/// Where two outcomes of one case differ.
public final class Differences {
  private Differences() {}

  /// One thing that differs.
  ///
  /// @param what a register, a CSR, a word of memory, `trap`, `pc`, `device`
  /// @param before its value before the case, empty where it has none
  public record Row(String what, String before, String expected, String actual) {}

  /// {@return what differs in what a device lets be seen; empty: nothing}
  public static List<Row> between(Case given, Outcome expected, Outcome actual, Visible visible) {
    List<Row> rows = new ArrayList<>();
    if (!(expected instanceof Outcome.Stopped want)) {
      return List.of(new Row("device", "", expected.toString(), ""));
    }
    if (!(actual instanceof Outcome.Stopped got)) {
      return List.of(new Row("device", "", want.trap(), ((Outcome.Lost) actual).why()));
    }
    Snapshot before = given.before();
    if (!want.trap().equals(got.trap())) {
      rows.add(new Row("trap", "", want.trap(), got.trap()));
    }
    if (want.after().pc() != got.after().pc()) {
      rows.add(row("pc", before.pc(), want.after().pc(), got.after().pc()));
    }
    for (RegisterFile file : visible.files()) {
      if (file.width() <= 64) {
        narrow(file, before, want.after(), got.after(), rows);
      } else {
        wide(file, before, want.after(), got.after(), rows);
      }
    }
    for (Csr csr : visible.csrs()) {
      if (want.after().csr(csr) != got.after().csr(csr)) {
        rows.add(row(csr.name(), before.csr(csr), want.after().csr(csr), got.after().csr(csr)));
      }
    }
    memory(before.arena(), want.after().arena(), got.after().arena(), rows);
    return rows;
  }

  private static Row row(String what, long before, long expected, long actual) {
    return new Row(what, hex(before), hex(expected), hex(actual));
  }

  private static String hex(long value) {
    return String.format(Locale.ROOT, "%016x", value);
  }

  private static void narrow(
      RegisterFile file, Snapshot before, Snapshot want, Snapshot got, List<Row> rows) {
    if (file.count() == 1 && file.name().equals("pc")) {
      return;
    }
    long[] expected = want.narrow(file);
    long[] actual = got.narrow(file);
    for (int r = 0; r < expected.length; r++) {
      if (expected[r] != actual[r]) {
        rows.add(
            row(
                file.count() == 1 ? file.name() : file.name() + r,
                before.narrow(file)[r],
                expected[r],
                actual[r]));
      }
    }
  }

  private static void wide(
      RegisterFile file, Snapshot before, Snapshot want, Snapshot got, List<Row> rows) {
    byte[] expected = want.wide(file);
    byte[] actual = got.wide(file);
    if (Arrays.equals(expected, actual)) {
      return;
    }
    int bytes = file.width() / 8;
    for (int r = 0; r < file.count(); r++) {
      int from = r * bytes;
      if (!Arrays.equals(expected, from, from + bytes, actual, from, from + bytes)) {
        rows.add(
            new Row(
                file.name() + r,
                text(before.wide(file), from, bytes),
                text(expected, from, bytes),
                text(actual, from, bytes)));
      }
    }
  }

  private static String text(byte[] bytes, int from, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = from + length - 1; i >= from; i--) {
      text.append(String.format(Locale.ROOT, "%02x", bytes[i]));
    }
    return text.toString();
  }

  private static void memory(byte[] before, byte[] want, byte[] got, List<Row> rows) {
    if (Arrays.equals(want, got)) {
      return;
    }
    for (int at = 0; at < want.length; at += 8) {
      long expected = Memory.get(want, at, 8);
      long actual = Memory.get(got, at, 8);
      if (expected != actual) {
        rows.add(
            row(
                String.format(Locale.ROOT, "[%x]", Places.ARENA + at),
                Memory.get(before, at, 8),
                expected,
                actual));
      }
    }
  }
}
