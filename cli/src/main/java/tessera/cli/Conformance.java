package tessera.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tessera.conformance.CampaignRecord;
import tessera.conformance.Case;
import tessera.conformance.ConformancePage;
import tessera.conformance.Coverage;
import tessera.conformance.Differential;
import tessera.conformance.Encodings;
import tessera.conformance.Generator;
import tessera.conformance.Report;
import tessera.conformance.Shrinker;
import tessera.conformance.Waivers;
import tessera.conformance.dut.Dut;
import tessera.conformance.dut.InProcess;
import tessera.conformance.dut.QemuUser;
import tessera.emulator.Engine;
import tessera.emulator.kernel.Matmul;
import tessera.isaspec.Isa;
import tessera.isaspec.Texts;
import tessera.isaspec.encoding.Decoded;

/// `tessera conformance diff`: random cases on qemu and on our own engines.
final class Conformance {
  private static final Flag AGAINST =
      Flags.choice(
          "against",
          "what to compare with: diff takes qemu or engines, encodings llvm-mc or as",
          "qemu",
          "engines",
          "llvm-mc",
          "as");
  private static final Flag CASES = Flags.count("cases", "N", 1, "cases to run (default 20,000)");
  private static final Flag MINUTES = Flags.count("minutes", "N", 1, "run for so long instead");
  private static final Flag SEED = Flags.count("seed", "S", 0, "the same seed, the same cases");
  private static final Flag ONLY =
      Flags.text("only", "GLOB", "instructions by name, such as 'vadd.*' or 'f*.d'");
  private static final Flag VLEN =
      Flags.texts("vlen", "N", "bits of a vector register (default 128, 256 and 512)");
  private static final Flag BATCH = Flags.count("batch", "N", 1, "cases a process (default 2,000)");
  private static final Flag RECORD =
      Flags.text("record", "FILE", "of diff: write down what it came to, for the page");
  private static final Flag KEEP = Flags.count("keep", "N", 0, "differences to report (default 5)");

  /// Against qemu the interpreter gets one case in so many.
  private static final int SHARE = 8;

  static final Verb VERB =
      new Verb(
          "conformance",
          Verb.Group.TRUST,
          "compare with tools that others wrote",
          Verb.Operands.of("diff|encodings|docs", 1, 1),
          List.of(
              Flags.ISA,
              Flags.MACHINE,
              Flags.SET,
              AGAINST,
              CASES,
              MINUTES,
              SEED,
              ONLY,
              VLEN,
              BATCH,
              KEEP,
              RECORD,
              Flags.OUTPUT),
          List.of(
              "diff runs random sequences of instructions from random states on the plain evaluator"
                  + " and on qemu's user mode, one in eight also on the interpreter, and compares all registers, flags"
                  + " and memory. What differs is shrunk, and written as a program. Differences"
                  + " that qemu 7.2 is known to be wrong in are counted as waived.",
              "encodings prints every instruction with operands at the corners of their classes, and"
                  + " compares the words that another assembler makes of the lines; against LLVM"
                  + " also which of all 16-bit and of a million 32-bit words are instructions.",
              "docs prints docs/conformance.md."),
          List.of(
              new Verb.Example("tessera conformance diff --minutes 5", "five minutes against qemu"),
              new Verb.Example(
                  "tessera conformance diff --only 'fadd.*' --seed 7", "some instructions"),
              new Verb.Example(
                  "tessera conformance encodings --against llvm-mc", "every encoding")),
          Conformance::run);

  private Conformance() {}

  private static int run(Invocation invocation, Terminal terminal) {
    String what = invocation.operands().getFirst();
    try (HostTools tools = HostTools.open()) {
      return switch (what) {
        case "diff" -> diff(invocation, terminal, tools);
        case "encodings" -> encodings(invocation, terminal, tools);
        case "docs" -> docs(terminal);
        default ->
            throw Failure.of(
                ExitCode.USAGE,
                "bad-operand",
                "'conformance' has no '" + what + "'",
                "it has: diff, encodings, docs");
      };
    }
  }

  private static int docs(Terminal terminal) {
    terminal.out().print(ConformancePage.text());
    return ExitCode.OK.code();
  }

  // ------------------------------------------------------------------ encodings

  private static int encodings(Invocation invocation, Terminal terminal, HostTools tools) {
    boolean gnu = invocation.text(AGAINST, "llvm-mc").equals("as");
    need(
        tools,
        gnu ? Encodings.GNU : Encodings.LLVM,
        gnu ? "binutils-riscv64-linux-gnu" : "llvm-19");
    Isa.Request request = IsaOptions.request(invocation, terminal);
    request = request.isa() == null ? request.isa(Texts.everything()) : request;
    Isa isa = IsaOptions.load(request, invocation, terminal);
    Encodings encodings = Encodings.of(isa, tools);
    PrintStream out = terminal.out();
    Encodings.Result result = gnu ? encodings.gnu() : encodings.llvm();
    for (Encodings.Difference d : result.differences()) {
      out.printf("%08x  %-40s  %s%n", d.line().word(), d.line().text(), d.other());
    }
    result
        .skipped()
        .forEach((extension, n) -> out.printf("not compared: %s, %d instructions%n", extension, n));
    int undecided = gnu ? 0 : decoded(encodings, isa, out, invocation.count(SEED, 1));
    out.printf(
        Locale.ROOT,
        "%,d lines, %,d differences; %,d words that one side alone decodes%n",
        result.lines(),
        result.differences().size(),
        undecided);
    return result.differences().isEmpty() && undecided == 0
        ? ExitCode.OK.code()
        : ExitCode.DIFFERENT.code();
  }

  private static int decoded(Encodings encodings, Isa isa, PrintStream out, long seed) {
    List<Encodings.Undecided> undecided = encodings.llvmKnows(Encodings.sample(isa, seed));
    Waivers waivers = Waivers.llvm();
    Map<String, Integer> told = new LinkedHashMap<>();
    Map<String, Integer> waived = new LinkedHashMap<>();
    int n = 0;
    for (Encodings.Undecided u : undecided) {
      String reason = waivers.reason(u);
      if (reason != null) {
        waived.merge(reason, 1, Integer::sum);
      } else {
        n++;
        if (told.merge(u.name(), 1, Integer::sum) <= 3) {
          out.printf("%08x  ours: %-34s  LLVM's: %s%n", u.word(), u.ours(), u.theirs());
        }
      }
    }
    waived.forEach((reason, count) -> out.printf("waived %d: %s%n", count, reason));
    return n;
  }

  private static int diff(Invocation invocation, Terminal terminal, HostTools tools) {
    boolean qemu = invocation.text(AGAINST, "qemu").equals("qemu");
    if (qemu) {
      need(tools, QemuUser.QEMU, "qemu-user");
      need(tools, QemuUser.COMPILER, "gcc-riscv64-linux-gnu");
    }
    List<String> vlens = invocation.texts(VLEN);
    boolean timed = invocation.has(MINUTES);
    long cases = timed ? Long.MAX_VALUE : invocation.count(CASES, 20_000);
    long millis = invocation.count(MINUTES, 1) * 60_000;
    Session session = new Session(invocation, terminal, tools);
    List<Supplier<Isa>> isas = isas(invocation, terminal, qemu, vlens);
    for (int i = 0; i < isas.size(); i++) {
      long until = System.currentTimeMillis() + millis / isas.size();
      BooleanSupplier more = () -> !timed || System.currentTimeMillis() < until;
      long most = timed ? cases : Math.ceilDiv(cases, isas.size());
      session.run(isas.get(i).get(), qemu, most, more);
    }
    String record = invocation.text(RECORD);
    if (record != null) {
      byte[] text = session.record(qemu).text().getBytes(StandardCharsets.UTF_8);
      OutputFile.write(terminal, record, text);
    }
    return session.end();
  }

  private static void need(HostTools tools, String program, String debian) {
    if (!tools.has(program)) {
      throw Failure.of(
          ExitCode.UNAVAILABLE,
          "no-tool",
          program + " is not installed",
          "on Debian: apt-get install " + debian);
    }
  }

  /// One for each vector length; one alone where there are no vectors. Each is made when its turn
  /// comes: what is known of a text takes its room.
  private static List<Supplier<Isa>> isas(
      Invocation invocation, Terminal terminal, boolean qemu, List<String> vlens) {
    Isa.Request asked = IsaOptions.request(invocation, terminal);
    Isa.Request request = asked.isa() == null && qemu ? asked.isa(QemuUser.isaName()) : asked;
    Isa first = IsaOptions.load(request, invocation, terminal);
    if (first.registerFile("v") == null) {
      return List.of(() -> first);
    }
    List<Supplier<Isa>> all = new ArrayList<>();
    for (String vlen : vlens.isEmpty() ? List.of("128", "256", "512") : vlens) {
      Map<String, String> set = new LinkedHashMap<>(request.set());
      set.put("VLEN", vlen);
      all.add(() -> IsaOptions.load(request.set(set), invocation, terminal));
    }
    return all;
  }

  /// {@return whether a name matches a pattern with `*` and `?`}
  static Pattern glob(String text) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      regex.append(
          switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            case ',' -> "|";
            default -> Pattern.quote(String.valueOf(c));
          });
    }
    try {
      return Pattern.compile(regex.toString());
    } catch (PatternSyntaxException e) {
      throw Failure.of(ExitCode.USAGE, "bad-pattern", e.getDescription());
    }
  }

  /// The runs of one command, over several vector lengths.
  private static final class Session {
    private final Invocation invocation;
    private final Terminal terminal;
    private final HostTools tools;
    private final Waivers waivers = Waivers.qemu();
    private final Map<String, Map<String, Long>> waived = new TreeMap<>();
    private final Coverage total = Coverage.of(List.of());
    private final Set<String> names = new LinkedHashSet<>();
    private final List<String> vlens = new ArrayList<>();
    private final long seed;
    private final long began = System.nanoTime();
    private long cases;
    private long differing;
    private long kept;

    Session(Invocation invocation, Terminal terminal, HostTools tools) {
      this.invocation = invocation;
      this.terminal = terminal;
      this.tools = tools;
      this.seed = invocation.count(SEED, 1);
    }

    void run(Isa isa, boolean qemu, long most, BooleanSupplier more) {
      names.add(isa.name());
      vlens.add(Integer.toString(vlen(isa)));
      Pattern only = glob(invocation.text(ONLY, "*"));
      Coverage coverage = Coverage.of(List.of());
      Generator generator =
          Generator.of(
              isa,
              qemu,
              i -> only.matcher(i.name()).matches() && !(qemu && waivers.isSkipped(i.name())),
              coverage);
      if (generator.choices().isEmpty()) {
        throw Failure.of(
            ExitCode.USAGE,
            "no-instruction",
            "no instruction of "
                + isa.shortName()
                + " matches '"
                + invocation.text(ONLY, "*")
                + "'");
      }
      coverage.know(generator.choices());
      List<Differential.Lane> devices = devices(isa, qemu);
      long before = cases;
      int batch = (int) invocation.count(BATCH, 2_000);
      Differential.of(generator, devices, batch)
          .run(
              seed,
              most,
              more,
              progress -> {
                cases = before + progress.cases();
                devices.forEach(d -> found(isa, d.device(), progress.findings()));
                say(isa, coverage);
              });
      total.add(coverage);
    }

    /// What takes its time is done for a part of the cases where that is not what is asked for.
    private List<Differential.Lane> devices(Isa isa, boolean qemu) {
      List<Differential.Lane> devices = new ArrayList<>();
      InProcess interpreter =
          InProcess.of("interpreter", isa, () -> Engine.interpreter(isa, Matmul.kernels()));
      devices.add(new Differential.Lane(interpreter, qemu ? SHARE : 1));
      if (qemu) {
        devices.add(new Differential.Lane(QemuUser.of(isa, tools), 1));
      }
      return devices;
    }

    private void say(Isa isa, Coverage coverage) {
      if (!invocation.quiet()) {
        double seconds = (System.nanoTime() - began) / 1e9;
        terminal
            .err()
            .printf(
                Locale.ROOT,
                "%s%s: %,d cases, %,d instructions, %,d traps, %,d differences, %.0f s%n",
                isa.shortName(),
                isa.registerFile("v") == null ? "" : " VLEN " + vlen(isa),
                cases,
                total.executions() + coverage.executions(),
                total.traps() + coverage.traps(),
                differing,
                seconds);
      }
    }

    private static int vlen(Isa isa) {
      var v = isa.registerFile("v");
      return v == null ? 0 : v.width();
    }

    private void found(Isa isa, Dut device, List<Differential.Finding> all) {
      List<Differential.Finding> own =
          all.stream().filter(f -> f.device().name().equals(device.name())).toList();
      Shrinker shrinker = Shrinker.of(isa, device, f -> waivers.reason(isa, f) != null);
      shrinker.isolate(own).forEach(f -> found(isa, shrinker, f));
    }

    private void found(Isa isa, Shrinker shrinker, Differential.Finding alone) {
      String reason = alone.device().name().equals("qemu") ? waivers.reason(isa, alone) : null;
      if (reason != null) {
        String name = last(isa, alone.given());
        waived.computeIfAbsent(reason, _ -> new TreeMap<>()).merge(name, 1L, Long::sum);
        return;
      }
      differing++;
      if (kept++ < invocation.count(KEEP, 5)) {
        Report report = Report.of(isa, shrinker.shrink(alone));
        terminal.out().print(report.screen());
        terminal.out().flush();
        String folder = invocation.text(Flags.OUTPUT);
        if (folder != null) {
          OutputFile.write(
              terminal,
              folder + "/" + report.name() + ".s",
              report.program().getBytes(StandardCharsets.UTF_8));
        }
      }
    }

    CampaignRecord record(boolean qemu) {
      Map<String, String> told = new LinkedHashMap<>();
      told.put("date", LocalDate.now(ZoneId.systemDefault()).toString());
      told.put("against", qemu ? tools.version(QemuUser.QEMU) : "the interpreter");
      told.put("isa", String.join(", ", names));
      told.put("vlen", String.join(", ", vlens));
      told.put("seed", Long.toString(seed));
      told.put("minutes", Long.toString(Math.round((System.nanoTime() - began) / 60e9)));
      told.put("jdk", System.getProperty("java.runtime.version", "?"));
      told.put("cpu", HostTools.processor());
      return CampaignRecord.of(
          told, new CampaignRecord.Counts(total, cases, differing, waivedAltogether()));
    }

    private long waivedAltogether() {
      return waived.values().stream().mapToLong(Session::sum).sum();
    }

    int end() {
      PrintStream out = terminal.out();
      if (!invocation.quiet()) {
        table(out);
      }
      waived.forEach((reason, names) -> waived(out, reason, names));
      out.printf(
          Locale.ROOT,
          "%,d cases, %,d instructions and %,d traps, seed %d: %,d differences, %,d waived%n",
          cases,
          total.executions(),
          total.traps(),
          seed,
          differing,
          waivedAltogether());
      return differing == 0 ? ExitCode.OK.code() : ExitCode.DIFFERENT.code();
    }

    private static long sum(Map<String, Long> counts) {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private void waived(PrintStream out, String reason, Map<String, Long> names) {
      out.printf(Locale.ROOT, "waived %,d: %s%n", sum(names), reason);
      if (invocation.has(Flags.VERBOSE)) {
        out.println("  " + names);
      }
    }

    private static String last(Isa isa, Case given) {
      Decoded decoded = isa.decoder().decode(given.words().getLast().word());
      return decoded == null ? ".insn" : decoded.instruction().name();
    }

    private void table(PrintStream out) {
      int column = 0;
      for (String name : total.names()) {
        out.printf(Locale.ROOT, "%-20s %7d", name, total.executions(name));
        column = (column + 1) % 4;
        out.print(column == 0 ? "\n" : "  ");
      }
      out.print(column == 0 ? "" : "\n");
    }
  }
}
