package tessera.assembler;

import org.jspecify.annotations.Nullable;

/// What a template's hole is filled with.
///
/// @param <E> how an expression is held: as written, or over symbols
sealed interface Argument<E> {

  /// The operand's value.
  record Number<E>(long value) implements Argument<E> {}

  /// A value that depends on addresses.
  ///
  /// @param function the relocation function, or null for a target
  record Symbolic<E>(@Nullable String function, E expression) implements Argument<E> {}
}
