package tessera.assembler;

import java.util.List;
import tessera.elf.Elf;
import tessera.isaspec.diagnostic.Diagnostic;

/// What assembling gives: a file, or everything that is wrong.
public sealed interface Assembled {

  /// {@return what there is to say, warnings included}
  List<Diagnostic> diagnostics();

  /// A file.
  ///
  /// @param diagnostics warnings
  record Ok(Elf elf, List<Diagnostic> diagnostics) implements Assembled {
    public Ok {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /// Nothing.
  ///
  /// @param diagnostics at least one error
  record Failed(List<Diagnostic> diagnostics) implements Assembled {
    public Failed {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /// {@return the file, for callers who made the text themselves}
  ///
  /// @throws IllegalArgumentException with the messages if there is none
  default Elf orElseThrow() {
    return switch (this) {
      case Ok(var elf, _) -> elf;
      case Failed(var diagnostics) ->
          throw new IllegalArgumentException(
              tessera.isaspec.diagnostic.Renderer.render(diagnostics));
    };
  }
}
