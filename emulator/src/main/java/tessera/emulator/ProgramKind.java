package tessera.emulator;

import java.util.List;
import tessera.elf.Elf;
import tessera.elf.Segment;
import tessera.elf.SegmentType;
import tessera.elf.SymbolTable;

/// What a program expects below it, and how that can be seen (machines.md 1).
///
/// @param linux Linux; else bare metal
/// @param reason what in the file says so
public record ProgramKind(boolean linux, String reason) {
  private static final List<String> START_UP = List.of("__libc_start_main", "__libc_setup_tls");

  /// {@return what the file looks like}
  public static ProgramKind of(Elf elf) {
    SymbolTable symbols = SymbolTable.of(elf);
    if (Loader.hostAddress(elf, symbols, "tohost") != 0) {
      return new ProgramKind(false, "it has 'tohost'");
    }
    if (elf.hasInterpreter()) {
      return new ProgramKind(true, "it names a dynamic linker");
    }
    if (elf.hasGnuAbiTag()) {
      return new ProgramKind(true, "it has a GNU ABI tag");
    }
    for (String name : START_UP) {
      if (symbols.find(name).isPresent()) {
        return new ProgramKind(true, "it has '" + name + "'");
      }
    }
    if (elf.type() == Elf.Type.DYN) {
      return new ProgramKind(true, "it is position-independent");
    }
    if (elf.segments().stream().anyMatch(s -> s.type().equals(SegmentType.TLS))) {
      return new ProgramKind(true, "it has thread-local data");
    }
    return byAddress(elf);
  }

  private static ProgramKind byAddress(Elf elf) {
    long first = elf.loaded().stream().mapToLong(Segment::address).min().orElse(Platform.RAM);
    return first >= 0 && first < Platform.RAM
        ? new ProgramKind(true, "it lies at 0x" + Long.toHexString(first))
        : new ProgramKind(false, "it lies in main memory and has no sign of Linux");
  }
}
