package tessera.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tessera.compiler.Comparison;
import tessera.compiler.CompiledModel;
import tessera.compiler.graph.Npy;
import tessera.compiler.graph.Tensor;
import tessera.elf.Elf;
import tessera.elf.ElfWriter;
import tessera.emulator.Emulator;
import tessera.emulator.Guest;
import tessera.emulator.Hart;
import tessera.emulator.Platform;
import tessera.emulator.kernel.Matmul;
import tessera.emulator.timing.Meter;
import tessera.emulator.timing.Report;
import tessera.emulator.timing.ReportText;
import tessera.emulator.timing.Timing;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;

/// `tessera run F.s|F.elf [-- ARGS]`: runs a program on a machine, and says what it cost.
final class Run {
  static final Flag MEMORY =
      new Flag(
          "m",
          "memory",
          new Flag.Value.Text("SIZE"),
          "main memory, such as 256MiB (default 1GiB); also Spike's 0x80000000:SIZE");
  static final Flag MODE =
      Flags.choice(
          "mode", "what the program runs on; auto looks at the file", "auto", "bare", "linux");
  static final Flag MOUNT =
      Flags.texts("mount", "HOST:/GUEST[:rw]", "a folder that the program may read, or write");
  static final Flag ENV = Flags.texts("env", "NAME=VALUE", "a Linux program's environment");
  static final Flag HOST_CLOCK =
      Flag.of(null, "host-clock", "a Linux program's time is this machine's, not from cycles");
  static final Flag HARTS =
      Flags.count("harts", "N", 1, "harts, by turns of 1,000 instructions (default 1)");
  static final Flag SIGNATURE =
      Flags.file(
          "signature", "FILE", "write what lies from begin_signature to end_signature, in hex");
  static final Flag GRANULARITY =
      Flags.count("signature-granularity", "N", 1, "bytes of a line of it (default 4)");
  static final Flag STRICT =
      Flag.of(null, "strict", "main memory is only segments, heap and stack: finds overruns");
  static final Flag BUDGET =
      Flags.count("max-insns", "N", 0, "instructions at most (default 1e10; 0: any number)");
  static final Flag TIMEOUT =
      new Flag(null, "timeout", new Flag.Value.Seconds("S"), "seconds at most");
  static final Flag TIMING =
      Flags.choice(
          "timing", "how time is told (default scoreboard)", "none", "static", "scoreboard");
  static final Flag COUNTERS = Flag.of(null, "counters", "print every counter at the end");
  static final Flag LOG_COMMITS =
      Flags.optionalFile(
          "log-commits",
          "FILE",
          "write a line for each instruction, as Spike does (default: stderr)");
  static final Flag STATS = Flags.file("stats", "FILE", "write the report as JSON to FILE");
  static final Flag EXIT_CODE =
      Flags.choice("exit-code", "'tool': any exit of the guest is status 0", "guest", "tool");

  static final Flag INPUT = Flags.texts("input", "NAME=F.npy", "an input of a model");
  static final Flag SEED =
      Flags.count("seed", "N", 0, "of inputs that are not given, and a program's randomness");
  static final Flag NO_CHECK =
      Flag.of(null, "no-check", "do not compare a model with its graph's evaluation");

  static final Verb VERB =
      new Verb(
          "run",
          Verb.Group.RUN,
          "run a program or a model and say what it cost",
          new Verb.Operands("FILE.s...|FILE.elf|FILE.onnx|NAME", 1, Integer.MAX_VALUE, true),
          Flags.with(
              IsaOptions.FLAGS,
              Flags.RESERVED,
              Flags.AGNOSTIC,
              MEMORY,
              MODE,
              MOUNT,
              ENV,
              HOST_CLOCK,
              HARTS,
              STRICT,
              BUDGET,
              TIMEOUT,
              TIMING,
              COUNTERS,
              STATS,
              LOG_COMMITS,
              SIGNATURE,
              GRANULARITY,
              EXIT_CODE,
              INPUT,
              SEED,
              NO_CHECK,
              Compile.DIM,
              Compile.OUTPUTS),
          List.of(
              "Assembly files are assembled and linked in memory, a model is compiled. Standard"
                  + " output belongs to the program; the summary line and --counters go to standard"
                  + " error. With --format json the report goes to standard output and what the"
                  + " program prints to standard error.",
              "A model's outputs are printed with their first elements and compared with the plain"
                  + " evaluation of its graph.",
              "A Linux program, statically linked, gets its arguments after --, the environment of"
                  + " --env, standard streams, and files only under --mount; everything else runs"
                  + " on bare metal. The file tells which (-v says how), or --mode.",
              "The exit status is the program's own. A fault is 132 (illegal instruction), 133"
                  + " (breakpoint), 135 (misaligned) or 139 (access), a used up budget 124; see"
                  + " 'tessera explain exit-codes'."),
          List.of(
              new Verb.Example("tessera run examples/hello.s", "assemble, link, run"),
              new Verb.Example(
                  "tessera run --mount .:/work a.out -- /work/in.txt",
                  "a Linux program on a file of this folder"),
              new Verb.Example("tessera run hello-deepa", "a model, fetched once"),
              new Verb.Example(
                  "tessera run --machine tiny4 --counters examples/gemm-i8.s",
                  "a matrix product on small tiles, with all counters"),
              new Verb.Example(
                  "tessera run --isa examples/my.isa examples/my.s",
                  "a program with an instruction of your own"),
              new Verb.Example(
                  "tessera run --max-insns 1e6 --stats out.json kernel.elf",
                  "a bounded run and its report")),
          Run::run);

  private static final long BUDGET_DEFAULT = 10_000_000_000L;

  private Run() {}

  private static int run(Invocation invocation, Terminal terminal) {
    Platform platform = platform(invocation);
    Map<String, Tensor> given = inputs(invocation, terminal);
    Program program = Program.read(invocation, terminal);
    Isa isa =
        program instanceof Program.Linked(_, Elf elf)
            ? IsaOptions.toRun(elf, invocation, terminal)
            : IsaOptions.load(IsaOptions.request(invocation, terminal), invocation, terminal);
    Program.Ready ready = program.ready(isa, invocation, terminal);
    CompiledModel compiled = ready.model();
    ModelRun model =
        compiled == null ? null : ModelRun.of(compiled, given, invocation.count(SEED, 0));
    Mode mode = Mode.of(invocation, ready);
    boolean vectors = VectorModule.load(Emulator.class.getModule());
    try (GuestConsole console = GuestConsole.of(terminal, invocation.json());
        LogFile log = LogFile.of(invocation, terminal)) {
      Emulator emulator =
          Emulator.of(isa)
              .on(platform)
              .with(console)
              .with(
                  Matmul.kernels(
                      warning -> IsaOptions.warn(List.of(warning), invocation, terminal)));
      emulator = mode.on(emulator, invocation, terminal);
      Guest guest = loaded(emulator, ready.elf(), ready.name());
      IsaOptions.warn(lacking(emulator, ready), invocation, terminal);
      Meter meter = Meter.of(guest.hart(), timing(invocation));
      guest.hart().observer(log.before(meter, guest.hart()));
      for (Hart other : guest.harts().subList(1, guest.harts().size())) {
        other.observer(log.before(Meter.of(other, timing(invocation)), other));
      }
      if (model != null) {
        model.fill(guest);
      }
      if (invocation.verbose()) {
        terminal.err().print(Verbose.before(guest, platform, mode, vectors));
      }
      GuestRun.Outcome outcome =
          GuestRun.of(guest, console, budget(invocation), timeout(invocation))
              .run(terminal, invocation);
      console.flush();
      log.flush();
      Ending ending = Ending.of(outcome, guest, isa, ready.elf());
      byte[] bytes = ElfWriter.write(ready.elf());
      Report report =
          Reports.of(
              IsaOptions.request(invocation, terminal), isa, ready.name(), bytes, meter, ending);
      boolean agrees =
          model == null || !ending.isExit() || agrees(model, guest, invocation, terminal);
      say(ending, report, outcome, invocation, terminal);
      if (!invocation.quiet()) {
        terminal.err().print(otherHarts(guest));
      }
      if (ending.isExit() && invocation.text(SIGNATURE) != null) {
        Signature.write(guest, ready.name(), invocation, terminal);
      }
      return agrees ? status(ending, invocation) : ExitCode.DIFFERENT.code();
    }
  }

  /// Prints a model's outputs and compares them.
  private static boolean agrees(
      ModelRun model, Guest guest, Invocation invocation, Terminal terminal) {
    PrintStream out = invocation.json() ? terminal.err() : terminal.out();
    Map<String, Tensor> outputs = model.outputs(guest);
    if (model.filled()) {
      out.println("inputs drawn with --seed " + invocation.count(SEED, 0));
    }
    out.print(ModelRun.text(outputs));
    if (invocation.has(NO_CHECK)) {
      out.flush();
      return true;
    }
    List<Comparison> comparisons = model.compare(outputs);
    out.print(ModelRun.verdict(comparisons));
    out.flush();
    return comparisons.stream().allMatch(Comparison::agrees);
  }

  private static Map<String, Tensor> inputs(Invocation invocation, Terminal terminal) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (String text : invocation.texts(INPUT)) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw Failure.of(
            ExitCode.USAGE,
            "bad-setting",
            "option '--input' got '" + text + "'",
            "write --input NAME=FILE.npy");
      }
      inputs.put(text.substring(0, equals), array(text.substring(equals + 1), terminal));
    }
    return inputs;
  }

  private static Tensor array(String file, Terminal terminal) {
    return switch (Npy.parse(InputFile.bytes(terminal, file))) {
      case Npy.Parsed.Ok(Tensor tensor) -> tensor;
      case Npy.Parsed.Failed(Diagnostic wrong) ->
          throw Failure.of(
              ExitCode.BAD_INPUT,
              wrong.code(),
              "'" + file + "' cannot be used: " + wrong.message());
    };
  }

  private static void say(
      Ending ending,
      Report report,
      GuestRun.Outcome outcome,
      Invocation invocation,
      Terminal terminal) {
    terminal.err().print(ending.text());
    if (ending.isExit() && !invocation.quiet()) {
      terminal.err().println(ReportText.summary(report, outcome.milliseconds()));
    }
    if (invocation.has(COUNTERS)) {
      terminal.err().print(ReportText.table(report));
    }
    String stats = invocation.text(STATS);
    String json = stats != null || invocation.json() ? report.data().json() : "";
    if (stats != null) {
      OutputFile.write(terminal, stats, json.getBytes(StandardCharsets.UTF_8));
    }
    if (invocation.json()) {
      terminal.out().print(json);
    }
  }

  /// The report is hart 0's; what the others did is a line each.
  private static String otherHarts(Guest guest) {
    StringBuilder out = new StringBuilder();
    for (Hart hart : guest.harts().subList(1, guest.harts().size())) {
      out.append("hart ").append(hart.id()).append(": ");
      out.append(Sizes.count(hart.retired(), "instruction")).append(", ");
      out.append(Sizes.count(hart.cycles(), "cycle")).append('\n');
    }
    return out.toString();
  }

  private static int status(Ending ending, Invocation invocation) {
    boolean tool = invocation.text(EXIT_CODE, "guest").equals("tool");
    return tool && ending.isExit() ? ExitCode.OK.code() : ending.status();
  }

  private static Guest loaded(Emulator emulator, Elf elf, String name) {
    return switch (emulator.load(elf)) {
      case Emulator.Loaded.Ready(Guest guest) -> guest;
      case Emulator.Loaded.Refused(List<Diagnostic> diagnostics) ->
          throw Failure.in(name, ExitCode.BAD_INPUT, diagnostics);
    };
  }

  /// {@return what to say of a program that was made for more than the machine has}
  private static List<Diagnostic> lacking(Emulator emulator, Program.Ready ready) {
    List<String> names = emulator.lacking(ready.elf());
    return names.isEmpty()
        ? List.of()
        : List.of(
            Diagnostic.warning(
                    "isa-missing",
                    null,
                    ready.name()
                        + " is made for "
                        + String.join(", ", names)
                        + ", which this machine does not have")
                .help("what it uses of them is an illegal instruction; -q leaves this line out"));
  }

  private static Timing timing(Invocation invocation) {
    return Timing.valueOf(invocation.text(TIMING, "scoreboard").toUpperCase(Locale.ROOT));
  }

  private static long budget(Invocation invocation) {
    long budget = invocation.count(BUDGET, BUDGET_DEFAULT);
    return budget == 0 ? Long.MAX_VALUE : budget;
  }

  /// {@return the nanoseconds that the run may take}
  private static long timeout(Invocation invocation) {
    String seconds = invocation.text(TIMEOUT);
    return seconds == null ? Long.MAX_VALUE : (long) (Numbers.seconds(seconds).orElseThrow() * 1e9);
  }

  private static Platform platform(Invocation invocation) {
    Platform platform = Platform.standard();
    String memory = invocation.text(MEMORY);
    if (memory != null) {
      platform = platform.withMemory(memory(memory));
    }
    long harts = invocation.count(HARTS, 1);
    if (harts > Platform.MOST_HARTS) {
      throw Failure.of(
          ExitCode.USAGE,
          "bad-count",
          "option '--harts' wants 1 to " + Platform.MOST_HARTS + ", got " + harts);
    }
    platform = platform.withHarts((int) harts);
    return invocation.has(STRICT) ? platform.strictly() : platform;
  }

  private static long memory(String text) {
    int colon = text.indexOf(':');
    String size = text.substring(colon + 1);
    long bytes = Numbers.bytes(size).orElse(0);
    if (bytes < 4096 || bytes > Platform.MOST_MEMORY) {
      throw Failure.of(
          ExitCode.USAGE,
          "bad-size",
          "option '--memory' wants a size from 4KiB to 256GiB, got '" + size + "'",
          "write 256MiB, 4G or 0x10000000");
    }
    if (colon >= 0 && Numbers.count(text.substring(0, colon)).orElse(0) != Platform.RAM) {
      throw Failure.of(
          ExitCode.USAGE,
          "bad-size",
          "main memory begins at 0x80000000; '" + text + "' asks for another place",
          "a program linked elsewhere brings a region of its own: leave --memory out");
    }
    return bytes;
  }
}
