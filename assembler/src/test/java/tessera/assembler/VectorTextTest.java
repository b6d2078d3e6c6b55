package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.syntax.Operand;

/// How vector instructions are written: LLVM's assembler reads what we print as the word that we
/// printed, and so does our own.
class VectorTextTest {
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("edge16").isa("rv64imfdv_zicsr_zvfh_zvfbfwma_zvbb")).orThrow();
  private static final String FEATURES =
      "+v,+zvfh,+experimental-zvfbfmin,+zvfbfmin,+zvfbfwma,+zvbb";

  @TempDir Path folder;

  private static int take(List<Integer> from, int index) {
    int taken = from.get(index);
    from.subList(index, index + 1).clear();
    return taken;
  }

  /// Words by the text that says them.
  private static Map<String, Long> words(Disassembler printer, int each, boolean apart) {
    Map<String, Long> words = new LinkedHashMap<>();
    Random random = new Random(5);
    for (Instruction insn : ISA.instructions()) {
      for (int i = 0; i < each && insn.extension().matches("V|Zv.*"); i++) {
        long word = insn.encoding().match();
        List<Integer> groups = new ArrayList<>(List.of(8, 16, 24));
        for (Operand o : insn.operands()) {
          RegisterFile file = o.operandClass().file();
          boolean vector = file != null && file.name().equals("v");
          int code =
              vector && apart
                  ? take(groups, random.nextInt(groups.size()))
                  : random.nextInt(1 << o.field().width());
          word = o.field().insert(word, i == 0 && !vector ? 0 : i == 1 && !vector ? -1 : code);
        }
        if (insn.accepts(word)) {
          words.put(printer.text(word, 0, null), word);
        }
      }
    }
    return words;
  }

  @Test
  @Tag("oracle")
  void llvmReadsWhatWePrint() throws IOException, InterruptedException {
    require();
    agrees(words(Disassembler.withoutAliases(ISA), 6, true), 0);
    agrees(words(Disassembler.of(ISA), 4, true), 0);
    agrees(words(Disassembler.withoutAliases(ISA), 6, false), 40);
  }

  /// @param refused in percent, how many texts LLVM may refuse: it knows which registers overlap
  private void agrees(Map<String, Long> words, int refused)
      throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    List<String> lines = List.copyOf(words.keySet());
    for (int i = 0; i < lines.size(); i++) {
      text.append("L").append(i).append(":\n  ").append(lines.get(i)).append('\n');
    }
    Map<Integer, Long> theirs = llvm(text.toString());
    List<String> wrong = new ArrayList<>();
    int missing = 0;
    for (int i = 0; i < lines.size(); i++) {
      Long word = theirs.get(i);
      if (word == null) {
        missing++;
        if (refused == 0) {
          wrong.add("LLVM refuses " + lines.get(i));
        }
      } else if (!word.equals(words.get(lines.get(i)))) {
        wrong.add(
            lines.get(i)
                + " is "
                + Long.toHexString(Objects.requireNonNull(words.get(lines.get(i))))
                + ", for LLVM "
                + Long.toHexString(word));
      }
    }
    assertEquals(List.of(), wrong.subList(0, Math.min(20, wrong.size())));
    assertTrue(missing * 100 <= refused * lines.size(), missing + " texts are refused");
  }

  private Map<Integer, Long> llvm(String text) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("a.s"), text);
    Process p =
        new ProcessBuilder(
                "llvm-mc-19", "-triple=riscv64", "-mattr=" + FEATURES, "-show-encoding", "a.s")
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    if (!p.waitFor(120, TimeUnit.SECONDS)) {
      p.destroyForcibly();
      fail("llvm-mc-19 hangs");
    }
    Map<Integer, Long> words = new LinkedHashMap<>();
    Pattern label = Pattern.compile("L(\\d+):");
    Pattern encoding = Pattern.compile("encoding: \\[(0x..),(0x..),(0x..),(0x..)\\]");
    int at = -1;
    for (String line : Files.readAllLines(folder.resolve("out"))) {
      Matcher l = label.matcher(line);
      Matcher e = encoding.matcher(line);
      if (l.lookingAt()) {
        at = Integer.parseInt(l.group(1));
      }
      if (e.find()) {
        long word = 0;
        for (int k = 4; k >= 1; k--) {
          word = word << 8 | Integer.decode(e.group(k));
        }
        words.put(at, word);
      }
    }
    return words;
  }

  private static void require() {
    boolean installed =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "llvm-mc-19")));
    if (!installed && "required".equals(System.getProperty("oracles"))) {
      fail("install the Debian package llvm-19");
    }
    assumeTrue(installed, "needs the Debian package llvm-19");
  }

  @Test
  void weReadWhatWePrint() {
    Map<String, Long> words = words(Disassembler.withoutAliases(ISA), 4, false);
    words.putAll(words(Disassembler.of(ISA), 4, false));
    List<String> lines = List.copyOf(words.keySet());
    String text = String.join("\n", lines) + "\n";
    var result = Assembler.of(ISA).object(List.of(new Source("a.s", text)));
    assertEquals("", Renderer.render(result.diagnostics()));
    long[] read = Bundled.words(result.orElseThrow());
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(words.get(lines.get(i)), Long.valueOf(read[i]), lines.get(i));
    }
  }
}
