package tessera.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tessera.elf.Arch;
import tessera.elf.Elf;
import tessera.emulator.Emulator;
import tessera.isaspec.Isa;
import tessera.isaspec.Texts;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;

/// The options that say what machine a verb is about: `--isa`, `--machine`, `--set`.
final class IsaOptions {
  static final String DEFAULT_MACHINE = "edge16";

  /// The options themselves.
  static final List<Flag> FLAGS = List.of(Flags.ISA, Flags.MACHINE, Flags.SET);

  private static final Pattern MACHINE_BLOCK =
      Pattern.compile("^\\s*machine\\s+([A-Za-z][A-Za-z0-9_]*)", Pattern.MULTILINE);

  private IsaOptions() {}

  /// {@return the ISA that the options ask for; warnings go to standard error}
  ///
  /// @throws Failure with all that is wrong with the texts or the options
  static Isa load(Invocation invocation, Terminal terminal) {
    return load(request(invocation, terminal), invocation, terminal);
  }

  /// {@return the ISA of a request; warnings go to standard error}
  ///
  /// @throws Failure with all that is wrong with it
  static Isa load(Isa.Request request, Invocation invocation, Terminal terminal) {
    return switch (Isa.load(request)) {
      case Isa.Result.Ok(Isa isa, List<Diagnostic> warnings) -> {
        warn(warnings, invocation, terminal);
        yield isa;
      }
      case Isa.Result.Failed(List<Diagnostic> diagnostics) -> throw failed(diagnostics);
    };
  }

  /// {@return the ISA that the options ask for; without any, the one that the file says it was made
  /// for, as far as there are texts of it}
  ///
  /// @throws Failure with all that is wrong with the texts or the options
  static Isa load(Elf elf, Invocation invocation, Terminal terminal) {
    boolean asked =
        !invocation.texts(Flags.ISA).isEmpty() || !invocation.text(Flags.MACHINE, "").isEmpty();
    Optional<Arch> arch = asked ? Optional.empty() : elf.arch();
    return arch.isEmpty()
        ? load(invocation, terminal)
        : load(
            Isa.Request.bundled(DEFAULT_MACHINE).isa(known(arch.get())).set(settings(invocation)),
            invocation,
            terminal);
  }

  /// {@return the machine's ISA and, unless an option names an ISA, what else the file says it was
  /// made for, as far as there are texts of it, and the VLEN that it relies on}
  ///
  /// @throws Failure with all that is wrong with the texts or the options
  static Isa toRun(Elf elf, Invocation invocation, Terminal terminal) {
    Isa.Request request = request(invocation, terminal);
    if (request.isa() != null) {
      return load(request, invocation, terminal);
    }
    request = request.also(madeFor(elf));
    Isa isa = load(request, invocation, terminal);
    long length = Emulator.leastVectorLength(elf);
    if (length <= isa.machine().parameters().getOrDefault("VLEN", length)
        || request.set().containsKey("VLEN")) {
      return isa;
    }
    Map<String, String> set = new LinkedHashMap<>(request.set());
    set.put("VLEN", String.valueOf(length));
    return load(request.set(set), invocation, terminal);
  }

  /// {@return the names of extensions that a file says it was made for, in small letters}
  ///
  /// Its attributes have those of the command line. What a text turns on for a stretch, `.option
  /// rvc`, is in the header's flags alone.
  private static Set<String> madeFor(Elf elf) {
    Set<String> names = new HashSet<>();
    elf.arch().ifPresent(arch -> arch.extensions().forEach(e -> names.add(e.name())));
    if ((elf.flags() & Elf.RVC) != 0) {
      names.add("c");
    }
    return names;
  }

  /// {@return the ISA string with the extensions that there is a text for}
  private static String known(Arch arch) {
    Set<String> names = new HashSet<>();
    Texts.extensions().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    StringBuilder text = new StringBuilder("rv" + arch.xlen());
    for (Arch.Extension extension : arch.extensions()) {
      if (names.contains(extension.name())) {
        text.append(extension.name().length() == 1 ? "" : "_").append(extension.name());
      }
    }
    return text.toString();
  }

  /// Prints warnings, unless `-q` is given.
  static void warn(List<Diagnostic> warnings, Invocation invocation, Terminal terminal) {
    if (!invocation.quiet() && !warnings.isEmpty()) {
      terminal
          .err()
          .print(Colour.of(invocation, terminal).paint(Printed.text("tessera", warnings)));
    }
  }

  /// {@return the failure of texts or options with these findings}
  static Failure failed(List<Diagnostic> diagnostics) {
    // What has no place in a text was on the command line.
    boolean placed = diagnostics.stream().anyMatch(d -> d.span() != null);
    return Failure.of(placed ? ExitCode.BAD_INPUT : ExitCode.USAGE, diagnostics);
  }

  /// {@return what the options ask for}
  ///
  /// @throws Failure when a file cannot be read or a value has the wrong form
  static Isa.Request request(Invocation invocation, Terminal terminal) {
    String machine = invocation.text(Flags.MACHINE, DEFAULT_MACHINE);
    Isa.Request request =
        machine.endsWith(".isa") ? fromFile(machine, terminal) : Isa.Request.bundled(machine);
    for (String value : invocation.texts(Flags.ISA)) {
      request =
          value.endsWith(".isa")
              ? request.with(InputFile.text(terminal, value))
              : request.isa(value);
    }
    boolean strict = !invocation.text(Flags.RESERVED, "strict").equals("lenient");
    boolean ones = invocation.text(Flags.AGNOSTIC, "undisturbed").equals("ones");
    request = request.choose(new Isa.Choices(strict, ones));
    Map<String, String> set = settings(invocation);
    return set.isEmpty() ? request : request.set(set);
  }

  private static Isa.Request fromFile(String file, Terminal terminal) {
    Source source = InputFile.text(terminal, file);
    Matcher block = MACHINE_BLOCK.matcher(source.text());
    if (!block.find()) {
      throw Failure.in(
          file,
          ExitCode.BAD_INPUT,
          List.of(
              Diagnostic.error("no-machine", null, "there is no machine block in this file")
                  .help("an extension is added with --isa " + file)));
    }
    List<Source> sources = new ArrayList<>(Texts.bundled());
    sources.add(source);
    return new Isa.Request(sources, List.of(), block.group(1), null, Map.of(), false);
  }

  private static Map<String, String> settings(Invocation invocation) {
    Map<String, String> set = new LinkedHashMap<>();
    List<Diagnostic> wrong = new ArrayList<>();
    for (String setting : invocation.texts(Flags.SET)) {
      int equals = setting.indexOf('=');
      if (equals <= 0 || equals == setting.length() - 1) {
        wrong.add(
            Diagnostic.error("bad-setting", null, "option '--set' got '" + setting + "'")
                .help("write --set NAME=VALUE, such as --set TMMAX=8"));
      } else {
        set.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
    }
    if (!wrong.isEmpty()) {
      throw Failure.of(ExitCode.USAGE, wrong);
    }
    return set;
  }
}
