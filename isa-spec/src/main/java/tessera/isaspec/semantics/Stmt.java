package tessera.isaspec.semantics;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;

/// A bound statement. A body, or one step of a `resume` loop, takes effect as a whole or, if it
/// traps, not at all (language.md R4); all its reads see the state before it (R5).
public sealed interface Stmt {

  record Block(List<Stmt> statements) implements Stmt {}

  /// A name for a value, also the first value of a `var`.
  record Let(Local local, Expr value) implements Stmt {}

  record Assign(LValue target, Expr value, Span span) implements Stmt {}

  record If(Expr condition, Stmt then, @Nullable Stmt otherwise) implements Stmt {}

  /// A plain bounded loop inside a step: `from` to `to` - 1.
  record For(Local index, Expr from, Expr to, Stmt body) implements Stmt {}

  /// A declared loop.
  record Each(Loop loop, Stmt body) implements Stmt {}

  /// A store of `value` as the `k`-th element of its type from byte `address`.
  record Store(Expr address, @Nullable Expr k, Expr value, Span span) implements Stmt {}

  /// An expression for its flags alone.
  record Evaluate(Expr expr) implements Stmt {}

  /// Raises `flag` when the condition holds.
  record RaiseFlag(Flag flag, Expr condition) implements Stmt {}

  /// Ends the step without effect.
  ///
  /// @param trap the declared trap's name
  record Raise(String trap, Expr cause, Expr value, Span span) implements Stmt {}

  /// Illegal instruction unless the condition holds.
  record Require(Expr condition, String text, Span span) implements Stmt {}

  /// Sets the next pc; raises `misaligned(fetch, target)` unless the target is a multiple of 2
  /// where compressed instructions exist, else of 4.
  record Jump(Expr target, Span span) implements Stmt {}

  /// Waits until the condition holds: while it does not, the instruction has not begun.
  record Await(Expr condition, Span span) implements Stmt {}

  /// Ends the declared loop early.
  record Stop() implements Stmt {}

  /// An ordering point: no effect while harts interleave by whole steps.
  record Fence(boolean code) implements Stmt {}

  /// A called shape: a loop nest with a name. `body` is its definition with the arguments bound; an
  /// engine may run an equal kernel instead.
  ///
  /// @param types its type parameters in order, bound
  /// @param functions names of the functions bound to its function parameters (`modular`, …)
  /// @param views its view arguments by parameter name
  /// @param values its value arguments by parameter name
  /// @param definition the text of the shape and of all functions that it reaches, without comments
  ///   and layout: what a kernel was verified against
  record CallShape(
      String name,
      List<Type> types,
      Map<String, String> functions,
      Map<String, View> views,
      Map<String, Expr> values,
      String definition,
      Stmt body,
      Span span)
      implements Stmt {}

  /// How a declared loop runs (language.md 5).
  ///
  /// @param name the declaration's, such as `rows`
  /// @param index the loop's index
  /// @param resume each step atomic and in order; a trap stores the restart register
  /// @param from first index: the larger of the declaration's `from` and the use's
  /// @param to one past the last
  /// @param restart what holds the next index after a trap; null where the loop has none
  /// @param after assignments at every completion
  /// @param lanes masks, tails and running values; null where the loop has none of them
  record Loop(
      String name,
      Local index,
      boolean resume,
      Expr from,
      Expr to,
      @Nullable LValue restart,
      List<Assign> after,
      @Nullable Lanes lanes,
      Span span) {}

  /// What a declared loop does beside its body.
  ///
  /// @param begin the declaration's own first index
  /// @param end the declaration's own end: where `begin` is not below it, nothing is written at all
  /// @param active the lanes that the body runs for, by the loop's index; null: all
  /// @param carries values that one step leaves to the next
  /// @param fills what else is written
  record Lanes(
      Expr begin, Expr end, @Nullable Expr active, List<Carry> carries, List<Fill> fills) {}

  /// A running value.
  ///
  /// @param now what a step reads
  /// @param next what it leaves
  record Carry(Local now, Local next, Expr start) {}

  /// All ones in the elements of a written view that the text leaves open. There are none unless
  /// the ISA was asked for them ([tessera.isaspec.Isa.Choices]).
  ///
  /// @param masked whether inactive lanes are filled; null: never
  /// @param tail whether the elements behind the last lane are, to the end of the last register;
  ///   null: never
  /// @param packed the running value that says where the tail begins; null: behind the last lane
  record Fill(View view, @Nullable Expr masked, @Nullable Expr tail, @Nullable Local packed) {}
}
