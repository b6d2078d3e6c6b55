package tessera.emulator.linux;

/// A system call fails. It carries no stack, since it is the program's affair.
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final Errno errno;

  /// @param errno what the program is told
  public Refused(Errno errno) {
    super(errno.name(), null, false, false);
    this.errno = errno;
  }

  /// {@return what the program is told}
  public Errno errno() {
    return errno;
  }
}
