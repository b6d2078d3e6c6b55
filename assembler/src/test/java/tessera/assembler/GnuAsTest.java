package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tessera.elf.Elf;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;

/// What GNU as also knows comes out with the same bytes, relocations and symbols, and prints as
/// objdump prints it.
@Tag("oracle")
final class GnuAsTest {
  /// Those of our scalar extensions that binutils 2.40 knows.
  private static final String MARCH =
      "rv64gc_zihintpause_zawrs_zba_zbb_zbc_zbs_zfh_zicbom_zicbop_zicboz";

  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("edge16").isa(MARCH + "_zicntr")).orThrow();
  private static final Assembler ASSEMBLER = Assembler.of(ISA);

  @TempDir Path folder;

  private void same(String text) {
    String gnu = Listing.of(Gnu.binutils(folder).as(text, MARCH));
    assertEquals(gnu, Listing.of(object(text)));
  }

  private static Elf object(String text) {
    return ASSEMBLER.object(List.of(Bundled.source(text))).orElseThrow();
  }

  private static Stream<Path> resources(String kind) {
    try {
      Path folder = Path.of(GnuAsTest.class.getResource(kind).toURI());
      try (Stream<Path> files = Files.list(folder)) {
        return files.sorted().toList().stream();
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> instructions() {
    List<String> lines = new ArrayList<>();
    ISA.instructions().forEach(i -> lines.addAll(new Samples(ISA).of(i)));
    return lines;
  }

  private static String program(List<String> lines) {
    return "near:\n" + String.join("\n", lines) + "\n.data\nfar: .dword 0\n";
  }

  /// Lines of which the two make something else, with the reason.
  private enum Known {
    /// binutils 2.40 takes no rounding mode of conversions that are always exact
    EXACT("fcvt\\.(d\\.(s|w|wu|h)|s\\.h) .*, (rne|rtz|rdn|rup|rmm|dyn)"),
    /// we also take the value that it stands for
    SIGNED("c\\.lui .*, -\\d+"),
    /// `li` under another name: GNU as shortens it only under its own
    CONSTANT("add \\w+, (zero|x0), -?\\w+"),
    /// GNU as makes the hint c.addi of it
    HINT("add (\\w+), \\1, 0");

    private final Predicate<String> lines;

    Known(String pattern) {
      lines = Pattern.compile(pattern).asMatchPredicate();
    }

    static boolean is(String line) {
      return Stream.of(values()).anyMatch(k -> k.lines.test(line));
    }
  }

  /// Both refuse the same lines, and make the same of the others.
  private void agree(List<String> lines) {
    Gnu gnu = Gnu.binutils(folder);
    Set<Integer> theirs = refused(gnu, program(lines));
    Set<Integer> ours = refused(program(lines));
    List<String> taken = new ArrayList<>();
    List<String> different = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      boolean refuses = theirs.contains(i);
      if (Known.is(lines.get(i))) {
        continue;
      }
      if (refuses != ours.contains(i)) {
        different.add(lines.get(i) + (refuses ? "   (GNU as refuses)" : "   (we refuse)"));
      } else if (!refuses) {
        taken.add(lines.get(i));
      }
    }
    assertEquals(List.of(), different);
    assertTrue(taken.size() > lines.size() / 2, taken.size() + " of " + lines.size());
    same(program(taken));
  }

  private static Set<Integer> refused(Gnu gnu, String text) {
    gnu.put("gnu.s", text);
    String said =
        gnu.outcome("as", "-march=" + MARCH, "-misa-spec=20191213", "gnu.s", "-o", "gnu.o").said();
    Set<Integer> lines = new TreeSet<>();
    Matcher error = Pattern.compile("gnu\\.s:(\\d+): Error").matcher(said);
    while (error.find()) {
      lines.add(Integer.parseInt(error.group(1)) - 2);
    }
    return lines;
  }

  private static Set<Integer> refused(String text) {
    Set<Integer> lines = new TreeSet<>();
    for (Diagnostic d : ASSEMBLER.object(List.of(Bundled.source(text))).diagnostics()) {
      if (d.isError() && d.span() != null) {
        lines.add(d.span().line() - 2);
      }
    }
    return lines;
  }

  @Test
  void everyInstructionIsEncodedAlike() {
    List<String> lines = instructions();
    assertTrue(lines.size() > 10_000, lines.size() + " lines");
    agree(lines);
  }

  @Test
  void everyPseudoInstructionIsEncodedAlike() {
    List<String> lines = new ArrayList<>();
    ISA.aliases().stream()
        // binutils 2.40 has no name for it
        .filter(a -> !a.mnemonic().equals("lga"))
        .forEach(a -> lines.addAll(new Samples(ISA).of(a)));
    assertTrue(lines.size() > 500, lines.size() + " lines");
    agree(lines);
  }

  @Test
  void vectorPseudoInstructionsAreTheirs() {
    String march = "rv64gcv";
    Isa isa = Isa.load(Isa.Request.bundled("edge16").isa(march)).orThrow();
    String text =
        """
          vmslt.vi v4, v8, 5
          vmsltu.vi v4, v8, 5
          vmsge.vi v4, v8, 5
          vmsgeu.vi v4, v8, 5
          vmsgeu.vi v4, v8, 0
          vmsltu.vi v4, v8, 0
          vmsge.vx v4, v8, a0
          vmsgeu.vx v4, v8, a0, v0.t
          vmsge.vx v4, v8, a0, v0.t, v2
          vmsgt.vv v4, v8, v12
          vneg.v v4, v8
          vnot.v v4,v8
          vwcvt.x.x.v v4,v8
          vncvt.x.x.w v4,v8
          vfneg.v v4,v8
          vfabs.v v4,v8
          vmmv.m v4,v8
          vmclr.m v4
          vmset.m v4
          vmnot.m v4,v8
          vmfgt.vv v4,v8,v12
          vmfge.vv v4,v8,v12
          vpopc.m a0,v8
          vle1.v v4,(a0)
          vmandnot.mm v4,v8,v12
          vfredsum.vs v4,v8,v12
          vmsge.vx v0, v8, a0, v0.t, v2
          vmsgeu.vx v3, v8, a0, v0.t, v3
          vmsgeu.vx v3, v8, a0, v0.t, v4
          vmslt.vi v0, v8, -15
          vmsge.vi v0, v8, -15
          vmslt.vi v0, v8, 15, v0.t
          vmsge.vi v0, v8, 15, v0.t
          vmslt.vi v5, v8, 1
          vmsge.vi v5, v8, 1
          vmsltu.vi v0, v8, 1
          vmsgeu.vi v0, v8, 1
          vmsltu.vi v0, v8, 15, v0.t
          vmsgeu.vi v0, v8, 15, v0.t
          vmsltu.vi v5, v8, 0, v0.t
          vmsgeu.vi v5, v8, 0, v0.t
        """;
    Elf ours = Assembler.of(isa).object(List.of(Bundled.source(text))).orElseThrow();
    assertEquals(Listing.of(Gnu.binutils(folder).as(text, march)), Listing.of(ours));
  }

  static Stream<Path> programs() {
    return resources("gnu");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void programsAssembleAlike(Path program) throws IOException {
    same(Files.readString(program));
  }

  static Stream<Path> sources() {
    return resources("c");
  }

  @ParameterizedTest
  @MethodSource("sources")
  void whatGccMakesAssemblesAlike(Path source) {
    Gnu gnu = Gnu.gcc(folder);
    for (String level : List.of("-O0", "-O1", "-O2", "-Os", "-O3")) {
      for (String code : List.of("-fno-pic", "-fpic", "-ffunction-sections")) {
        gnu.run(
            "gcc",
            "-S",
            "-march=" + MARCH,
            "-mabi=lp64d",
            "-misa-spec=20191213",
            "-w",
            "-fno-asynchronous-unwind-tables",
            level,
            code,
            source.toString(),
            "-o",
            "c.s");
        same(gnu.text("c.s"));
      }
    }
  }

  @Test
  void instructionsPrintAsObjdumpPrintsThem() {
    Gnu gnu = Gnu.binutils(folder);
    // Our CSRs are those of one machine, so numbers print where objdump has more names.
    // It prints a prefetch even where no alias is wanted.
    List<String> lines =
        instructions().stream().filter(l -> !l.matches("csr.*|ori (zero|x0),.*")).toList();
    Set<Integer> refused = refused(gnu, program(lines));
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!refused.contains(i)) {
        taken.add(lines.get(i));
      }
    }
    gnu.as(program(taken), MARCH);
    assertEquals(objdump(gnu), Disassembler.withoutAliases(ISA).listing(gnu.elf("gnu.o")));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void compiledCodePrintsAsObjdumpPrintsIt(Path source) {
    Gnu gnu = Gnu.gcc(folder);
    gnu.run(
        "gcc",
        "-c",
        "-march=" + MARCH,
        "-mabi=lp64d",
        "-misa-spec=20191213",
        "-w",
        "-O1",
        source.toString(),
        "-o",
        "gnu.o");
    assertEquals(objdump(gnu), Disassembler.withoutAliases(ISA).listing(gnu.elf("gnu.o")));
  }

  private static String objdump(Gnu gnu) {
    String said = gnu.run("objdump", "-d", "-M", "no-aliases", "gnu.o");
    return said.substring(said.indexOf("\nDisassembly"));
  }
}
