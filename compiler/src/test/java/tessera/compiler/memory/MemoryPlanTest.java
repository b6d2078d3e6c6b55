package tessera.compiler.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  private static List<Live> lives(long seed) {
    var random = new Random(seed);
    var lives = new ArrayList<Live>();
    int count = random.nextInt(40);
    for (int id = 0; id < count; id++) {
      int from = random.nextInt(30);
      lives.add(new Live(id, 1 + random.nextInt(5_000), from, from + random.nextInt(8)));
    }
    return lives;
  }

  @Property
  void plansAreSoundAndNotBelowTheBound(@ForAll long seed) {
    List<Live> lives = lives(seed);
    MemoryPlan plan = MemoryPlan.of(lives);
    assertEquals(List.of(), PlanCheck.problems(plan, lives));
    assertTrue(plan.size() >= MemoryPlan.lowerBound(lives));
  }

  /// In a chain only neighbours live at the same time: the two largest neighbours suffice.
  @Test
  void chainsReachTheBound() {
    var lives = new ArrayList<Live>();
    for (int id = 0; id < 50; id++) {
      lives.add(new Live(id, 64L * (1 + id * 7 % 13), id, id + 1));
    }
    assertEquals(MemoryPlan.lowerBound(lives), MemoryPlan.of(lives).size());
  }

  /// A plan moved by one step in one place is either still sound or noticed.
  @Property
  void overlapsAreNoticed(@ForAll long seed) {
    List<Live> lives = lives(seed);
    if (lives.size() < 2) {
      return;
    }
    MemoryPlan plan = MemoryPlan.of(lives);
    Live moved = lives.get(new Random(seed).nextInt(lives.size()));
    for (Live other : lives) {
      boolean together = moved.id() != other.id() && moved.meets(other);
      Map<Integer, Long> offsets = new HashMap<>(plan.offsets());
      offsets.put(moved.id(), plan.offsets().getOrDefault(other.id(), 0L));
      var broken = new MemoryPlan(offsets, plan.size());
      if (together) {
        assertFalse(PlanCheck.problems(broken, lives).isEmpty());
      }
    }
  }

  @Test
  void everyProblemIsReported() {
    var lives = List.of(new Live(1, 100, 0, 1), new Live(2, 100, 1, 2), new Live(3, 8, 0, 0));
    var plan = new MemoryPlan(Map.of(1, 0L, 2, 64L), 128);
    assertEquals(
        List.of("value 2 lies at 64 of 128", "values 1 and 2 overlap", "value 3 has no place"),
        PlanCheck.problems(plan, lives));
  }
}
