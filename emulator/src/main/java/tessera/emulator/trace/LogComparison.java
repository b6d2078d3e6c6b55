package tessera.emulator.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Two commit logs beside each other, until they differ.
///
/// @param matched commits that are the same in both
/// @param skippedLeft commits of the first before the common start
/// @param skippedRight commits of the second before the common start
/// @param before the commits before the difference, the same in both
/// @param left what follows in the first, the one that differs first; empty: it has ended
/// @param right what follows in the second
/// @param difference in words; empty: there is none
public record LogComparison(
    long matched,
    long skippedLeft,
    long skippedRight,
    List<Commit> before,
    List<Commit> left,
    List<Commit> right,
    String difference) {

  /// Lines shown before and after a difference.
  public static final int CONTEXT = 5;

  /// Commits that may precede the common start: a boot ROM that only one of two programs has.
  public static final int START = 1000;

  /// {@return whether the logs tell the same, and something at all}
  public boolean agrees() {
    return difference.isEmpty();
  }

  /// {@return the logs compared, from their first common address on}
  ///
  /// @param ignore effects that do not count, by name
  public static LogComparison of(
      Iterator<Commit> first, Iterator<Commit> second, Predicate<String> ignore) {
    ArrayDeque<Commit> left = take(first, START);
    ArrayDeque<Commit> right = take(second, START);
    int[] start = start(left, right);
    if (start.length == 0) {
      String why =
          left.isEmpty() || right.isEmpty() ? "a log without commits" : "no address in common";
      return new LogComparison(
          0, 0, 0, List.of(), head(left, first), head(right, second), "nothing matched: " + why);
    }
    drop(left, start[0]);
    drop(right, start[1]);
    return walk(left, first, right, second, start, ignore);
  }

  private static LogComparison walk(
      ArrayDeque<Commit> left,
      Iterator<Commit> first,
      ArrayDeque<Commit> right,
      Iterator<Commit> second,
      int[] start,
      Predicate<String> ignore) {
    ArrayDeque<Commit> before = new ArrayDeque<>();
    for (long matched = 0; ; matched++) {
      Commit a = peek(left, first);
      Commit b = peek(right, second);
      String difference = difference(a, b, ignore);
      if (a == null || b == null || !difference.isEmpty()) {
        return new LogComparison(
            matched,
            start[0],
            start[1],
            List.copyOf(before),
            head(left, first),
            head(right, second),
            matched == 0 && difference.isEmpty() ? "nothing matched" : difference);
      }
      left.poll();
      right.poll();
      before.add(a);
      if (before.size() > CONTEXT) {
        before.poll();
      }
    }
  }

  private static String difference(
      @Nullable Commit a, @Nullable Commit b, Predicate<String> ignore) {
    if (a == null && b == null) {
      return "";
    }
    if (a == null || b == null) {
      return (a == null ? "the first" : "the second") + " log ends here";
    }
    return without(a, ignore).differenceTo(without(b, ignore));
  }

  private static Commit without(Commit c, Predicate<String> ignore) {
    if (c.effects().stream().noneMatch(e -> ignore.test(e.name()))) {
      return c;
    }
    return new Commit(
        c.number(),
        c.text(),
        c.core(),
        c.privilege(),
        c.pc(),
        c.word(),
        c.effects().stream().filter(e -> !ignore.test(e.name())).toList());
  }

  /// {@return how many commits of each to skip; empty: they have no address in common}
  private static int[] start(ArrayDeque<Commit> left, ArrayDeque<Commit> right) {
    int best = Integer.MAX_VALUE;
    int[] found = {};
    int i = 0;
    for (Commit a : left) {
      int j = 0;
      for (Commit b : right) {
        if (i + j >= best) {
          break;
        }
        // Only one of them may have a beginning that the other has not.
        if ((i == 0 || j == 0) && a.pc() == b.pc() && a.word() == b.word()) {
          best = i + j;
          found = new int[] {i, j};
        }
        j++;
      }
      i++;
    }
    return found;
  }

  private static ArrayDeque<Commit> take(Iterator<Commit> from, int most) {
    ArrayDeque<Commit> taken = new ArrayDeque<>();
    while (taken.size() < most && from.hasNext()) {
      taken.add(from.next());
    }
    return taken;
  }

  private static void drop(ArrayDeque<Commit> from, int number) {
    for (int i = 0; i < number; i++) {
      from.poll();
    }
  }

  private static @Nullable Commit peek(ArrayDeque<Commit> waiting, Iterator<Commit> more) {
    if (waiting.isEmpty() && more.hasNext()) {
      waiting.add(more.next());
    }
    return waiting.peek();
  }

  private static List<Commit> head(ArrayDeque<Commit> waiting, Iterator<Commit> more) {
    while (waiting.size() < CONTEXT && more.hasNext()) {
      waiting.add(more.next());
    }
    List<Commit> head = new ArrayList<>(waiting);
    return head.subList(0, Math.min(CONTEXT, head.size()));
  }
}
