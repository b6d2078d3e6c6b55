package tessera.cli;

import java.util.List;
import tessera.elf.Elf;
import tessera.elf.ElfReader;
import tessera.elf.ElfResult;
import tessera.isaspec.diagnostic.Diagnostic;

/// ELF files that a user named.
final class ElfFile {
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};

  private ElfFile() {}

  /// {@return whether the bytes claim to be an ELF file}
  static boolean claims(byte[] bytes) {
    return bytes.length >= MAGIC.length
        && bytes[0] == MAGIC[0]
        && bytes[1] == MAGIC[1]
        && bytes[2] == MAGIC[2]
        && bytes[3] == MAGIC[3];
  }

  /// {@return the file}
  ///
  /// @throws Failure with all that is wrong with it
  static Elf read(String name, byte[] bytes) {
    return switch (ElfReader.read(bytes)) {
      case ElfResult.Ok<Elf>(Elf elf) -> elf;
      case ElfResult.Failed<Elf>(var problems) -> {
        List<Diagnostic> diagnostics =
            problems.stream().map(p -> Diagnostic.error("bad-elf", null, p.toString())).toList();
        throw Failure.in(name, ExitCode.BAD_INPUT, diagnostics);
      }
    };
  }
}
