import org.jspecify.annotations.NullMarked;

/// Reading and writing ELF64, the one thing that passes between assembler, compiler and emulator.
@NullMarked
module tessera.elf {
  requires static org.jspecify;

  exports tessera.elf;
}
