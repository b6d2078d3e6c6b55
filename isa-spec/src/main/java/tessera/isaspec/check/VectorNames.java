package tessera.isaspec.check;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names in ISA strings that say how much of V there is at least, not what it does (V manual 18.1,
/// 18.2): `zve32x` to `zve64d` are parts of V, `zvl256b` is a least VLEN.
final class VectorNames {
  private static final Pattern PART = Pattern.compile("zve(32[xf]|64[xfd])(\\d+p\\d+)?");
  private static final Pattern LENGTH = Pattern.compile("zvl(\\d{2,5})b(\\d+p\\d+)?");
  private static final String PARAMETER = "VLEN";

  /// What `V` asks for itself.
  private static final int LEAST = 128;

  private VectorNames() {}

  /// {@return whether V has what a name stands for}
  static boolean isOfV(String name) {
    return PART.matcher(name).matches() || LENGTH.matcher(name).matches();
  }

  /// {@return parameters with the VLEN that an ISA string names, unless it is set}
  static Map<String, String> settings(@Nullable String isa, Map<String, String> set) {
    int length = 0;
    for (String part : isa == null ? new String[0] : isa.toLowerCase(Locale.ROOT).split("_", -1)) {
      Matcher matcher = LENGTH.matcher(part);
      length = matcher.matches() ? Math.max(length, Integer.parseInt(matcher.group(1))) : length;
    }
    if (length < LEAST || set.containsKey(PARAMETER)) {
      return set;
    }
    Map<String, String> all = new HashMap<>(set);
    all.put(PARAMETER, String.valueOf(length));
    return all;
  }
}
