package tessera.isaspec.semantics;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;

/// What an instruction means, with the statics it was bound for (fields, modes) as constants.
///
/// @param conditions all must hold before any effect, in order; else the instruction is illegal.
///   The body is bound only on demand, since types in it may need modes that these conditions
///   guarantee.
/// @param environment rounding and flags; null where the instruction has none
/// @param views all views by name
public record Bound(
    List<Condition> conditions,
    Stmt body,
    @Nullable Environment environment,
    Cost cost,
    Map<String, View> views,
    int frame) {

  /// One conjunct of legality.
  ///
  /// @param fieldsOnly reads only fields: it is a condition of decoding
  public record Condition(Expr holds, String text, boolean fieldsOnly, Span span) {}

  /// Where rounding comes from and where flags go.
  ///
  /// @param round the rounding mode's number; null: there is none
  /// @param arrows sticky targets; a flag without one is dropped
  public record Environment(@Nullable Expr round, Map<Flag, LValue> arrows) {}

  /// What an execution costs; expressions over constants, fields, modes and [Expr.Observed] values.
  ///
  /// @param unit the machine's unit that runs it
  /// @param kind class of retired instructions (timing.md 2.2)
  /// @param issue cycles the unit is taken
  /// @param latency cycles until a result can be used
  /// @param macs useful multiply-accumulates
  public record Cost(String unit, String kind, Expr issue, Expr latency, Expr macs) {}
}
