package tessera.assembler;

import java.util.ArrayDeque;
import java.util.Deque;
import tessera.assembler.parser.SyntaxError;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// The open `.if`s, the innermost on top.
final class Conditions {

  /// An `.if` whose `.endif` did not come yet.
  ///
  /// @param reads whether what stands here is read
  /// @param settled whether one of its branches was read, or none may be
  /// @param otherwise whether `.else` was there
  record Open(Span at, boolean reads, boolean settled, boolean otherwise) {}

  private final Deque<Open> open = new ArrayDeque<>();

  /// {@return whether what stands here is read}
  boolean reads() {
    return open.isEmpty() || open.element().reads();
  }

  int depth() {
    return open.size();
  }

  /// Begins one whose condition holds or not.
  void begin(boolean holds, Span at) {
    open.push(new Open(at, holds, holds, false));
  }

  /// Begins one where nothing is read.
  void beginSkipped(Span at) {
    open.push(new Open(at, false, true, false));
  }

  /// {@return whether the condition of an `.elseif` matters}
  boolean asks(Span at) {
    return !innermost(".elseif", at).settled();
  }

  /// Goes on with another branch.
  void elseIf(boolean holds, Span at) {
    Open before = branch(".elseif", at);
    boolean reads = holds && !before.settled();
    open.push(new Open(before.at(), reads, before.settled() || reads, false));
  }

  /// Goes on with the last branch.
  void otherwise(Span at) {
    Open before = branch(".else", at);
    open.push(new Open(before.at(), !before.settled(), true, true));
  }

  private Open branch(String directive, Span at) {
    Open before = innermost(directive, at);
    if (before.otherwise()) {
      throw new SyntaxError(
          Diagnostic.error("unbalanced", at, directive + " after .else")
              .note(before.at(), "of this .if"));
    }
    open.pop();
    return before;
  }

  void end(Span at) {
    innermost(".endif", at);
    open.pop();
  }

  private Open innermost(String directive, Span at) {
    Open top = open.peek();
    if (top == null) {
      throw new SyntaxError(
          Diagnostic.error("unbalanced", at, directive + " without .if before it"));
    }
    return top;
  }

  /// Closes those beyond a depth without a word (`.exitm`).
  void cut(int depth) {
    while (open.size() > depth) {
      open.pop();
    }
  }

  /// {@return the innermost if there are more than `depth`, taken away; null: there are none}
  @org.jspecify.annotations.Nullable
  Open takeBeyond(int depth) {
    return open.size() > depth ? open.pop() : null;
  }
}
