package tessera.cli;

import java.nio.charset.StandardCharsets;
import tessera.elf.Symbol;
import tessera.emulator.Guest;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.MemoryFault;

/// What an architecture test leaves in memory between `begin_signature` and `end_signature`, as the
/// suites compare it: a line for every so many bytes, the byte at the highest address first.
final class Signature {
  private static final int MOST = 1 << 26;
  private static final int WIDEST = 64;

  private Signature() {}

  /// Writes the file that `--signature` names.
  static void write(Guest guest, String program, Invocation invocation, Terminal terminal) {
    long from = symbol(guest, program, "begin_signature");
    long end = symbol(guest, program, "end_signature");
    long granularity = invocation.count(Run.GRANULARITY, 4);
    if (granularity > WIDEST) {
      throw Failure.of(
          ExitCode.USAGE,
          "bad-count",
          "option '--signature-granularity' wants 1 to " + WIDEST + ", got " + granularity);
    }
    if (end - from < 0 || end - from > MOST) {
      throw Failure.of(
          ExitCode.BAD_INPUT,
          "signature",
          program + ": end_signature is not within 64 MiB behind begin_signature");
    }
    String path = java.util.Objects.requireNonNull(invocation.text(Run.SIGNATURE));
    String text = text(guest, program, from, end, (int) granularity);
    OutputFile.write(terminal, path, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(Guest guest, String program, long from, long end, int granularity) {
    StringBuilder out = new StringBuilder();
    try {
      for (long at = from; at < end; at += granularity) {
        for (int i = granularity - 1; i >= 0; i--) {
          long value = at + i < end ? guest.memory().load(at + i, 1, AccessKind.LOAD) : 0;
          out.append(String.format("%02x", value));
        }
        out.append('\n');
      }
    } catch (MemoryFault fault) {
      throw Failure.of(
          ExitCode.BAD_INPUT,
          "signature",
          program + ": the signature is not in memory at 0x" + Long.toHexString(fault.address()));
    }
    return out.toString();
  }

  private static long symbol(Guest guest, String program, String name) {
    return guest
        .symbols()
        .find(name)
        .map(Symbol::value)
        .orElseThrow(() ->
            Failure.of(
                ExitCode.BAD_INPUT,
                "signature",
                program + ": there is no symbol '" + name + "'",
                "leave --signature out"));
  }
}
