package tessera.isaspec.check;

import tessera.isaspec.diagnostic.Span;

/// How much checking a text may cost. Functions are written out where they are called and families
/// multiply, so that a few lines can ask for more than any machine has; this bounds them.
///
/// While texts are checked the bound is on all of them together. A checked ISA binds bodies as long
/// as programs run, and each of those is bounded alone: how much a guest executes is not the text's
/// doing.
final class Work {
  private static final long MOST_TERMS = 20_000_000;
  private static final int MOST_ITEMS = 50_000;

  private long terms;
  private int items;
  private boolean checked;

  /// Says that the texts are checked.
  void checked() {
    checked = true;
  }

  /// Begins to bind one body.
  void begin() {
    if (checked) {
      terms = 0;
    }
  }

  /// Counts a term that is bound.
  void spend(Span at) {
    if (++terms > MOST_TERMS) {
      if (terms > MOST_TERMS + 1) {
        throw SpecError.reported(); // said once
      }
      throw new SpecError(
          "too-large",
          at,
          "this text grows beyond " + MOST_TERMS + " terms when its functions are written out",
          "use a loop, or `let` for what is used several times");
    }
  }

  /// Counts `n` rows or items that families make.
  void expand(long n, Span at) {
    items += (int) Math.min(n, MOST_ITEMS);
    if (items > MOST_ITEMS) {
      items = MOST_ITEMS;
      throw new SpecError(
          "too-large", at, "the families of these texts have more than " + MOST_ITEMS + " rows");
    }
  }
}
