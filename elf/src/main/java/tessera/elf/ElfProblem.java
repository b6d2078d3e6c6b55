package tessera.elf;

import java.util.Objects;

/// One thing that is wrong with an ELF file.
///
/// @param offset where, in bytes from the start of what was read
/// @param what the field or table, in the names of the ELF specification: `program header 2 (LOAD):
///   p_filesz`
/// @param expected what would have been right
/// @param found what is there
public record ElfProblem(long offset, String what, String expected, String found) {
  public ElfProblem {
    Objects.requireNonNull(what);
    Objects.requireNonNull(expected);
    Objects.requireNonNull(found);
  }

  /// The problem as one line without the place: `e_machine: expected RISC-V (243), found x86-64
  /// (62)`.
  public String message() {
    return what + ": expected " + expected + ", found " + found;
  }

  /// The problem as one line with the place.
  @Override
  public String toString() {
    return "at offset 0x" + Long.toHexString(offset) + ": " + message();
  }
}
