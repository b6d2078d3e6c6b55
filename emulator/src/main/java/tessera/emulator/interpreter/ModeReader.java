package tessera.emulator.interpreter;

import java.util.ArrayList;
import java.util.List;
import tessera.isaspec.Mode;

/// What the modes of a hart are worth.
final class ModeReader implements Binding.ModeValues {
  private record Reading(Value value, Value valid, List<Long> values) {}

  private final List<Reading> readings = new ArrayList<>();
  private final Frame frame;

  ModeReader(Context context, Frame frame) {
    Closures closures = Closures.of(context);
    for (Mode mode : context.isa().modes()) {
      Closures apart = closures.apart();
      Value valid = mode.valid() == null ? _ -> 1 : apart.value(Simplify.of(mode.valid()));
      readings.add(new Reading(apart.value(Simplify.of(mode.value())), valid, mode.values()));
    }
    frame.room(closures.names());
    this.frame = frame;
  }

  @Override
  public long value(int mode) {
    Reading r = readings.get(mode);
    if (r.valid.get(frame) == 0) {
      return Binding.NO_VALUE;
    }
    long value = r.value.get(frame);
    return r.values.contains(value) ? value : Binding.NO_VALUE;
  }
}
