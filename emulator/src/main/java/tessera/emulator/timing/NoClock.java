package tessera.emulator.timing;

/// Counts instructions in place of cycles.
final class NoClock implements Clock {
  private long retired;

  @Override
  public void retire(Footprint insn, Execution execution) {
    retired++;
  }

  @Override
  public void idle(long cycles) {}

  @Override
  public void drain() {}

  @Override
  public long now() {
    return retired;
  }

  @Override
  public void measure(Counters.Builder into) {}
}
