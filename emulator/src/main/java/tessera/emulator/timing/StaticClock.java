package tessera.emulator.timing;

/// Sums the issue costs: what a machine would need that does one thing at a time and never waits.
final class StaticClock implements Clock {
  private long cycles;

  @Override
  public void retire(Footprint insn, Execution execution) {
    cycles += execution.issue;
  }

  @Override
  public void idle(long more) {
    cycles += more;
  }

  @Override
  public void drain() {}

  @Override
  public long now() {
    return cycles;
  }

  @Override
  public void measure(Counters.Builder into) {
    into.set(Counter.CYCLES, cycles);
  }
}
