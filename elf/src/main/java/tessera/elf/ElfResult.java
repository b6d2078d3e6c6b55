package tessera.elf;

import java.util.List;
import java.util.stream.Collectors;

/// What reading bytes gives: a value, or everything that was found wrong with them. Nothing else
/// comes out of a reader of this package, whatever the bytes are.
public sealed interface ElfResult<T> {
  /// The bytes were right.
  record Ok<T>(T value) implements ElfResult<T> {}

  /// The bytes were wrong.
  ///
  /// @param problems at least one, in the order they were found; at most [#MOST], after which the
  ///   reader gives up
  record Failed<T>(List<ElfProblem> problems) implements ElfResult<T> {
    /// The number of problems after which a reader stops.
    public static final int MOST = 50;

    public Failed {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("a failure needs a problem");
      }
    }
  }

  /// The value, for callers that made the bytes themselves.
  ///
  /// @throws IllegalArgumentException naming the problems if there is no value
  default T orElseThrow() {
    return switch (this) {
      case Ok<T>(var value) -> value;
      case Failed<T>(var problems) ->
          throw new IllegalArgumentException(
              problems.stream().map(ElfProblem::toString).collect(Collectors.joining("; ")));
    };
  }
}
