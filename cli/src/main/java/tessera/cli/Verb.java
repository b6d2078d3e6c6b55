package tessera.cli;

import java.util.List;

/// One thing the tool does: the registry in [Main] is a list of these, and the parser, the help and
/// the completion scripts read nothing else.
///
/// @param name the word after `tessera`
/// @param group the heading it is listed under
/// @param summary one line, no full stop
/// @param operands what follows the options, as the usage line shows it
/// @param flags its own options; [Flags#GLOBAL] are added to every verb's
/// @param details paragraphs for its help page
/// @param examples command lines with a word on each
/// @param handler what it does
public record Verb(
    String name,
    Group group,
    String summary,
    Operands operands,
    List<Flag> flags,
    List<String> details,
    List<Example> examples,
    Handler handler) {

  /// Headings of the help page.
  public enum Group {
    WRITE("write"),
    RUN("run"),
    MODELS("models"),
    TRUST("trust"),
    SELF("self");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    /// {@return the heading}
    public String title() {
      return title;
    }
  }

  /// How many operands a verb takes.
  ///
  /// @param usage as the usage line shows them
  /// @param least fewest
  /// @param most most
  /// @param guestArguments whether words after `--` belong to the guest program
  public record Operands(String usage, int least, int most, boolean guestArguments) {
    static final Operands NONE = new Operands("", 0, 0, false);

    static Operands of(String usage, int least, int most) {
      return new Operands(usage, least, most, false);
    }
  }

  /// A command line and what it is for.
  public record Example(String command, String purpose) {}

  /// What a verb does.
  @FunctionalInterface
  public interface Handler {
    /// Does the verb's work.
    ///
    /// @return the process's exit status: an [ExitCode] or the guest's own
    /// @throws Failure when the user has to change something
    int run(Invocation invocation, Terminal terminal);
  }
}
