package tessera.compiler;

import java.util.List;
import java.util.stream.Collectors;
import tessera.assembler.AsmBuilder;
import tessera.assembler.Assembled;
import tessera.assembler.Assembler;
import tessera.compiler.emit.Emission;
import tessera.compiler.emit.Item;
import tessera.compiler.emit.MachineCode;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.TensorType;
import tessera.compiler.graph.Verifier;
import tessera.compiler.importer.Importer;
import tessera.compiler.onnx.Model;
import tessera.compiler.template.CodeSupport;
import tessera.compiler.template.Group;
import tessera.compiler.template.Lowering;
import tessera.compiler.template.Partition;
import tessera.compiler.template.Target;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;

/// Compiles models to programs for one ISA.
///
/// ```
/// Model model = Onnx.parse(bytes).orThrow().bind("batch_size", 1);
/// CompiledModel program = Compiler.on(isa).compile(model).orThrow();
/// ```
public final class Compiler {
  /// A program, or everything that keeps the model from being one.
  public sealed interface Compiled {
    record Ok(CompiledModel model) implements Compiled {}

    record Failed(List<Diagnostic> diagnostics) implements Compiled {
      public Failed {
        diagnostics = List.copyOf(diagnostics);
      }
    }

    /// The program, for a caller that knows the model to compile; else `IllegalArgumentException`.
    default CompiledModel orThrow() {
      return switch (this) {
        case Ok(var model) -> model;
        case Failed(var diagnostics) ->
            throw new IllegalArgumentException(
                diagnostics.stream().map(Renderer::render).collect(Collectors.joining()));
      };
    }
  }

  private final Assembler assembler;
  private final Target target;

  private Compiler(Assembler assembler) {
    this.assembler = assembler;
    this.target = AsmBuilder.of(assembler)::has;
  }

  /// Compiles for all that this ISA has: on tiles with Xta, else on its scalar instructions
  /// (RV64IMF).
  public static Compiler on(Isa isa) {
    return new Compiler(Assembler.of(isa));
  }

  public Compiled compile(Model model) {
    return switch (Importer.run(model, new CodeSupport())) {
      case Importer.Imported.Failed(var diagnostics) -> new Compiled.Failed(diagnostics);
      case Importer.Imported.Ok(var graph, var warnings) -> compile(graph, warnings);
    };
  }

  /// Compiles a graph, which must be sound and of what there is code for.
  public Compiled compile(Graph graph) {
    return compile(graph, List.of());
  }

  private Compiled compile(Graph imported, List<Diagnostic> warnings) {
    Graph graph = Verifier.verified(imported, "import");
    for (var pass : Passes.all().entrySet()) {
      graph = Verifier.verified(pass.getValue().apply(graph), pass.getKey());
    }
    List<Group> groups = Partition.run(graph);
    Storage storage = Storage.of(graph, groups);
    List<Item> text = Lowering.run(groups, storage, target);
    ModelNote note = note(graph, groups, storage);
    MachineCode code = new MachineCode(text, storage.data(), note.print());
    Graph result = graph;
    return switch (Emission.program(code, assembler)) {
      case Assembled.Failed(var diagnostics) -> new Compiled.Failed(diagnostics);
      case Assembled.Ok(var elf, _) ->
          new Compiled.Ok(new CompiledModel(elf, note, result, code, warnings));
    };
  }

  private ModelNote note(Graph graph, List<Group> groups, Storage storage) {
    List<ModelNote.TensorNote> inputs =
        graph.inputTypes().entrySet().stream()
            .map(input -> tensor(input.getKey(), input.getValue()))
            .toList();
    List<ModelNote.TensorNote> outputs =
        graph.outputs().stream()
            .map(output -> tensor(output.name(), storage.node(output.id()).type()))
            .toList();
    List<ModelNote.GroupNote> notes =
        groups.stream()
            .map(group ->
                new ModelNote.GroupNote(
                    group.number(), Lowering.unit(group, storage, target), group.origins()))
            .toList();
    return new ModelNote(inputs, outputs, notes);
  }

  private static ModelNote.TensorNote tensor(String name, TensorType type) {
    return new ModelNote.TensorNote(name, type, Storage.tensorSymbol(name));
  }
}
