package tessera.isaspec.check;

import java.util.Map;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// What the grammar knows and the checker does not take yet, in one list that shrinks.
final class NotYet {
  private static final Map<String, String> WHAT =
      Map.ofEntries(
          Map.entry(
              "lanes",
              "declared loops with `active`, `masked`, `tail`, `most` below `to`, `every` or `carry`"),
          Map.entry("active", "folds over the active lanes"),
          Map.entry("stop", "ending a declared loop early"),
          Map.entry("pair-rule", "rules over pairs of views"),
          Map.entry("reserved", "conditions that --reserved chooses"),
          Map.entry("apart", "asking whether two views are apart"),
          Map.entry("registers", "the registers of a fractional group"),
          Map.entry("roundoff", "fixed-point rounding"),
          Map.entry("await", "waiting for a condition"),
          Map.entry("agent", "agents"),
          Map.entry("record", "records in memory"),
          Map.entry("on", "what happens on a trap, an interrupt, an access, a fetch or a write"),
          Map.entry("mem.reserve", "reservations"),
          Map.entry("mem.conditional", "reservations"),
          Map.entry("mem.reserved", "reservations"),
          Map.entry("mem.amo", "atomic operations"),
          Map.entry("mem.pin", "pinned translations"),
          Map.entry("mem.check", "cache-block operations"),
          Map.entry("mem.remap", "changed translations"),
          Map.entry("expands", "short forms"),
          Map.entry("interrupt", "interrupts"));

  private NotYet() {}

  static SpecError error(String construct, Span span) {
    return new SpecError(
        Diagnostic.error(
            "not-yet",
            span,
            "this version does not take " + WHAT.getOrDefault(construct, "`" + construct + "`")));
  }
}
