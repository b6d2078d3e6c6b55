package tessera.isaspec;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names in ISA strings that say how much of V there is at least, not what it does (V manual 18.1,
/// 18.2): `zve32x` to `zve64d` are parts of V, `zvl256b` is a least VLEN.
public final class VectorNames {
  private static final String VERSION = "(\\d+p\\d+)?";
  private static final Pattern PART = Pattern.compile("zve(32[xf]|64[xfd])" + VERSION);
  private static final Pattern LENGTH = Pattern.compile("zvl(\\d{1,9})b" + VERSION);

  private VectorNames() {}

  /// {@return whether V has what a name, in small letters, stands for}
  public static boolean isOfV(String name) {
    return PART.matcher(name).matches() || LENGTH.matcher(name).matches();
  }

  /// {@return the VLEN in bits that there has to be by these names, in small letters; 0: they say
  /// none}
  public static int leastLength(Collection<String> names) {
    return names.stream()
        .map(LENGTH::matcher)
        .filter(Matcher::matches)
        .mapToInt(m -> Integer.parseInt(m.group(1)))
        .max()
        .orElse(0);
  }
}
