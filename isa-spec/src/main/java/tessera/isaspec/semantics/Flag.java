package tessera.isaspec.semantics;

/// What an operation may raise besides its result; an environment says where each goes.
public enum Flag {
  /// invalid operation
  NV,
  /// division by zero
  DZ,
  /// overflow
  OF,
  /// underflow: tiny after rounding, and inexact
  UF,
  /// inexact
  NX,
  /// saturated
  SAT
}
