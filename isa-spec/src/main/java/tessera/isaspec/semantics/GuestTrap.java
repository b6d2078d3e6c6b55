package tessera.isaspec.semantics;

/// A guest's trap on its way to whoever handles it; it carries no stack.
public final class GuestTrap extends RuntimeException {
  /// What an interrupt is called.
  public static final String INTERRUPT = "interrupt";

  private static final long serialVersionUID = 1;
  private final String trap;
  private final long cause;
  private final long value;

  /// @param trap the declared trap's name (`illegal`, `access_fault`, …)
  /// @param cause its number, as mcause shows it
  /// @param value what mtval shows
  public GuestTrap(String trap, long cause, long value) {
    super(trap, null, false, false);
    this.trap = trap;
    this.cause = cause;
    this.value = value;
  }

  /// {@return whether it is an interrupt and no exception}
  public boolean isInterrupt() {
    return trap.equals(INTERRUPT);
  }

  public String trap() {
    return trap;
  }

  public long cause() {
    return cause;
  }

  public long value() {
    return value;
  }
}
