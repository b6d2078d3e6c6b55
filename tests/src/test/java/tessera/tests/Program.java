package tessera.tests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.assembler.Assembled;
import tessera.assembler.Assembler;
import tessera.elf.Elf;
import tessera.emulator.Console;
import tessera.emulator.Emulator;
import tessera.emulator.Engine;
import tessera.emulator.Exit;
import tessera.emulator.Guest;
import tessera.emulator.Reference;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.kernel.Kernels;
import tessera.emulator.kernel.Matmul;
import tessera.emulator.timing.Meter;
import tessera.emulator.timing.Region;
import tessera.emulator.timing.Timing;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;

/// Assembles and runs programs for tests over several modules.
final class Program {
  /// The repository's root.
  static final Path ROOT = Path.of(System.getProperty("tessera.root", ".."));

  private static final long BUDGET = 200_000_000;

  /// How a program is run.
  enum Runs {
    /// the plain evaluator
    EVALUATOR,
    /// the interpreter, shapes by their plain bodies
    INTERPRETER,
    /// the interpreter with kernels
    KERNELS
  }

  /// What a run gives.
  ///
  /// @param regions counters of the whole run, then of the marked regions
  record Outcome(Exit exit, String output, Guest guest, List<Region> regions) {}

  private Program() {}

  /// {@return a file of the repository}
  static Source source(String path) {
    try {
      return new Source(path, Files.readString(ROOT.resolve(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return the bundled ISA on a machine, with a user's own texts}
  static Isa isa(String machine, Map<String, String> set, Source... own) {
    Isa.Request request = Isa.Request.bundled(machine).set(set);
    for (Source text : own) {
      request = request.with(text);
    }
    return Isa.load(request).orThrow();
  }

  /// {@return the program of one text}
  static Elf assemble(Isa isa, Source text) {
    return switch (Assembler.of(isa).program(List.of(text))) {
      case Assembled.Ok ok -> ok.elf();
      case Assembled.Failed failed ->
          throw new AssertionError(Renderer.render(failed.diagnostics()));
    };
  }

  /// {@return what a program does}
  static Outcome run(Isa isa, Elf elf, Runs how, Timing timing) {
    return run(isa, elf, how, timing, BUDGET);
  }

  /// {@return what a program does within so many instructions}
  static Outcome run(Isa isa, Elf elf, Runs how, Timing timing, long budget) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Guest guest = load(isa, elf, engine(isa, how), written);
    Meter meter = Meter.of(guest.hart(), timing);
    guest.hart().observer(meter);
    Exit exit = guest.run(budget);
    return new Outcome(
        exit, written.toString(StandardCharsets.UTF_8), guest, new ArrayList<>(meter.finish()));
  }

  private static Engine engine(Isa isa, Runs how) {
    return switch (how) {
      case EVALUATOR -> Reference.of(isa);
      case INTERPRETER -> Interpreter.of(isa, Kernels.none());
      case KERNELS -> Interpreter.of(isa, Matmul.kernels());
    };
  }

  private static Guest load(Isa isa, Elf elf, Engine engine, ByteArrayOutputStream written) {
    Emulator emulator = Emulator.of(isa).with(engine).with(console(written));
    return switch (emulator.load(elf)) {
      case Emulator.Loaded.Ready(var guest) -> guest;
      case Emulator.Loaded.Refused(var diagnostics) ->
          throw new AssertionError(Renderer.render(diagnostics));
    };
  }

  private static Console console(ByteArrayOutputStream written) {
    return new Console() {
      @Override
      public int read() {
        return -1;
      }

      @Override
      public void write(int stream, byte[] bytes, int offset, int length) {
        written.write(bytes, offset, length);
      }
    };
  }

  /// {@return a counter of a region, which has it}
  static long counter(Region region, String name) {
    return region.counters().get(name).orElseThrow(() -> new AssertionError("no counter " + name));
  }

  /// {@return the region of that name, or null}
  static @Nullable Region region(Outcome outcome, String name) {
    return outcome.regions().stream().filter(r -> r.name().equals(name)).findFirst().orElse(null);
  }
}
