import org.jspecify.annotations.NullMarked;

/// Whether all that is made of a specification agrees, with itself and with tools that others
/// wrote: random states and words, devices under test, laws, the search for a smallest case.
@NullMarked
module tessera.conformance {
  requires static org.jspecify;
  requires transitive tessera.isaspec;
  requires transitive tessera.emulator;
  requires tessera.assembler;

  exports tessera.conformance;
  exports tessera.conformance.dut;
}
