package tessera.cli.models;

/// Says why a published file cannot be had, and what to do about it.
public final class FetchFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final String help;

  FetchFailed(String message, String help) {
    super(message, null, false, false);
    this.help = help;
  }

  /// {@return what the user can do}
  public String help() {
    return help;
  }
}
