package tessera.compiler.memory;

/// A value that needs memory from one step to another, both included.
///
/// @param id names the value
/// @param bytes its size, 1 or more
public record Live(int id, long bytes, int from, int to) {
  public Live {
    if (bytes < 1 || to < from) {
      throw new IllegalArgumentException(
          "value " + id + ": " + bytes + " bytes, " + from + " to " + to);
    }
  }

  /// Whether there is a step in which both are needed.
  boolean meets(Live other) {
    return from <= other.to && other.from <= to;
  }
}
