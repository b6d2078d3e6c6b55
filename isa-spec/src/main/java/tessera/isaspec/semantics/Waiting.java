package tessera.isaspec.semantics;

/// An instruction awaits what does not hold yet, so it has not begun; whoever executes lets others
/// and time go on, and tries again. It carries no stack.
public final class Waiting extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Waiting() {
    super("waiting", null, false, false);
  }
}
