package tessera.isaspec.check;

import java.util.Map;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// What the grammar knows and the checker does not take yet, in one list that shrinks.
final class NotYet {
  private static final Map<String, String> WHAT =
      Map.ofEntries(
          // what surrounds instructions
          Map.entry("agent", "agents"),
          Map.entry("record", "records in memory"),
          Map.entry("on-retire", "what happens after each instruction"),
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
