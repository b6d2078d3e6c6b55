package tessera.elf;

import java.util.ArrayList;
import java.util.List;

/// The problems found so far. A reader asks [#full] in its loops, so that a hostile file costs no
/// more than an honest one.
final class Problems {
  private final List<ElfProblem> found = new ArrayList<>();

  void add(long offset, String what, String expected, String foundText) {
    if (!full()) {
      found.add(new ElfProblem(offset, what, expected, foundText));
    }
  }

  boolean full() {
    return found.size() >= ElfResult.Failed.MOST;
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void addAll(long base, String what, List<ElfProblem> inner) {
    for (var problem : inner) {
      add(
          base + problem.offset(),
          what + ": " + problem.what(),
          problem.expected(),
          problem.found());
    }
  }

  <T> ElfResult<T> failed() {
    return new ElfResult.Failed<>(found);
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
