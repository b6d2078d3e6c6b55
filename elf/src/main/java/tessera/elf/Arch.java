package tessera.elf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An instruction set as `Tag_RISCV_arch` spells it (psABI, "Attributes"; unprivileged manual, "ISA
/// Extension Naming Conventions"): `rv64i2p1_m2p0_zicsr2p0_xta1p0`.
///
/// @param xlen 32, 64 or 128
/// @param extensions in the order of the text, the base first
public record Arch(int xlen, List<Extension> extensions) {
  /// The order of the naming conventions, for single letters and for the second letter of `z`
  /// names.
  private static final String ORDER = "iegmafdqlcbkjtpvnh";

  private static final Pattern START = Pattern.compile("rv(32|64|128)(?=[ieg])");
  private static final Pattern LETTER =
      Pattern.compile("([a-rt-wy])(?:(\\d{1,4})(?:p(\\d{1,4}))?)?");
  private static final Pattern LONG = Pattern.compile("[szx][a-z0-9]{1,63}");
  private static final Pattern LONG_WITH_VERSION =
      Pattern.compile("([szx][a-z0-9]{0,62}[a-z])(\\d{1,4})p(\\d{1,4})");

  /// An extension, with a version if one is said.
  ///
  /// @param name in small letters
  public record Extension(String name, Optional<Version> version) {
    public Extension {
      Objects.requireNonNull(name);
    }

    /// An extension with a version.
    public static Extension of(String name, int major, int minor) {
      return new Extension(name, Optional.of(new Version(major, minor)));
    }

    @Override
    public String toString() {
      return name + version.map(Version::toString).orElse("");
    }
  }

  /// A version, printed `2p1`.
  public record Version(int major, int minor) {
    @Override
    public String toString() {
      return major + "p" + minor;
    }
  }

  public Arch {
    extensions = List.copyOf(extensions);
  }

  /// Takes `text` apart; empty if it is not an instruction set. Versions may be left out, and
  /// single letters may follow each other without an underscore. A name of several letters that
  /// ends in a digit has no version.
  public static Optional<Arch> parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    var start = START.matcher(lower);
    if (!start.lookingAt()) {
      return Optional.empty();
    }
    var extensions = new ArrayList<Extension>();
    for (String part : lower.substring(start.end()).split("_", -1)) {
      if (!parsePart(part, extensions)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Arch(Integer.parseInt(start.group(1)), extensions));
  }

  /// Takes apart what stands between two underscores: single letters, then at most one long name.
  private static boolean parsePart(String part, List<Extension> extensions) {
    var letter = LETTER.matcher(part);
    int at = 0;
    while (letter.region(at, part.length()).lookingAt()) {
      extensions.add(extension(letter));
      at = letter.end();
    }
    if (at == part.length()) {
      return at > 0;
    }
    var versioned = LONG_WITH_VERSION.matcher(part).region(at, part.length());
    if (versioned.matches()) {
      return extensions.add(extension(versioned));
    }
    return LONG.matcher(part).region(at, part.length()).matches()
        && extensions.add(new Extension(part.substring(at), Optional.empty()));
  }

  private static Extension extension(Matcher match) {
    String major = match.group(2);
    String minor = match.group(3);
    return major == null
        ? new Extension(match.group(1), Optional.empty())
        : Extension.of(
            match.group(1), Integer.parseInt(major), minor == null ? 0 : Integer.parseInt(minor));
  }

  /// The extension of this name, if it is there.
  public Optional<Extension> find(String name) {
    return extensions.stream().filter(extension -> extension.name().equals(name)).findFirst();
  }

  /// The same in the order of the naming conventions, which linkers expect: letters, then `z`, `s`
  /// and `x` names.
  public Arch canonical() {
    var order =
        Comparator.comparingInt(Arch::rank)
            .thenComparingInt(Arch::letterRank)
            .thenComparing(Extension::name);
    return new Arch(xlen, extensions.stream().sorted(order).toList());
  }

  private static int rank(Extension extension) {
    return extension.name().length() == 1 ? 0 : 1 + "zsx".indexOf(extension.name().charAt(0));
  }

  private static int letterRank(Extension extension) {
    int place = ORDER.indexOf(extension.name().charAt(rank(extension) == 1 ? 1 : 0));
    return place < 0 ? ORDER.length() : place;
  }

  /// The text form, with an underscore before each extension but the base: `rv64i2p1_m2p0`.
  @Override
  public String toString() {
    return "rv"
        + xlen
        + extensions.stream().map(Extension::toString).collect(Collectors.joining("_"));
  }
}
