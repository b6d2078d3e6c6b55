package tessera.assembler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Of the readings of a line the shortest wins, then the first; each may be one of short forms.
final class Readings<E> {
  private final @Nullable ShortForms shortForms;
  private @Nullable List<Encoder.Encoded<E>> best;
  private @Nullable List<Encoder.Encoded<E>> hint;
  private int bytes = Integer.MAX_VALUE;

  /// @param shortForms those that may be taken; null: none
  Readings(@Nullable ShortForms shortForms) {
    this.shortForms = shortForms;
  }

  /// Takes a reading where it is the shortest so far.
  ///
  /// @param mayShorten whether its words may be shortened without being named
  void offer(Candidate candidate, List<Encoder.Encoded<E>> words, boolean mayShorten) {
    if (candidate instanceof Candidate.Pseudo && words.stream().anyMatch(Readings::isHint)) {
      hint = hint == null ? words : hint; // only where nothing else is meant
      return;
    }
    List<Encoder.Encoded<E>> taken =
        shortForms != null && mayShorten
            ? words.stream().map(shortForms::shortened).toList()
            : words;
    int size = taken.stream().mapToInt(w -> w.instruction().encoding().bytes()).sum();
    if (size < bytes) {
      bytes = size;
      best = taken;
    }
  }

  private static boolean isHint(Encoder.Encoded<?> word) {
    return word.targets().isEmpty()
        && word.instruction().expansion() != null
        && word.instruction().isHint(word.word());
  }

  /// {@return whether no other reading can be shorter}
  boolean isSettled() {
    return best != null && (shortForms == null || bytes == 2);
  }

  /// {@return the words of the shortest reading, or null}
  @Nullable List<Encoder.Encoded<E>> best() {
    return best != null ? best : hint;
  }
}
