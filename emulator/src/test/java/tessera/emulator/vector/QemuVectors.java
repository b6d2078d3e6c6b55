package tessera.emulator.vector;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs words in states under qemu-riscv64, thousands at a time: a small guest reads cases and
/// writes what became of them.
final class QemuVectors {
  private static final int HEADER = 576;

  private final Path folder;
  private final int vlen;
  final byte[] template;
  private final String more;

  /// A state after.
  ///
  /// @param signal 0, or the signal that ended it
  /// @param memory null where the word does not store
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record After(
      long signal,
      long[] x,
      long vstart,
      long vl,
      long vtype,
      long vcsr,
      long fcsr,
      long[] f,
      byte[] v,
      byte @Nullable [] memory) {}

  private QemuVectors(Path folder, int vlen, byte[] template, String more) {
    this.folder = folder;
    this.vlen = vlen;
    this.template = template;
    this.more = more;
  }

  /// @param more further properties of qemu's CPU, each with a comma before
  static QemuVectors in(Path folder, int vlen, String more)
      throws IOException, InterruptedException {
    byte[] template = new byte[VectorCase.BYTES];
    new Random(7).nextBytes(template);
    Files.write(folder.resolve("template.bin"), template);
    try (InputStream source = QemuVectors.class.getResourceAsStream("/vector/driver.s")) {
      Files.write(folder.resolve("driver.s"), Objects.requireNonNull(source).readAllBytes());
    }
    call(folder, "riscv64-linux-gnu-as", "-march=rv64gcv", "-o", "driver.o", "driver.s");
    call(folder, "riscv64-linux-gnu-ld", "-N", "-o", "driver", "driver.o");
    return new QemuVectors(folder, vlen, template, more);
  }

  private static void call(Path folder, String... command)
      throws IOException, InterruptedException {
    Process p =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    if (!p.waitFor(60, TimeUnit.SECONDS) || p.exitValue() != 0) {
      p.destroyForcibly();
      throw new IOException(command[0] + ": " + Files.readString(folder.resolve("log")));
    }
  }

  List<After> run(List<VectorCase> cases) throws IOException, InterruptedException {
    int size = HEADER + 32 * vlen / 8;
    ByteBuffer in = ByteBuffer.allocate(cases.size() * size).order(ByteOrder.LITTLE_ENDIAN);
    for (VectorCase c : cases) {
      int at = in.position();
      for (long x : c.x) {
        in.putLong(x);
      }
      for (long f : c.f) {
        in.putLong(f);
      }
      in.putLong(c.fcsr).putLong(c.vcsr).putLong(c.vstart).putLong(c.avl).putLong(c.vtype);
      in.putLong(c.word).putLong(c.stores() ? 1 : 0);
      in.position(at + HEADER);
      in.put(c.v);
    }
    Files.write(folder.resolve("in"), in.array());
    String cpu = "rv64,v=true,vext_spec=v1.0,vlen=" + vlen + ",elen=64" + more;
    Process p =
        new ProcessBuilder("qemu-riscv64", "-cpu", cpu, "driver")
            .directory(folder.toFile())
            .redirectInput(folder.resolve("in").toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("log").toFile())
            .start();
    if (!p.waitFor(120, TimeUnit.SECONDS)) {
      p.destroyForcibly();
      throw new IOException("qemu hangs");
    }
    ByteBuffer out =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("out"))).order(ByteOrder.LITTLE_ENDIAN);
    List<After> all = new ArrayList<>();
    for (VectorCase c : cases) {
      if (out.remaining() < size) {
        throw new IOException(
            "qemu stopped at "
                + c
                + " with "
                + p.exitValue()
                + ": "
                + Files.readString(folder.resolve("log")));
      }
      all.add(after(out, c));
    }
    return all;
  }

  private After after(ByteBuffer out, VectorCase c) {
    int at = out.position();
    long signal = out.getLong();
    long[] x = new long[32];
    for (int i = 0; i < 32; i++) {
      x[i] = out.getLong();
    }
    long vstart = out.getLong();
    long vl = out.getLong();
    long vtype = out.getLong();
    long vcsr = out.getLong();
    long fcsr = out.getLong();
    long[] f = new long[32];
    for (int i = 0; i < 32; i++) {
      f[i] = out.getLong();
    }
    out.position(at + HEADER);
    byte[] v = new byte[32 * vlen / 8];
    out.get(v);
    byte @Nullable [] memory = null;
    if (c.stores()) {
      memory = new byte[VectorCase.BYTES];
      out.get(memory);
    }
    return new After(signal, x, vstart, vl, vtype, vcsr, fcsr, f, v, memory);
  }
}
