package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;

/// What goes wrong in steps that do not need each other, so that one finding does not hide the
/// next.
final class Findings {
  private final Diagnostics diagnostics;
  private boolean failed;

  private Findings(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /// {@return findings that go straight to `diagnostics`}
  static Findings into(Diagnostics diagnostics) {
    return new Findings(diagnostics);
  }

  /// {@return findings that [#orThrow] hands on}
  static Findings collected() {
    return new Findings(new Diagnostics());
  }

  /// Runs a step and keeps its findings.
  ///
  /// @return whether it went through
  boolean attempt(Runnable step) {
    try {
      step.run();
      return true;
    } catch (SpecError error) {
      diagnostics.addAll(error.diagnostics());
    } catch (NeedsContext needs) {
      diagnostics.addAll(needs.error().diagnostics());
    }
    failed = true;
    return false;
  }

  /// Runs a step and keeps its findings.
  ///
  /// @return what it gives, or null
  <T> @Nullable T value(Supplier<T> step) {
    List<T> result = new ArrayList<>();
    attempt(() -> result.add(step.get()));
    return result.isEmpty() ? null : result.getFirst();
  }

  /// Adds one.
  void add(Diagnostic diagnostic) {
    diagnostics.add(diagnostic);
    failed |= diagnostic.isError();
  }

  /// Adds those of an error.
  void add(SpecError error) {
    diagnostics.addAll(error.diagnostics());
    failed = true;
  }

  /// Ends the construct at hand if a step failed.
  void orThrow() {
    if (failed) {
      throw new SpecError(diagnostics.all());
    }
  }
}
