package tessera.compiler.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Offsets for values such that those needed at the same time do not overlap.
///
/// @param offsets of each value, by its id, each a multiple of [#ALIGNMENT]
/// @param size of the whole in bytes
public record MemoryPlan(Map<Integer, Long> offsets, long size) {
  /// A cache line.
  public static final int ALIGNMENT = 64;

  public MemoryPlan {
    offsets = Map.copyOf(offsets);
  }

  private record Placed(Live live, long offset) {
    long end() {
      return offset + aligned(live.bytes());
    }
  }

  /// The largest value first, each into the smallest gap that takes it.
  public static MemoryPlan of(List<Live> lives) {
    var placed = new ArrayList<Placed>();
    var bySize = new ArrayList<>(lives);
    bySize.sort(Comparator.comparingLong(Live::bytes).reversed().thenComparingInt(Live::from));
    for (Live live : bySize) {
      placed.add(new Placed(live, gap(live, placed)));
    }
    var offsets = new HashMap<Integer, Long>();
    placed.forEach(p -> offsets.put(p.live.id(), p.offset));
    return new MemoryPlan(offsets, placed.stream().mapToLong(Placed::end).max().orElse(0));
  }

  private static long gap(Live live, List<Placed> placed) {
    List<Placed> around =
        placed.stream()
            .filter(p -> p.live.meets(live))
            .sorted(Comparator.comparingLong(Placed::offset))
            .toList();
    long needed = aligned(live.bytes());
    long best = -1;
    long smallest = Long.MAX_VALUE;
    long free = 0;
    for (Placed next : around) {
      long gap = next.offset - free;
      if (gap >= needed && gap < smallest) {
        best = free;
        smallest = gap;
      }
      free = Math.max(free, next.end());
    }
    return best >= 0 ? best : free;
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /// The most bytes that are needed at one step: no plan is smaller.
  public static long lowerBound(List<Live> lives) {
    return lives.stream()
        .mapToLong(live ->
            lives.stream()
                .filter(other -> other.from() <= live.from() && live.from() <= other.to())
                .mapToLong(other -> aligned(other.bytes()))
                .sum())
        .max()
        .orElse(0);
  }
}
