package tessera.isaspec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.TestFactory;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;

/// Whatever a text says, the answer is an ISA or messages: never an exception, soon, and in a
/// bounded size.
class HostileTextTest {
  private static final Path TEXTS = Path.of("src/test/resources/filetests/spec");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// More rounds of the random changes: `-Dfuzz.rounds=5000`.
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 12);

  private static final String FORM =
      """
      extension Xe requires I;
      form F(k: bits<7>) : R32 {
        enc opcode = 0x5b funct3 = 0 funct7 = k;
        asm "{rd}, {rs1}, {rs2}";
      }
      """;

  private static Isa.Result load(Source user) {
    return assertTimeout(
        PATIENCE,
        () -> {
          Isa.Result result = Isa.load(Isa.Request.bundled("edge16").with(user));
          if (result instanceof Isa.Result.Failed(var diagnostics)) {
            assertFalse(Renderer.render(diagnostics).isEmpty());
          }
          return result;
        });
  }

  private static Source read(Path file) {
    try {
      String text = Files.readString(file);
      int line = text.indexOf("\n---\n");
      return new Source(file.getFileName().toString(), line < 0 ? text : text.substring(0, line));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> all = Files.list(TEXTS.resolve(folder))) {
      return all.filter(f -> f.toString().endsWith(".isa")).sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> linesAreWrong() throws IOException {
    return files("hostile").stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> failsAtItsLines(f)));
  }

  private static void failsAtItsLines(Path file) {
    var failed = assertInstanceOf(Isa.Result.Failed.class, load(read(file)));
    Set<Integer> lines = new HashSet<>();
    for (Diagnostic diagnostic : failed.diagnostics()) {
      if (diagnostic.span() != null) {
        lines.add(diagnostic.span().line());
      }
    }
    assertTrue(lines.size() > 15, () -> Renderer.render(failed.diagnostics()));
  }

  @TestFactory
  Stream<DynamicTest> endless() {
    Map<String, String> texts = new LinkedHashMap<>();
    int deep = 100_000;
    texts.put("parentheses", FORM + "const A = " + "(".repeat(deep) + "1" + ")".repeat(deep) + ";");
    texts.put("minuses", FORM + "const A = " + "-".repeat(deep) + "1;");
    texts.put("sums", FORM + "const A = 1" + " + 1".repeat(deep) + ";");
    texts.put("concatenations", FORM + insn("x[rd] = 0b1" + " ++ 0b1".repeat(deep) + ";"));
    texts.put("blocks", FORM + insn("if true { ".repeat(deep) + "}".repeat(deep)));
    texts.put("statements", FORM + insn("x[rd] = x[rs1] + 1; ".repeat(20_000)));
    texts.put("types", FORM + "type T = " + "uint<8>" + "[1]".repeat(deep) + ";");
    texts.put("name", FORM + "const " + "a".repeat(5_000_000) + " = 1;");
    texts.put("number", FORM + "const A = " + "9".repeat(1_000_000) + ";");
    texts.put("open string", FORM + "const A = \"" + "x".repeat(1_000_000));
    texts.put("open comment", FORM + "/*" + "x".repeat(1_000_000));
    texts.put("zeros", FORM + "\0".repeat(deep));
    texts.put("brackets", FORM + "]}".repeat(deep));
    texts.put(
        "rows",
        FORM
            + "family i in 0 .. 1000000000 { family j in 0 .. 1000000000 {"
            + " insn `q{i}{j}` : F(1) { op { x[rd] = 1; } } } }");
    texts.put(
        "doubling functions",
        FORM
            + "fn f0(a: bits<64>) : bits<64> = a + 1;\n"
            + IntStream.range(1, 64)
                .mapToObj(i ->
                    "fn f%d(a: bits<64>) : bits<64> = f%d(f%d(a));\n".formatted(i, i - 1, i - 1))
                .reduce("", String::concat)
            + insn("x[rd] = f63(x[rs1]);"));
    texts.put(
        "doubling lets",
        FORM
            + insn(
                "let a0 = x[rs1];"
                    + IntStream.range(1, 64)
                        .mapToObj(i -> " let a%d = a%d ^ a%d;".formatted(i, i - 1, i - 1))
                        .reduce("", String::concat)
                    + " x[rd] = a63;"));
    texts.put(
        "doubling tuples",
        FORM
            + insn(
                "let a0 = (x[rs1], x[rs2]);"
                    + IntStream.range(1, 64)
                        .mapToObj(i -> " let a%d = (a%d, a%d);".formatted(i, i - 1, i - 1))
                        .reduce("", String::concat)
                    + " x[rd] = 1;"));
    texts.put("self", FORM + "fn f(a: bits<64>) : bits<64> = f(a);" + insn("x[rd] = f(x[rs1]);"));
    texts.put("omega", FORM + insn("let w = fn(g) => g(g); x[rd] = w(w);"));
    return texts.entrySet().stream()
        .map(e ->
            DynamicTest.dynamicTest(e.getKey(), () -> load(new Source("e.isa", e.getValue()))));
  }

  private static String insn(String body) {
    return "insn q : F(1) { op { " + body + " } }\n";
  }

  // Random changes

  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\n]*|\"\"\".*?\"\"\"|\"(\\\\.|[^\"\\\\])*\"|`[^`]*`|\\w+|\\s+|\\+\\+|=>|->|[=!<>]="
              + "|&&|\\|\\||<<|\\.\\.|.",
          Pattern.DOTALL);

  private static List<String> tokens(String text) {
    List<String> all = new ArrayList<>();
    Matcher m = TOKEN.matcher(text);
    while (m.find()) {
      all.add(m.group());
    }
    return all;
  }

  private static final List<String> ODD =
      List.of(
          "0",
          "1",
          "(0 - 1)",
          "63",
          "64",
          "65",
          "4096",
          "1000000000",
          "0xffffffffffffffff",
          "99999999999999999999",
          "(1/2)",
          "(1 << 70)",
          "()",
          "[]",
          "bits<0>",
          "bits<1000>",
          "fn(a) => a",
          "x[rs1]",
          "mem.load<bits<64>>(0)",
          "index(x[rs1])",
          "tm.size",
          "f32",
          "true",
          "nat",
          "zext(1)",
          "split<8>(x[1])",
          "csr[0]",
          "self",
          "\"{rd}\"",
          "\"{\"");

  /// Changed texts of users and of the bundle. A seed of its own names each round.
  @RepeatedTest(8)
  void changedTexts(RepetitionInfo repetition) throws IOException {
    List<Source> users =
        Stream.concat(files("users").stream(), files("fail").stream())
            .map(HostileTextTest::read)
            .toList();
    for (int round = 0; round < ROUNDS; round++) {
      long seed = repetition.getCurrentRepetition() * 1_000_003L + round;
      Random random = new Random(seed);
      boolean own = random.nextInt(3) > 0;
      List<Source> texts = own ? users : Texts.bundled();
      Source text = texts.get(random.nextInt(texts.size()));
      Source changed = new Source(text.name(), changed(text.text(), random));
      List<Source> all = new ArrayList<>(Texts.bundled());
      if (own) {
        all.add(changed);
      } else {
        all.replaceAll(s -> s.name().equals(changed.name()) ? changed : s);
      }
      Isa.Request request = new Isa.Request(all, List.of(changed), "edge16", null, Map.of(), false);
      String at = "seed " + seed + ", " + text.name();
      try {
        assertTimeout(PATIENCE, () -> Isa.load(request), at);
      } catch (RuntimeException e) {
        throw new AssertionError(at, e);
      }
    }
  }

  private static String changed(String text, Random random) {
    List<String> tokens = tokens(text);
    int changes = 1 + random.nextInt(3);
    for (int done = 0; done < changes && !tokens.isEmpty(); ) {
      int at = random.nextInt(tokens.size());
      if (tokens.get(at).isBlank() || tokens.get(at).startsWith("//")) {
        continue;
      }
      done++;
      switch (random.nextInt(6)) {
        case 0 -> tokens.remove(at);
        case 1 -> tokens.add(at, tokens.get(at));
        case 2 -> tokens.set(at, ODD.get(random.nextInt(ODD.size())));
        default -> tokens.set(at, tokens.get(random.nextInt(tokens.size())));
      }
    }
    return String.join("", tokens);
  }
}
