import org.jspecify.annotations.NullMarked;

/// The command line: the only place with files, console and exit codes.
@NullMarked
module tessera.cli {
  requires static org.jspecify;
  requires tessera.isaspec;
  requires tessera.elf;
  requires tessera.assembler;
  requires tessera.emulator;
  requires tessera.conformance;
  requires tessera.compiler;
  requires org.apache.commons.cli;
  requires tools.jackson.core;
}
