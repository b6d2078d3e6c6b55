package tessera.assembler;

import tessera.elf.Bytes;
import tessera.isaspec.diagnostic.Source;

/// The files that a text may ask for with `.include` and `.incbin`. Who calls the assembler decides
/// which there are; the assembler itself opens none.
@FunctionalInterface
public interface Sources {

  /// What came of asking for a file.
  sealed interface Answer {
    /// It is there.
    ///
    /// @param name what a user calls it
    record Found(String name, Bytes contents) implements Answer {}

    /// It is not, or may not be read.
    ///
    /// @param reason for a person, after the file's name
    /// @param help how to get it read
    record Refused(String reason, String help) implements Answer {}
  }

  /// {@return the file of that name}
  ///
  /// @param from the text that asks
  Answer find(String name, Source from);

  /// {@return no files at all}
  static Sources none() {
    return (_, _) ->
        new Answer.Refused("can not be read here", "put its text where the directive is");
  }
}
