package tessera.emulator.timing;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongBinaryOperator;

/// Values of counters. One that was not measured is absent, which is not the same as 0.
///
/// Immutable. Values are 64-bit and wrap.
public final class Counters {
  private static final Map<String, Integer> PLACE = new LinkedHashMap<>();
  private static final String[] NAMES = names();

  private final long[] values;
  private final boolean[] measured;

  private Counters(long[] values, boolean[] measured) {
    this.values = values;
    this.measured = measured;
  }

  private static String[] names() {
    for (Counter family : Counter.values()) {
      family.names().forEach(name -> PLACE.put(name, PLACE.size()));
    }
    return PLACE.keySet().toArray(String[]::new);
  }

  private static int place(String name) {
    Integer place = PLACE.get(name);
    if (place == null) {
      throw new IllegalArgumentException("there is no counter " + name);
    }
    return place;
  }

  private static int first(Counter family) {
    return place(family.names().getFirst());
  }

  /// {@return nothing measured}
  public static Builder builder() {
    return new Builder();
  }

  /// {@return the value of a family without labels}
  public OptionalLong get(Counter family) {
    if (family.names().size() != 1) {
      throw new IllegalArgumentException(family.template() + " has labels");
    }
    return at(first(family));
  }

  /// {@return the value of the counter of that dotted name}
  public OptionalLong get(String name) {
    return at(place(name));
  }

  /// {@return the sum over a family's labels; empty where none was measured}
  public OptionalLong sum(Counter family) {
    int first = first(family);
    long sum = 0;
    boolean any = false;
    for (int i = first; i < first + family.names().size(); i++) {
      sum += values[i];
      any |= measured[i];
    }
    return any ? OptionalLong.of(sum) : OptionalLong.empty();
  }

  private OptionalLong at(int place) {
    return measured[place] ? OptionalLong.of(values[place]) : OptionalLong.empty();
  }

  /// {@return the sums of what both measured}
  public Counters plus(Counters other) {
    return combine(other, Long::sum);
  }

  /// {@return the differences of what both measured}
  public Counters minus(Counters other) {
    return combine(other, (a, b) -> a - b);
  }

  private Counters combine(Counters other, LongBinaryOperator op) {
    long[] sums = new long[values.length];
    boolean[] both = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      both[i] = measured[i] && other.measured[i];
      sums[i] = both[i] ? op.applyAsLong(values[i], other.values[i]) : 0;
    }
    return new Counters(sums, both);
  }

  /// {@return what was measured, by name, in the order of [Counter]}
  public Map<String, Long> byName() {
    Map<String, Long> result = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      if (measured[i]) {
        result.put(NAMES[i], values[i]);
      }
    }
    return Collections.unmodifiableMap(result);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counters that
        && Arrays.equals(values, that.values)
        && Arrays.equals(measured, that.measured);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return byName().toString();
  }

  /// Collects values.
  public static final class Builder {
    private final long[] values = new long[NAMES.length];
    private final boolean[] measured = new boolean[NAMES.length];

    private Builder() {}

    /// Sets the values of a family, in the order of its names.
    public Builder set(Counter family, long... all) {
      if (all.length != family.names().size()) {
        throw new IllegalArgumentException(
            family.template() + " has " + family.names().size() + " values, not " + all.length);
      }
      int first = first(family);
      System.arraycopy(all, 0, values, first, all.length);
      Arrays.fill(measured, first, first + all.length, true);
      return this;
    }

    /// Sets the value of one counter.
    public Builder set(String name, long value) {
      values[place(name)] = value;
      measured[place(name)] = true;
      return this;
    }

    /// {@return the counters}
    public Counters build() {
      return new Counters(values.clone(), measured.clone());
    }
  }
}
