package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tessera.isaspec.Extension;

/// The canonical ISA string of a set of extensions: single letters in the manual's order, then the
/// named ones, standard before vendor's.
final class IsaName {
  /// Parts of our texts that no ISA string names.
  private static final Set<String> UNNAMED = Set.of("Gnu", "Sm", "Zfhmove");

  private static final String LETTERS = "imafdqlcbkjtpvh";

  private IsaName() {}

  static String of(List<Extension> extensions) {
    StringBuilder letters = new StringBuilder("rv64");
    List<String> named = new ArrayList<>();
    for (int i = 0; i < LETTERS.length(); i++) {
      char letter = LETTERS.charAt(i);
      for (Extension e : extensions) {
        if (e.name().length() == 1 && e.name().toLowerCase(Locale.ROOT).charAt(0) == letter) {
          letters.append(letter);
        }
      }
    }
    for (Extension e : extensions) {
      if (e.name().length() > 1 && !UNNAMED.contains(e.name())) {
        named.add(e.name().toLowerCase(Locale.ROOT));
      }
    }
    named.sort((a, b) ->
        a.startsWith("x") == b.startsWith("x") ? a.compareTo(b) : a.startsWith("x") ? 1 : -1);
    named.forEach(n -> letters.append('_').append(n));
    return letters.toString();
  }
}
