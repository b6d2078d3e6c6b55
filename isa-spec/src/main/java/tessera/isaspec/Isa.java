package tessera.isaspec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.check.Checker;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.encoding.Decoder;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.syntax.Alias;

/// A closed, checked set of extensions on a machine.
public final class Isa {

  /// What an ISA is made from.
  ///
  /// @param sources all texts, bundled ones and added ones
  /// @param added the user's own among them: their extensions join the ISA
  /// @param machine the machine's name
  /// @param isa an ISA string instead of the machine's, or null
  /// @param also names of extensions, in small letters, that join it as far as there are texts of
  ///   them
  /// @param set parameters that the caller sets
  /// @param everything check the bundled bodies too
  /// @param choices what the text leaves to the implementation
  public record Request(
      List<Source> sources,
      List<Source> added,
      String machine,
      @Nullable String isa,
      Set<String> also,
      Map<String, String> set,
      boolean everything,
      Choices choices) {

    /// {@return a request with the default choices}
    public Request(
        List<Source> sources,
        List<Source> added,
        String machine,
        @Nullable String isa,
        Map<String, String> set,
        boolean everything) {
      this(sources, added, machine, isa, Set.of(), set, everything, Choices.DEFAULT);
    }

    /// {@return the bundled texts on a machine}
    public static Request bundled(String machine) {
      return new Request(Texts.bundled(), List.of(), machine, null, Map.of(), false);
    }

    /// {@return this with a user's own text}
    public Request with(Source source) {
      List<Source> all = new ArrayList<>(sources);
      all.add(source);
      List<Source> more = new ArrayList<>(added);
      more.add(source);
      return new Request(all, more, machine, isa, also, set, everything, choices);
    }

    /// {@return this for another ISA string}
    public Request isa(String text) {
      return new Request(sources, added, machine, text, also, set, everything, choices);
    }

    /// {@return this with more extensions, as far as there are texts of them}
    public Request also(Set<String> names) {
      return new Request(sources, added, machine, isa, names, set, everything, choices);
    }

    /// {@return this with parameters set}
    public Request set(Map<String, String> parameters) {
      return new Request(sources, added, machine, isa, also, parameters, everything, choices);
    }

    /// {@return this with every body checked}
    public Request checkEverything() {
      return new Request(sources, added, machine, isa, also, set, true, choices);
    }

    /// {@return this with what the text leaves open decided so}
    public Request choose(Choices decided) {
      return new Request(sources, added, machine, isa, also, set, everything, decided);
    }
  }

  /// What the text leaves to the implementation.
  ///
  /// @param strict refuse what a `reserved` condition names, instead of running it
  /// @param allOnes write all ones where `masked` and `tail` say agnostic, instead of nothing
  public record Choices(boolean strict, boolean allOnes) {
    /// Reserved encodings are refused, agnostic elements stay as they are.
    public static final Choices DEFAULT = new Choices(true, false);
  }

  /// A checked ISA, or all that is wrong.
  public sealed interface Result {
    /// @param warnings what works, but is slow or doubtful
    record Ok(Isa isa, List<Diagnostic> warnings) implements Result {}

    /// @param diagnostics at least one error
    record Failed(List<Diagnostic> diagnostics) implements Result {}

    /// {@return the ISA; for texts that are known to be right}
    ///
    /// @throws IllegalStateException with the rendered diagnostics
    default Isa orThrow() {
      return switch (this) {
        case Ok(var isa, _) -> isa;
        case Failed(var diagnostics) ->
            throw new IllegalStateException(Renderer.render(diagnostics));
      };
    }
  }

  /// {@return the checked ISA of the requested texts, machine and extensions}
  public static Result load(Request request) {
    return Checker.check(request);
  }

  /// {@return the ISA of a bundled machine}
  public static Isa bundled(String machine) {
    return load(Request.bundled(machine)).orThrow();
  }

  /// All that an ISA is made of.
  ///
  /// @param name the canonical ISA string (`rv64imf_zicsr_xta`)
  /// @param extensions the closure, in canonical order
  /// @param handlers what happens around instructions, at most one for an event
  public record Parts(
      String name,
      List<Extension> extensions,
      List<RegisterFile> registerFiles,
      List<Csr> csrs,
      List<Mode> modes,
      List<Trap> traps,
      List<Instruction> instructions,
      List<Alias> aliases,
      List<Handler> handlers,
      Machine machine) {}

  private final Parts parts;
  private final Map<String, Instruction> byName = new LinkedHashMap<>();
  private final Map<Integer, Csr> csrByNumber = new LinkedHashMap<>();
  private final Map<String, Csr> csrByName = new LinkedHashMap<>();
  private final Decoder decoder;
  private final Evaluator evaluator;

  /// Made by the checker only.
  public Isa(Parts parts) {
    this.parts = parts;
    parts.instructions().forEach(i -> byName.put(i.name(), i));
    parts.csrs().forEach(c -> csrByNumber.put(c.number(), c));
    parts.csrs().forEach(c -> csrByName.put(c.name(), c));
    this.decoder = Decoder.of(parts.instructions());
    this.evaluator = Evaluator.of(this);
  }

  /// {@return the canonical ISA string}
  public String name() {
    return parts.name();
  }

  /// {@return the ISA string as messages show it: a long one without the standard extensions of
  /// several letters, such as `rv64gcv_..._xta`}
  public String shortName() {
    return shortName(parts.name());
  }

  private static final int SHORT = 48;

  /// {@return an ISA string as messages show it}
  public static String shortName(String name) {
    if (name.length() <= SHORT) {
      return name;
    }
    List<String> words = List.of(name.split("_"));
    return Stream.concat(
            Stream.of(words.getFirst(), "..."), words.stream().filter(w -> w.startsWith("x")))
        .collect(Collectors.joining("_"));
  }

  public List<Extension> extensions() {
    return parts.extensions();
  }

  /// {@return whether the extension is in the closure}
  public boolean has(String extension) {
    return parts.extensions().stream().anyMatch(e -> e.name().equals(extension));
  }

  public List<RegisterFile> registerFiles() {
    return parts.registerFiles();
  }

  /// {@return the register file of that name, or null}
  public @Nullable RegisterFile registerFile(String name) {
    return parts.registerFiles().stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  public List<Csr> csrs() {
    return parts.csrs();
  }

  /// {@return the CSR with that number, or null}
  public @Nullable Csr csr(int number) {
    return csrByNumber.get(number);
  }

  /// {@return the CSR of that name, or null}
  public @Nullable Csr csr(String name) {
    return csrByName.get(name);
  }

  public List<Mode> modes() {
    return parts.modes();
  }

  public List<Trap> traps() {
    return parts.traps();
  }

  public List<Instruction> instructions() {
    return parts.instructions();
  }

  /// {@return the instruction of that name (not of a mnemonic: two may share one), or null}
  public @Nullable Instruction instruction(String name) {
    return byName.get(name);
  }

  /// {@return the pseudo-instructions in the order of the text}
  public List<Alias> aliases() {
    return parts.aliases();
  }

  /// {@return what the text does on an event (`trap`, `interrupt`, `access`, `fetch`), or null}
  public @Nullable Handler handler(String event) {
    for (Handler handler : parts.handlers()) {
      if (handler.event().equals(event)) {
        return handler;
      }
    }
    return null;
  }

  public Machine machine() {
    return parts.machine();
  }

  public Decoder decoder() {
    return decoder;
  }

  /// {@return the plain evaluator of this ISA}
  public Evaluator evaluator() {
    return evaluator;
  }
}
