package tessera.emulator.memory;

/// The guest has touched more memory than the host gives it. It ends the run and carries no stack.
public final class HostMemoryExhausted extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final long limit;

  /// @param limit bytes that the host gives for pages
  public HostMemoryExhausted(long limit) {
    super("host memory exhausted", null, false, false);
    this.limit = limit;
  }

  /// {@return bytes that the host gives for pages}
  public long limit() {
    return limit;
  }
}
