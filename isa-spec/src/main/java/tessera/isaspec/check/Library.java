package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.VectorNames;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.SpecText;

/// All extensions and machines that the texts define, and the closure of an ISA string over them.
final class Library {

  /// An extension as the texts define it.
  record Defined(Item.Extension item, List<Item> items) {
    String name() {
      return item.name();
    }
  }

  private static final Pattern VERSION = Pattern.compile("\\d+(p\\d+)?");
  private static final Pattern ENDING_VERSION = Pattern.compile("\\d+p\\d+$");
  private static final Pattern LETTERS = Pattern.compile("[a-rt-wy](\\d+(p\\d+)?)?");

  private final Map<String, Defined> extensions = new LinkedHashMap<>();

  private final Map<String, Item.Machine> machines = new LinkedHashMap<>();
  private final List<Item> loose = new ArrayList<>();
  private final Diagnostics diagnostics;

  Library(List<SpecText> texts, Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
    texts.forEach(this::add);
  }

  private void add(SpecText text) {
    List<Item> own = loose;
    for (Item item : text.items()) {
      switch (item) {
        case Item.Extension e when e.items() == null -> own = define(e, new ArrayList<>());
        case Item.Extension e -> define(e, Objects.requireNonNull(e.items()));
        case Item.Machine m -> machine(m);
        default -> own.add(item);
      }
    }
  }

  private List<Item> define(Item.Extension e, List<Item> items) {
    Defined earlier = extensions.putIfAbsent(e.name(), new Defined(e, items));
    if (earlier != null) {
      diagnostics.add(
          Diagnostic.error(
                  "name-twice", e.span(), "the extension '" + e.name() + "' is defined twice")
              .note(earlier.item().span(), "first defined here"));
    }
    for (Item item : items) {
      switch (item) {
        case Item.Extension inner when inner.items() != null -> define(inner, inner.items());
        case Item.Extension inner ->
            diagnostics.add(
                Diagnostic.error(
                        "syntax", inner.span(), "`extension …;` stands only at the top of a file")
                    .help("write a block: extension " + inner.name() + " { … }"));
        case Item.Machine m -> machine(m);
        default -> {}
      }
    }
    return items;
  }

  private void machine(Item.Machine m) {
    Item.Machine earlier = machines.putIfAbsent(m.name(), m);
    if (earlier != null) {
      diagnostics.add(
          Diagnostic.error(
                  "name-twice", m.span(), "the machine '" + m.name() + "' is defined twice")
              .note(earlier.span(), "first defined here"));
    }
  }

  List<Defined> extensions() {
    return List.copyOf(extensions.values());
  }

  /// Items that belong to no extension; they are always active.
  List<Item> loose() {
    return loose;
  }

  List<String> machineNames() {
    return List.copyOf(machines.keySet());
  }

  /// {@return the machine of that name; `-` and `_` are the same}
  Item.Machine machineNamed(String name) {
    Item.Machine machine = machines.get(name.replace('-', '_'));
    if (machine == null) {
      String near = Suggestion.nearest(name, machines.keySet());
      Diagnostic d = Diagnostic.error("unknown-name", null, "there is no machine '" + name + "'");
      throw new SpecError(
          d.help(
              near != null
                  ? "did you mean '" + near + "'?"
                  : "machines: " + String.join(", ", machines.keySet())));
    }
    return machine;
  }

  /// {@return the extensions of an ISA string with all that they require, in the order of the
  /// texts}
  List<Defined> closure(List<Wanted> wanted) {
    Map<String, Defined> found = new LinkedHashMap<>();
    for (Wanted w : wanted) {
      require(w.name(), w.span(), found);
    }
    boolean more = true;
    while (more) {
      int before = found.size();
      for (Defined d : List.copyOf(found.values())) {
        for (Item.Need need : d.item().needs()) {
          if (need.condition() == null || found.containsKey(need.condition())) {
            require(need.name(), need.span(), found);
          }
        }
      }
      more = found.size() > before;
    }
    conflicts(found);
    return extensions.values().stream().filter(d -> found.containsKey(d.name())).toList();
  }

  /// An extension that somebody asks for.
  record Wanted(String name, @Nullable Span span) {}

  private void require(String name, @Nullable Span span, Map<String, Defined> found) {
    Defined defined = extensions.get(name);
    if (defined == null) {
      String near = Suggestion.nearest(name, extensions.keySet());
      Diagnostic d =
          Diagnostic.error(
              "extension-missing", span, "no text defines the extension '" + name + "'");
      diagnostics.add(
          d.help(
              near != null
                  ? "did you mean '" + near + "'?"
                  : "known: " + String.join(", ", extensions.keySet())));
      return;
    }
    found.put(name, defined);
  }

  private void conflicts(Map<String, Defined> found) {
    for (Defined d : found.values()) {
      for (String other : d.item().conflicts()) {
        if (found.containsKey(other)) {
          diagnostics.add(
              Diagnostic.error(
                      "extension-missing",
                      d.item().span(),
                      "the extensions '" + d.name() + "' and '" + other + "' exclude each other")
                  .note(found.get(other).item().span(), "'" + other + "' is defined here"));
        }
      }
    }
  }

  /// {@return the extensions that an ISA string names: `rv64imf_zicsr_xta`, `rv64i2p1_m2p0`; for a
  /// name of a part of V, V}
  List<Wanted> parse(String isa, @Nullable Span span) {
    String text = isa.toLowerCase(Locale.ROOT);
    if (!text.startsWith("rv64")) {
      throw new SpecError(
          Diagnostic.error(
                  "extension-missing", span, "an ISA string begins with rv64, got '" + isa + "'")
              .help("for example rv64imf_zicsr_xta"));
    }
    List<Wanted> wanted = new ArrayList<>();
    String[] parts = text.substring(4).split("_", -1);
    letters(parts[0], span, wanted);
    for (int i = 1; i < parts.length; i++) {
      if (LETTERS.matcher(parts[i]).matches()) {
        letters(parts[i], span, wanted);
      } else {
        wanted.add(new Wanted(named(parts[i]), span));
      }
    }
    return wanted;
  }

  /// Single letters, each perhaps with a version: `imac`, `i2p1`.
  private static void letters(String part, @Nullable Span span, List<Wanted> wanted) {
    for (char letter : VERSION.matcher(part).replaceAll("").toCharArray()) {
      if (letter == 'g') {
        for (String name : List.of("I", "M", "A", "F", "D", "Zicsr", "Zifencei")) {
          wanted.add(new Wanted(name, span));
        }
      } else {
        wanted.add(new Wanted(String.valueOf(letter).toUpperCase(Locale.ROOT), span));
      }
    }
  }

  /// {@return the text's spelling of an extension's name; a version is of no interest}
  private String named(String part) {
    if (VectorNames.isOfV(part)) {
      return "V";
    }
    String plain = ENDING_VERSION.matcher(part).replaceFirst("");
    for (String spelled : List.of(part, plain)) {
      for (String name : extensions.keySet()) {
        if (name.toLowerCase(Locale.ROOT).equals(spelled)) {
          return name;
        }
      }
    }
    return part;
  }
}
