package tessera.emulator.interpreter;

/// A form that closures do not cover: the plain evaluator runs the instruction. Carries no stack:
/// it is part of the ordinary course of compiling.
final class NotCompiled extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotCompiled(Object what) {
    super(what.getClass().getSimpleName(), null, false, false);
  }
}
