package tessera.compiler;

import java.util.List;
import tessera.compiler.emit.MachineCode;
import tessera.compiler.graph.Graph;
import tessera.elf.Elf;
import tessera.isaspec.diagnostic.Diagnostic;

/// A program made of a model.
///
/// @param elf runs the model once on what lies at the inputs' symbols, leaves the results at the
///   outputs' symbols, and exits with 0
/// @param note its tensors and groups, as they also stand in the file
/// @param graph what it computes, for comparing: the graph after all passes
/// @param code its instructions and data, for reading
/// @param warnings what was assumed about the model
public record CompiledModel(
    Elf elf, ModelNote note, Graph graph, MachineCode code, List<Diagnostic> warnings) {
  public CompiledModel {
    warnings = List.copyOf(warnings);
  }
}
