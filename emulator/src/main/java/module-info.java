import org.jspecify.annotations.NullMarked;

/// Runs words: harts, memory, engines, kernels, counters and timing.
@NullMarked
module tessera.emulator {
  requires static org.jspecify;
  requires transitive tessera.isaspec;
  requires transitive tessera.elf;
  requires static jdk.incubator.vector;

  exports tessera.emulator;
  exports tessera.emulator.kernel;
  exports tessera.emulator.linux;
  exports tessera.emulator.memory;
  exports tessera.emulator.timing;
  exports tessera.emulator.trace;
}
