package tessera.conformance.dut;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.conformance.Case;
import tessera.conformance.ForeignTools;
import tessera.conformance.Outcome;
import tessera.conformance.Places;
import tessera.conformance.Snapshot;
import tessera.conformance.Visible;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.Texts;

/// qemu's user mode, with `loader.c` as the program that it runs: a whole batch of cases in one
/// process.
public final class QemuUser implements Dut {
  /// The program.
  public static final String QEMU = "qemu-riscv64";

  /// What builds the loader.
  public static final String COMPILER = "riscv64-linux-gnu-gcc";

  private static final String FOLDER = "/tessera/conformance/";
  private static final long MAGIC = 0x3163617365737465L;
  private static final int HEADER_WORDS = 10;
  private static final int FLUSH = 256;
  private static final int FIXED_WORDS = 5 + 32 + 32 + 5;
  private static final Map<Integer, String> TRAPS =
      Map.of(4, "illegal", 5, "breakpoint", 7, "misaligned", 11, "access_fault");

  private final Isa isa;
  private final ForeignTools tools;
  private final String loader;
  private final String cpu;
  private final Visible visible;
  private final int vlenb;

  private QemuUser(Isa isa, ForeignTools tools, String loader) {
    this.isa = isa;
    this.tools = tools;
    this.loader = loader;
    this.visible =
        Visible.of(isa, List.of("x", "f", "v"), List.of("fcsr", "vstart", "vcsr", "vtype", "vl"));
    RegisterFile v = isa.registerFile("v");
    this.vlenb = v == null ? 0 : v.width() / 8;
    this.cpu = cpu();
  }

  /// {@return the device, whose loader is built for it}
  ///
  /// @throws IllegalStateException when the loader can not be built
  public static QemuUser of(Isa isa, ForeignTools tools) {
    String source = tools.file("loader.c", resource("loader.c").getBytes(StandardCharsets.UTF_8));
    String loader = source.substring(0, source.length() - 2);
    List<String> build =
        List.of(
            COMPILER,
            "-march=rv64im_zicsr",
            "-mabi=lp64",
            "-mcmodel=medany",
            "-O2",
            "-nostdlib",
            "-static",
            "-ffreestanding",
            "-fno-stack-protector",
            // gp is the cases', and few numbers that they make are addresses of the loader's
            "-Wl,--no-relax,-Ttext-segment=0x2512340000",
            "-o",
            loader,
            source);
    ForeignTools.Ran built = tools.run(build, new byte[0], Duration.ofSeconds(60));
    if (built.status() != 0) {
      throw new IllegalStateException("the loader does not build: " + built.err());
    }
    return new QemuUser(isa, tools, loader);
  }

  /// {@return the ISA string of all that both qemu and the bundled texts have}
  public static String isaName() {
    List<String> bundled = Texts.extensions();
    StringBuilder letters = new StringBuilder("rv64");
    StringBuilder named = new StringBuilder();
    for (String extension : capabilities().keySet()) {
      if (bundled.contains(extension)) {
        (extension.length() > 1 ? named.append('_') : letters).append(extension);
      }
    }
    return letters.append(named).toString().toLowerCase(Locale.ROOT);
  }

  /// {@return the extensions, and the property that turns each on and off; empty: always there}
  public static Map<String, String> capabilities() {
    Map<String, String> all = new LinkedHashMap<>();
    resource("qemu-7.2.capabilities")
        .lines()
        .filter(l -> !l.isBlank() && !l.startsWith("#"))
        .map(l -> l.trim().split("\\s+"))
        .forEach(words -> all.put(words[0], words.length > 1 ? words[1] : ""));
    return all;
  }

  private static String resource(String name) {
    try (InputStream in = QemuUser.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String cpu() {
    StringBuilder cpu = new StringBuilder("rv64");
    capabilities()
        .forEach((extension, property) -> {
          if (!property.isEmpty()) {
            cpu.append(',').append(property).append('=').append(isa.has(extension));
          }
        });
    if (vlenb > 0) {
      cpu.append(",vext_spec=v1.0,elen=64,vlen=").append(8 * vlenb);
    }
    return cpu.toString();
  }

  @Override
  public String name() {
    return "qemu";
  }

  @Override
  public Visible visible() {
    return visible;
  }

  @Override
  public List<Outcome> run(List<Case> cases) {
    List<Outcome> outcomes = new ArrayList<>();
    int flush = FLUSH;
    while (outcomes.size() < cases.size()) {
      List<Case> rest = cases.subList(outcomes.size(), cases.size());
      ForeignTools.Ran ran =
          tools.run(
              List.of(QEMU, "-cpu", cpu, loader),
              batch(rest, flush),
              Duration.ofSeconds(20 + rest.size() / 200));
      if (ran.status() > 1 && ran.status() < 8) {
        throw new IllegalStateException("the loader gave up with status " + ran.status());
      }
      int before = outcomes.size();
      read(ran.out(), rest, outcomes);
      if (outcomes.size() < cases.size()) {
        // It broke down within the last, unwritten part: find the very case.
        if (flush == 1) {
          outcomes.add(new Outcome.Lost(why(ran)));
        }
        flush = flush == 1 && outcomes.size() - before < FLUSH ? FLUSH : 1;
      }
    }
    return outcomes;
  }

  private static String why(ForeignTools.Ran ran) {
    if (ran.late()) {
      return "did not stop";
    }
    String first = ran.err().lines().findFirst().orElse("");
    return "died with status " + ran.status() + (first.isEmpty() ? "" : ": " + first);
  }

  // ------------------------------------------------------------------ the batch, as loader.c reads

  private byte[] batch(List<Case> cases, int flush) {
    IdentityHashMap<byte[], Integer> images = new IdentityHashMap<>();
    List<byte[]> ordered = new ArrayList<>();
    for (Case c : cases) {
      if (images.putIfAbsent(c.before().arena(), ordered.size()) == null) {
        ordered.add(c.before().arena());
      }
    }
    long first = cases.getFirst().before().pc() & -4096L;
    long last = cases.getLast().before().pc() + Places.SLOT;
    int codeBytes = (int) (last - first + 4095 & -4096L);
    int record = 8 * FIXED_WORDS + 32 * vlenb;
    ByteBuffer out =
        ByteBuffer.allocate(
                HEADER_WORDS * 8
                    + codeBytes
                    + ordered.size() * Places.ARENA_BYTES
                    + cases.size() * record)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long word :
        new long[] {
          MAGIC,
          cases.size(),
          vlenb,
          first,
          codeBytes,
          Places.ARENA,
          Places.ARENA_BYTES,
          ordered.size(),
          flush,
          isa.has("A") ? 1 : 0
        }) {
      out.putLong(word);
    }
    int code = out.position();
    for (Case c : cases) {
      out.position(code + (int) (c.before().pc() - first));
      out.put(c.code());
    }
    out.position(code + codeBytes);
    ordered.forEach(out::put);
    for (Case c : cases) {
      put(out, c.before(), images.getOrDefault(c.before().arena(), 0));
    }
    return out.array();
  }

  private void put(ByteBuffer out, Snapshot s, int image) {
    out.putLong(0).putLong(0).putLong(0).putLong(image).putLong(s.pc());
    putFile(out, s, "x");
    putFile(out, s, "f");
    for (String name : List.of("fcsr", "vstart", "vcsr", "vtype", "vl")) {
      Csr csr = isa.csr(name);
      out.putLong(csr == null ? 0 : s.csr(csr));
    }
    RegisterFile v = isa.registerFile("v");
    if (v != null) {
      out.put(s.wide(v));
    }
  }

  private void putFile(ByteBuffer out, Snapshot s, String name) {
    RegisterFile file = isa.registerFile(name);
    for (int r = 0; r < 32; r++) {
      out.putLong(file == null ? 0 : s.narrow(file)[r]);
    }
  }

  private void read(byte[] bytes, List<Case> cases, List<Outcome> outcomes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int record = 8 * FIXED_WORDS + 32 * vlenb;
    for (Case c : cases) {
      if (in.remaining() < record + 8) {
        return;
      }
      long changes = in.getLong(in.position() + record);
      if (in.remaining() < record + 8 + 16 * changes) {
        return;
      }
      outcomes.add(outcome(in, c.before()));
    }
  }

  private Outcome outcome(ByteBuffer in, Snapshot before) {
    int signal = (int) in.getLong();
    in.getLong();
    long address = in.getLong();
    in.getLong();
    Snapshot after = before.copy();
    after.pc(in.getLong());
    getFile(in, after, isa.registerFile("x"));
    getFile(in, after, isa.registerFile("f"));
    for (String name : List.of("fcsr", "vstart", "vcsr", "vtype", "vl")) {
      long bits = in.getLong();
      Csr csr = isa.csr(name);
      if (csr != null) {
        after.csr(csr, bits);
      }
    }
    RegisterFile v = isa.registerFile("v");
    if (v != null) {
      in.get(after.wide(v));
    }
    long changes = in.getLong();
    if (changes > 0) {
      byte[] arena = before.arena().clone();
      ByteBuffer words = ByteBuffer.wrap(arena).order(ByteOrder.LITTLE_ENDIAN);
      for (long i = 0; i < changes; i++) {
        int index = (int) in.getLong();
        words.putLong(8 * index, in.getLong());
      }
      after.arena(arena);
    }
    String trap = TRAPS.getOrDefault(signal, "signal " + signal);
    return new Outcome.Stopped(trap, address, after);
  }

  private static void getFile(ByteBuffer in, Snapshot s, @Nullable RegisterFile file) {
    for (int r = 0; r < 32; r++) {
      long value = in.getLong();
      if (file != null) {
        s.narrow(file)[r] = value;
      }
    }
  }
}
