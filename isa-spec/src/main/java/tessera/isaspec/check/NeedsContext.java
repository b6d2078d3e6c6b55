package tessera.isaspec.check;

import tessera.isaspec.diagnostic.Span;

/// A term has no width of its own (`ones`, `sext(a)`): bind its neighbour first. It carries no
/// stack.
final class NeedsContext extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Span span;
  private final String what;

  NeedsContext(Span span, String what) {
    super(what, null, false, false);
    this.span = span;
    this.what = what;
  }

  SpecError error() {
    return new SpecError(
        "width", span, "nothing here says the width of `" + what + "`", "write " + what + "<N>(…)");
  }
}
