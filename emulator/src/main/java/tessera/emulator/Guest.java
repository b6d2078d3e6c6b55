package tessera.emulator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tessera.elf.SymbolTable;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Isa;

/// A program in a machine. It runs from where it is, as often as asked.
public final class Guest {
  private final Isa isa;
  private final Harts harts;
  private final List<Engine> engines;
  private final SymbolTable symbols;

  Guest(Isa isa, List<Hart> harts, List<Engine> engines, SymbolTable symbols) {
    this.isa = isa;
    this.harts = new Harts(harts, engines);
    this.engines = List.copyOf(engines);
    this.symbols = symbols;
  }

  /// {@return why it stopped}
  ///
  /// @param budget instructions that all harts together complete at most, exact
  public Exit run(long budget) {
    return harts.run(budget);
  }

  public Isa isa() {
    return isa;
  }

  /// {@return the hart that ended the run, hart 0 before it starts}
  public Hart hart() {
    return harts.last();
  }

  /// {@return all harts by number}
  public List<Hart> harts() {
    return harts.all();
  }

  /// {@return the instructions that all harts have completed since reset}
  public long retired() {
    return harts.all().stream().mapToLong(Hart::retired).sum();
  }

  public Memory memory() {
    return harts.last().memory();
  }

  public SymbolTable symbols() {
    return symbols;
  }

  /// {@return the instructions that ran by the plain evaluator although another engine was asked,
  /// by name, with the form in their text that is not covered}
  public Map<String, String> evaluated() {
    Map<String, String> all = new TreeMap<>();
    interpreters().forEach(i -> all.putAll(i.evaluated()));
    return all;
  }

  /// {@return the signatures of kernels that are not used, since they differ from the text of their
  /// shape}
  public List<String> refutedKernels() {
    return interpreters().flatMap(i -> i.refutedKernels().stream()).distinct().toList();
  }

  private Stream<Interpreter> interpreters() {
    return engines.stream()
        .distinct()
        .filter(Interpreter.class::isInstance)
        .map(Interpreter.class::cast);
  }
}
