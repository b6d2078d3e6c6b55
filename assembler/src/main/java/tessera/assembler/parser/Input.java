package tessera.assembler.parser;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// The statements that come next: of a text, of those it includes, and of what macros make. A stack
/// of texts, the innermost on top.
public final class Input {
  /// How many texts may lie in each other.
  static final int DEEPEST = 100;

  /// How many statements macros may make, so that no text of a few lines runs for ever.
  static final int MOST_STATEMENTS = 1_000_000;

  /// How many characters they may have together.
  static final long MOST_CHARACTERS = 256L << 20;

  /// Why a text is read.
  ///
  /// @param what for a person: `in expansion of macro 'm'`
  /// @param at where that was asked for
  public record Cause(String what, Span at) {}

  /// What is being read.
  public enum Kind {
    /// a file
    FILE,
    /// a macro or a repetition, which `.exitm` ends
    EXPANSION
  }

  private record Frame(Kind kind, Iterator<List<Statement>> parts, int conditions) {}

  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Deque<Iterator<Statement>> statements = new ArrayDeque<>();
  private final IdentityHashMap<Source, Cause> causes = new IdentityHashMap<>();
  private int made;
  private int abandoned = -1;
  private long characters;

  /// Reads a text next.
  public void push(Source source) {
    push(new Frame(Kind.FILE, List.of(Statement.split(source)).iterator(), 0));
  }

  /// Reads a text that another one includes, before that goes on.
  ///
  /// @throws SyntaxError if too many lie in each other
  public void include(Source source, Span at, int conditions) {
    checkDepth(at, Kind.FILE);
    Source own = new Source(source.name(), source.text());
    causes.put(own, new Cause("included from here", at));
    push(new Frame(Kind.FILE, List.of(Statement.split(own)).iterator(), conditions));
  }

  /// Reads what a macro makes, before the text that called it goes on.
  ///
  /// @throws SyntaxError if too many lie in each other
  public void expand(Iterator<List<Statement>> parts, Span at, int conditions) {
    checkDepth(at, Kind.EXPANSION);
    push(new Frame(Kind.EXPANSION, parts, conditions));
  }

  /// Notes why the statements of a source are read.
  public void because(Source source, Cause cause) {
    causes.put(source, cause);
  }

  /// {@return why the statements of a source are read, or null if it is one of the files given}
  public @Nullable Cause cause(Source source) {
    return causes.get(source);
  }

  /// {@return the reasons for all sources}
  public IdentityHashMap<Source, Cause> causes() {
    return causes;
  }

  private void push(Frame frame) {
    frames.push(frame);
    statements.push(List.<Statement>of().iterator());
  }

  private void checkDepth(Span at, Kind kind) {
    if (frames.size() > DEEPEST) {
      abandon(kind == Kind.FILE);
      throw new SyntaxError(
          Diagnostic.error(
              "too-deep",
              at,
              (kind == Kind.FILE ? "included files" : "macros")
                  + " nest deeper than "
                  + DEEPEST
                  + "; is there a condition that ends this?"));
    }
  }

  /// Gives up what macros make, and the files that are included as well if those are the trouble.
  private void abandon(boolean files) {
    while (frames.size() > 1 && (files || frames.element().kind() == Kind.EXPANSION)) {
      abandoned = frames.element().conditions();
      pop();
    }
  }

  /// {@return the number of conditions that were open before what was given up, or -1 if nothing
  /// was since the latest call}
  public int takeAbandoned() {
    int conditions = abandoned;
    abandoned = -1;
    return conditions;
  }

  private void pop() {
    frames.pop();
    statements.pop();
  }

  /// {@return the next statement of the innermost text, or null at its end}
  ///
  /// @throws SyntaxError if macros made too many
  public @Nullable Statement nextOfInnermost() {
    Frame frame = frames.peek();
    if (frame == null) {
      return null;
    }
    while (!statement().hasNext()) {
      if (!frame.parts().hasNext()) {
        return null;
      }
      statements.pop();
      statements.push(frame.parts().next().iterator());
    }
    Statement next = statement().next();
    if (frame.kind() == Kind.EXPANSION) {
      count(next);
    }
    return next;
  }

  private Iterator<Statement> statement() {
    return statements.element();
  }

  private void count(Statement next) {
    made++;
    characters += next.text().length();
    if (made > MOST_STATEMENTS || characters > MOST_CHARACTERS) {
      abandon(false);
      throw new SyntaxError(
          Diagnostic.error(
              "too-large",
              next.span(),
              "macros and repetitions make more than " + MOST_STATEMENTS + " statements"));
    }
  }

  /// Leaves the innermost text, which is at its end; {@return the number of conditions that were
  /// open when it began, or -1 if there was none to leave}
  public int leave() {
    if (frames.isEmpty()) {
      return -1;
    }
    int conditions = frames.element().conditions();
    pop();
    return conditions;
  }

  /// {@return whether any text is being read}
  public boolean isReading() {
    return !frames.isEmpty();
  }

  /// {@return whether it reads what a macro or repetition made}
  public boolean isExpanding() {
    return frames.peek() != null && frames.element().kind() == Kind.EXPANSION;
  }

  /// Ignores all that is left.
  public void end() {
    frames.clear();
    statements.clear();
  }

  /// {@return the statements up to the directive that closes a block, which is passed over; null:
  /// the text ends before}
  ///
  /// @param open the directives that open another block of this kind
  public @Nullable List<Statement> block(Set<String> open, String close) {
    List<Statement> body = new ArrayList<>();
    int depth = 1;
    while (true) {
      Statement statement = nextOfInnermost();
      if (statement == null) {
        return null;
      }
      String directive = statement.directive();
      depth += open.contains(directive) ? 1 : directive.equals(close) ? -1 : 0;
      if (depth == 0) {
        return body;
      }
      body.add(statement);
    }
  }
}
