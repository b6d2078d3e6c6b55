package tessera.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tessera.emulator.timing.Meter;
import tessera.emulator.timing.Report;
import tessera.isaspec.Isa;

/// Makes the report of a run.
final class Reports {
  private Reports() {}

  static Report of(
      Isa.Request request, Isa isa, String name, byte[] program, Meter meter, Ending ending) {
    return new Report(
        "tessera " + Version.NUMBER,
        isa.machine(),
        new Report.Specification(isa.name(), hash(request)),
        meter.timing(),
        new Report.Program(name, hex(sha256().digest(program))),
        ending.ending(),
        meter.finish());
  }

  /// {@return the hash of the texts that the machine is made of}
  private static String hash(Isa.Request request) {
    MessageDigest digest = sha256();
    request
        .sources()
        .forEach(source -> digest.update(source.text().getBytes(StandardCharsets.UTF_8)));
    return hex(digest.digest());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
