package tessera.isaspec.diagnostic;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Finds the known word that somebody probably meant.
public final class Suggestion {
  private static final int FARTHEST = 2;

  private Suggestion() {}

  /// {@return the nearest of `known` within two edits (insert, delete, replace, swap neighbours),
  /// or null}
  public static @Nullable String nearest(String word, Collection<String> known) {
    String best = null;
    int least = Math.min(FARTHEST, word.length() / 2) + 1;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - word.length()) < least) {
        int distance = distance(word, candidate);
        if (distance < least) {
          best = candidate;
          least = distance;
        }
      }
    }
    return best;
  }

  /// {@return the Damerau-Levenshtein distance (optimal string alignment)}
  public static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
