package tessera.isaspec.semantics;

/// Rounding modes, numbered as `frm` numbers them (0 to 4), and round-to-odd.
public enum Rounding {
  /// to nearest, ties to even
  RNE,
  /// towards zero
  RTZ,
  /// down
  RDN,
  /// up
  RUP,
  /// to nearest, ties away from zero
  RMM,
  /// to odd; overflows to the largest finite number
  ROD;

  /// {@return the mode that `frm` numbers `code`, 0 to 4}
  public static Rounding of(int code) {
    return values()[code];
  }
}
