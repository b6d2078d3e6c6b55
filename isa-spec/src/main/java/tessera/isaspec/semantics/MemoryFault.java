package tessera.isaspec.semantics;

/// The platform maps nothing there, or forbids the access; whoever executes turns it into the
/// text's `access_fault`. It carries no stack.
public final class MemoryFault extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final AccessKind kind;
  private final long address;

  /// @param address the first byte that can not be accessed
  public MemoryFault(AccessKind kind, long address) {
    super("access fault", null, false, false);
    this.kind = kind;
    this.address = address;
  }

  public AccessKind kind() {
    return kind;
  }

  public long address() {
    return address;
  }
}
