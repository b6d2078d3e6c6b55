package tessera.compiler.memory;

import java.util.ArrayList;
import java.util.List;

/// Checks a plan against what is needed when: every value has a place inside the whole, well
/// aligned, and no two that are needed at the same time share a byte.
public final class PlanCheck {
  private PlanCheck() {}

  /// Everything that is wrong; empty for a sound plan.
  public static List<String> problems(MemoryPlan plan, List<Live> lives) {
    var problems = new ArrayList<String>();
    for (int i = 0; i < lives.size(); i++) {
      Live live = lives.get(i);
      Long offset = plan.offsets().get(live.id());
      if (offset == null) {
        problems.add("value " + live.id() + " has no place");
        continue;
      }
      if (offset < 0 || offset % MemoryPlan.ALIGNMENT != 0 || offset + live.bytes() > plan.size()) {
        problems.add("value " + live.id() + " lies at " + offset + " of " + plan.size());
      }
      for (Live other : lives.subList(0, i)) {
        Long otherOffset = plan.offsets().get(other.id());
        boolean sameTime = Math.max(live.from(), other.from()) <= Math.min(live.to(), other.to());
        if (otherOffset != null
            && sameTime
            && Math.max(offset, otherOffset)
                < Math.min(offset + live.bytes(), otherOffset + other.bytes())) {
          problems.add("values " + other.id() + " and " + live.id() + " overlap");
        }
      }
    }
    return List.copyOf(problems);
  }
}
