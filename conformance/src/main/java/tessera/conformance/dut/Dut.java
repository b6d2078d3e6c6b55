package tessera.conformance.dut;

import java.util.List;
import tessera.conformance.Case;
import tessera.conformance.Outcome;
import tessera.conformance.Visible;

/// A device under test: takes states and words, gives states.
public interface Dut {
  /// {@return its name in reports}
  String name();

  /// {@return what of the state it lets be seen}
  Visible visible();

  /// {@return an outcome for each case}
  ///
  /// @param cases each at a place of its own, `Places.code(n)` for the n-th
  List<Outcome> run(List<Case> cases);
}
