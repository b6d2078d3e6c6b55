import org.jspecify.annotations.NullMarked;

/// Text to object and back, for whatever ISA it is given.
@NullMarked
module tessera.assembler {
  requires static org.jspecify;
  requires transitive tessera.isaspec;
  requires transitive tessera.elf;
  requires org.antlr.antlr4.runtime;

  exports tessera.assembler;
}
