package tessera.isaspec.check;

import java.util.Map;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// What the grammar knows and the checker does not take yet, in one list that shrinks.
final class NotYet {
  private static final Map<String, String> WHAT =
      Map.ofEntries(
          // loops
          Map.entry(
              "lanes",
              "declared loops with `active`, `masked`, `tail`, `tail_bool`, `every` or `carry`"),
          Map.entry("loop-legal", "conditions in the declaration of a loop"),
          Map.entry("active", "folds over the active lanes"),
          Map.entry("stop", "ending a declared loop early"),
          // legality
          Map.entry("pair-rule", "rules over pairs of views"),
          Map.entry("reserved", "conditions that --reserved chooses"),
          Map.entry("apart", "asking whether two views are apart"),
          Map.entry("registers", "the registers of a fractional group"),
          Map.entry("ratio-mode", "modes whose values are fractions"),
          Map.entry("roundoff", "fixed-point rounding"),
          // what surrounds instructions
          Map.entry("await", "waiting for a condition"),
          Map.entry("agent", "agents"),
          Map.entry("record", "records in memory"),
          Map.entry("on", "what happens on a trap, an interrupt, an access, a fetch or a write"),
          Map.entry("interrupt", "interrupts"),
          // memory
          Map.entry("mem.array", "arrays in memory; load or store their elements"),
          Map.entry("mem.pin", "pinned translations"),
          Map.entry("mem.check", "cache-block operations"),
          Map.entry("mem.remap", "changed translations"));

  private NotYet() {}

  static boolean knows(String construct) {
    return WHAT.containsKey(construct);
  }

  static SpecError error(String construct, Span span) {
    String what = WHAT.get(construct);
    if (what == null) {
      throw new IllegalArgumentException(construct);
    }
    return new SpecError(Diagnostic.error("not-yet", span, "this version does not take " + what));
  }
}
