package tessera.isaspec.diagnostic;

/// A named text that diagnostics point into: a specification, an assembly file, a command line.
///
/// @param name what a user calls it, usually the file's path as given
/// @param text its whole content
public record Source(String name, String text) {

  /// {@return the 1-based line that holds the character at `offset`}
  public int line(int offset) {
    int line = 1;
    for (int i = 0, end = Math.min(offset, text.length()); i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }

  /// {@return the 1-based column of the character at `offset`}
  public int column(int offset) {
    return offset - lineStart(offset) + 1;
  }

  /// {@return the line around `offset`, without its line end}
  public String lineText(int offset) {
    int from = lineStart(offset);
    int to = text.indexOf('\n', from);
    String line = to < 0 ? text.substring(from) : text.substring(from, to);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private int lineStart(int offset) {
    return offset <= 0 ? 0 : text.lastIndexOf('\n', Math.min(offset, text.length()) - 1) + 1;
  }

  @Override
  public String toString() {
    return name;
  }
}
