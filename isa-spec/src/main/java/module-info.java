import org.jspecify.annotations.NullMarked;

/// The specification language: text to checked model, and everything derived from it.
@NullMarked
module tessera.isaspec {
  requires static org.jspecify;
  requires org.antlr.antlr4.runtime;

  exports tessera.isaspec;
  exports tessera.isaspec.diagnostic;
  exports tessera.isaspec.encoding;
  exports tessera.isaspec.semantics;
  exports tessera.isaspec.syntax;
}
