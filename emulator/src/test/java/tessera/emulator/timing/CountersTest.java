package tessera.emulator.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class CountersTest {

  @Test
  void absentIsNotZero() {
    Counters some = Counters.builder().set(Counter.RETIRED, 0).build();
    assertEquals(OptionalLong.of(0), some.get(Counter.RETIRED));
    assertEquals(OptionalLong.empty(), some.get(Counter.CYCLES));
    assertEquals(List.of("inst.ret"), List.copyOf(some.byName().keySet()));
  }

  @Test
  void onlyWhatBothMeasuredIsMerged() {
    Counters one = Counters.builder().set(Counter.RETIRED, 5).set(Counter.CYCLES, 9).build();
    Counters two = Counters.builder().set(Counter.RETIRED, 3).build();
    assertEquals(Counters.builder().set(Counter.RETIRED, 8).build(), one.plus(two));
    assertEquals(Counters.builder().set(Counter.RETIRED, 2).build(), one.minus(two));
    assertEquals(one.plus(two), two.plus(one));
  }

  @Test
  void valuesWrap() {
    Counters most = Counters.builder().set(Counter.RETIRED, Long.MAX_VALUE).build();
    Counters one = Counters.builder().set(Counter.RETIRED, 1).build();
    assertEquals(OptionalLong.of(Long.MIN_VALUE), most.plus(one).get(Counter.RETIRED));
  }

  @Test
  void namesAreUniqueAndInTheOrderOfTheList() {
    List<String> all = new ArrayList<>();
    for (Counter family : Counter.values()) {
      all.addAll(family.names());
    }
    assertEquals(all.size(), new HashSet<>(all).size());
    Counters.Builder everything = Counters.builder();
    all.forEach(name -> everything.set(name, 1));
    assertEquals(all, List.copyOf(everything.build().byName().keySet()));
    assertTrue(all.contains("mem.dram.tile.rd.req"));
    assertTrue(all.stream().noneMatch(n -> n.contains("{")));
  }

  @Test
  void sumsAreOverLabels() {
    Counters c = Counters.builder().set("inst.ret.int", 3).set("inst.ret.mul", 4).build();
    assertEquals(OptionalLong.of(7), c.sum(Counter.RETIRED_CLASS));
    assertEquals(OptionalLong.empty(), c.sum(Counter.OVERLAP));
  }

  @Test
  void unknownNamesAreRefused() {
    Counters none = Counters.builder().build();
    assertThrows(IllegalArgumentException.class, () -> none.get("inst.rot"));
    assertThrows(IllegalArgumentException.class, () -> Counters.builder().set("x", 1));
    assertThrows(IllegalArgumentException.class, () -> none.get(Counter.OVERLAP));
    assertThrows(
        IllegalArgumentException.class, () -> Counters.builder().set(Counter.OVERLAP, 1, 2));
  }
}
