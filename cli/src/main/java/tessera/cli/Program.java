package tessera.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tessera.compiler.CompiledModel;
import tessera.compiler.onnx.Catalogue;
import tessera.elf.Elf;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Source;

/// What a user wants to run, read but not yet made into an ELF file.
sealed interface Program {

  /// A program that a machine can load.
  ///
  /// @param model what it was compiled from, or null
  record Ready(String name, Elf elf, @Nullable CompiledModel model) {}

  /// {@return the program for this ISA}
  ///
  /// @throws Failure with all that is wrong with it
  Ready ready(Isa isa, Invocation invocation, Terminal terminal);

  /// An ELF file.
  record Linked(String name, Elf elf) implements Program {
    @Override
    public Ready ready(Isa isa, Invocation invocation, Terminal terminal) {
      return new Ready(name, elf, null);
    }
  }

  /// Assembly texts.
  record Assembly(String name, List<Source> sources) implements Program {
    @Override
    public Ready ready(Isa isa, Invocation invocation, Terminal terminal) {
      return new Ready(name, As.assemble(sources, isa, false, invocation, terminal), null);
    }
  }

  /// An ONNX model.
  record Onnx(String name, ModelFile file) implements Program {
    @Override
    public Ready ready(Isa isa, Invocation invocation, Terminal terminal) {
      CompiledModel model = Compile.compile(file, isa, invocation, terminal);
      return new Ready(name, model.elf(), model);
    }
  }

  /// {@return the program that the operands name}
  ///
  /// @throws Failure when they name none
  static Program read(Invocation invocation, Terminal terminal) {
    List<String> operands = invocation.operands();
    String first = operands.getFirst();
    if (isAssembly(first)) {
      List<Source> sources = new ArrayList<>();
      operands.forEach(name -> sources.add(InputFile.text(terminal, name)));
      return new Assembly(lastPart(first), sources);
    }
    if (operands.size() > 1) {
      throw Failure.of(
          ExitCode.USAGE,
          "extra-operand",
          "'run' has no use for '" + operands.get(1) + "'",
          "the guest's own arguments follow after --");
    }
    if (InputFile.exists(terminal, first) && !first.endsWith(".onnx")) {
      return linked(first, InputFile.bytes(terminal, first));
    }
    boolean isFile = first.contains("/") || first.endsWith(".elf");
    if (first.endsWith(".onnx") || isFile && Catalogue.bundled().find(first).isEmpty()) {
      InputFile.bytes(terminal, first); // says that it is not there
    }
    return new Onnx(lastPart(first), ModelFile.read(first, invocation, terminal));
  }

  private static Program linked(String name, byte[] bytes) {
    if (ElfFile.claims(bytes)) {
      return new Linked(lastPart(name), ElfFile.read(name, bytes));
    }
    throw Failure.of(
        ExitCode.BAD_INPUT,
        "unknown-kind",
        "'" + name + "' is no ELF file, and its name ends neither in .s nor in .onnx");
  }

  private static boolean isAssembly(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".s") || lower.endsWith(".asm");
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
