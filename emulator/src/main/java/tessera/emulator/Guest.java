package tessera.emulator;

import java.util.List;
import java.util.Map;
import tessera.elf.SymbolTable;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Isa;

/// A program in a machine. It runs from where it is, as often as asked.
public final class Guest {
  private final Isa isa;
  private final Hart hart;
  private final Engine engine;
  private final SymbolTable symbols;

  Guest(Isa isa, Hart hart, Engine engine, SymbolTable symbols) {
    this.isa = isa;
    this.hart = hart;
    this.engine = engine;
    this.symbols = symbols;
  }

  /// {@return why it stopped}
  ///
  /// @param budget instructions to complete at most, exact
  public Exit run(long budget) {
    long left = budget;
    while (true) {
      long before = hart.retired();
      Exit exit = engine.run(hart, left);
      left -= Math.min(left, hart.retired() - before);
      if (!(exit instanceof Exit.Waiting) || hart.nextEvent() == Long.MAX_VALUE) {
        return exit;
      }
      hart.idleUntil(hart.nextEvent());
    }
  }

  public Isa isa() {
    return isa;
  }

  public Hart hart() {
    return hart;
  }

  public Memory memory() {
    return hart.memory();
  }

  public SymbolTable symbols() {
    return symbols;
  }

  /// {@return the instructions that ran by the plain evaluator although another engine was asked,
  /// by name, with the form in their text that is not covered}
  public Map<String, String> evaluated() {
    return engine instanceof Interpreter interpreter ? interpreter.evaluated() : Map.of();
  }

  /// {@return the signatures of kernels that are not used, since they differ from the text of their
  /// shape}
  public List<String> refutedKernels() {
    return engine instanceof Interpreter interpreter ? interpreter.refutedKernels() : List.of();
  }
}
