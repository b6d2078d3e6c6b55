package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Assembly text as compilers make it: our own C and C++ sources, each compiled by gcc and clang in
/// several ways. A part of it is taken by default, all of it with `-Dcorpus=all`.
final class Corpus {
  /// The ISA that all of it is compiled for.
  static final String MARCH = "rv64gcv";

  /// The same without vectors, which gcc 12 has no code for.
  private static final String SCALAR = "rv64gc";

  /// Clang's tables of exceptions have distances in LEB128, see [#isBeyondGnu].
  private static final String NO_EXCEPTIONS = "-fno-exceptions";

  private static final List<String> GCC =
      List.of(
          "-O0",
          "-O1 -fPIC",
          "-O2 -fno-pic -mcmodel=medany",
          "-O3 -ffunction-sections -fdata-sections -mcmodel=medlow",
          "-Os -g");

  private static final List<String> CLANG =
      List.of(
          "-O0 -g", "-O1 -fno-pic", "-O2 -fPIC", "-O3 -ffunction-sections", "-Os -mcmodel=medany");

  /// Only gcc's library has headers here, and only clang has these intrinsics.
  private static final Set<String> NOT_FOR_CLANG = Set.of("library.cc", "exceptions.cc");

  private static final Set<String> NOT_FOR_GCC = Set.of("rvv_intrinsics.c");

  /// One text to be made.
  ///
  /// @param source of the folder `corpus`
  /// @param options how it is compiled
  record Entry(Path source, String compiler, String options) {
    @Override
    public String toString() {
      return compiler + " " + options + " " + source.getFileName();
    }
  }

  private Corpus() {}

  /// {@return what there is to assemble}
  static List<Entry> entries() {
    boolean all = "all".equals(System.getProperty("corpus"));
    List<Entry> entries = new ArrayList<>();
    List<Path> sources = sources();
    for (int i = 0; i < sources.size(); i++) {
      List<Entry> possible = entries(sources.get(i));
      // Of each source one, in turns of another kind.
      entries.addAll(all ? possible : List.of(possible.get(i % possible.size())));
    }
    return entries;
  }

  private static List<Path> sources() {
    try (Stream<Path> files = Files.list(Path.of(Corpus.class.getResource("corpus").toURI()))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Entry> entries(Path source) {
    String name = source.getFileName().toString();
    List<Entry> entries = new ArrayList<>();
    boolean plus = name.endsWith(".cc");
    if (!NOT_FOR_GCC.contains(name)) {
      GCC.forEach(o -> entries.add(new Entry(source, plus ? "g++" : "gcc", o)));
    }
    if (!NOT_FOR_CLANG.contains(name)) {
      CLANG.forEach(o -> entries.add(new Entry(source, "clang", o)));
    }
    return entries;
  }

  /// {@return the assembly text of an entry}
  static String text(Entry entry, Gnu gnu) {
    List<String> command = new ArrayList<>();
    if (entry.compiler().equals("clang")) {
      command.add("clang-19");
      command.addAll(List.of("--target=riscv64-linux-gnu", "-march=" + MARCH, "-fno-addrsig"));
      if (entry.source().toString().endsWith(".cc")) {
        command.add(NO_EXCEPTIONS);
      }
    } else {
      command.add("riscv64-linux-gnu-" + entry.compiler());
      command.addAll(List.of("-march=" + SCALAR, "-mabi=lp64d", "-misa-spec=20191213"));
    }
    command.addAll(List.of("-S", "-w"));
    command.addAll(List.of(entry.options().split(" ", -1)));
    command.addAll(List.of(entry.source().toString(), "-o", "corpus.s"));
    Gnu.Outcome outcome = Gnu.start(gnu.folder(), command.toArray(String[]::new));
    assertEquals(0, outcome.status(), () -> entry + ": " + outcome.said());
    return gnu.text("corpus.s");
  }

  /// {@return whether GNU as 2.40 refuses a text for the one thing that it has no relocation for:
  /// distances in LEB128, as clang's tables of DWARF 5 have them}
  static boolean isBeyondGnu(String text, Gnu gnu) {
    gnu.put("corpus.s", text);
    return gnu.outcome("as", "-march=" + MARCH, "corpus.s", "-o", "beyond.o")
        .said()
        .contains("non-constant .uleb128 is not supported");
  }
}
