package tessera.emulator.linux;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a Linux program finds when it starts.
///
/// @param arguments `argv`, its own name first
/// @param environment `NAME=VALUE`
/// @param files what its paths lead to
/// @param seed of all that it gets as random
/// @param clock nanoseconds since 1970; null: time comes from cycles, so that runs repeat
/// @param notes told once of each thing that is not there (a system call)
public record Surroundings(
    List<String> arguments,
    List<String> environment,
    FileSystem files,
    long seed,
    @Nullable LongSupplier clock,
    Consumer<String> notes) {

  public Surroundings {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    Objects.requireNonNull(files);
    Objects.requireNonNull(notes);
  }

  /// {@return the same with other files}
  public Surroundings withFiles(FileSystem other) {
    return new Surroundings(arguments, environment, other, seed, clock, notes);
  }

  /// {@return no files, an empty environment, time from cycles, seed 0}
  public static Surroundings of(List<String> arguments) {
    return new Surroundings(arguments, List.of(), FileSystem.none(), 0, null, _ -> {});
  }
}
