package tessera.cli;

import java.util.List;
import java.util.Optional;
import tessera.cli.models.FetchFailed;
import tessera.cli.models.Models;
import tessera.compiler.onnx.Catalogue;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.Onnx;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Suggestion;

/// A model that a user named: a file, or a name of the catalogue.
///
/// @param name as the user wrote it
/// @param model what the file holds
record ModelFile(String name, Model model) {

  /// {@return the model of a file or of a catalogue name}
  ///
  /// @throws Failure when it is not there, cannot be fetched or cannot be read
  static ModelFile read(String name, Invocation invocation, Terminal terminal) {
    byte[] bytes =
        InputFile.exists(terminal, name)
            ? InputFile.bytes(terminal, name)
            : fetched(name, invocation, terminal);
    return switch (Onnx.parse(bytes)) {
      case Onnx.Parsed.Ok(Model model) -> new ModelFile(name, model);
      case Onnx.Parsed.Failed(List<Diagnostic> diagnostics) ->
          throw Failure.in(name, ExitCode.BAD_INPUT, diagnostics);
    };
  }

  private static byte[] fetched(String name, Invocation invocation, Terminal terminal) {
    Optional<Catalogue.Entry> entry = Catalogue.bundled().find(name);
    if (entry.isEmpty()) {
      throw unknown(name, terminal);
    }
    Models models = new Models(terminal.environment(), line -> say(line, invocation, terminal));
    try {
      return models.bytes(entry.get());
    } catch (FetchFailed failed) {
      throw Failure.of(
          ExitCode.UNAVAILABLE, "not-fetched", String.valueOf(failed.getMessage()), failed.help());
    }
  }

  private static void say(String line, Invocation invocation, Terminal terminal) {
    if (!invocation.quiet()) {
      terminal.err().println("tessera: " + line);
    }
  }

  /// {@return the failure that says there is neither a file nor a model of that name}
  static Failure unknown(String name, Terminal terminal) {
    List<String> known = Catalogue.bundled().names();
    String near = Suggestion.nearest(name, known);
    String file = InputFile.neighbour(terminal, name);
    if (InputFile.isOther(terminal, name)) {
      return Failure.of(
          ExitCode.NO_SUCH_FILE,
          "no-such-file",
          "'" + name + "' is there, but is no ordinary file");
    }
    String guess = file == null ? near : file;
    return Failure.of(
        ExitCode.NO_SUCH_FILE,
        "no-such-file",
        "'" + name + "' is neither a file nor a model of the catalogue",
        guess == null
            ? "models known by name: " + String.join(", ", known)
            : "did you mean '" + guess + "'?");
  }
}
