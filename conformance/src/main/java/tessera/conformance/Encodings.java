package tessera.conformance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tessera.assembler.Disassembler;
import tessera.isaspec.Extension;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.encoding.Decoder;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

/// Words of every instruction with operands at the corners of their classes, as we print them:
/// other assemblers make the same words of the texts.
public final class Encodings {
  /// LLVM's assembler.
  public static final String LLVM = "llvm-mc-19";

  /// GNU's assembler.
  public static final String GNU = "riscv64-linux-gnu-as";

  private static final Duration LIMIT = Duration.ofMinutes(5);

  /// Names of parts, which GNU 2.40 does not know; what they are parts of it does.
  private static final Set<String> PARTS =
      Set.of("Sm", "Zmmul", "Zca", "Zcd", "Zaamo", "Zalrsc", "Gnu");

  private static final int RANDOM_WORDS = 12;
  private static final int LEFT_OVER = 400;
  private static final int NEAR_WORDS = 200;
  private static final int FAR_WORDS = 200_000;
  private static final Set<Long> CUSTOM = Set.of(0x0bL, 0x2bL, 0x5bL, 0x7bL);
  private static final Pattern ENCODING = Pattern.compile("encoding: \\[([^\\]]*)\\]");
  private static final Pattern ERROR = Pattern.compile("(?m)^[^:\\n]*:(\\d+):.*?[Ee]rror:? (.*)$");
  private static final Pattern LISTED =
      Pattern.compile("(?m)^ *(\\d+) [0-9a-f]{4,8} ([0-9A-F]{4,8})\\b");
  private static final Pattern BRANCH = Pattern.compile("(?<=[\\s,])\\.([+-])(\\d+)$");

  /// A word and its text.
  public record Line(Instruction instruction, long word, String text) {}

  /// A line that another tool understands in another way.
  ///
  /// @param other what it makes of the text
  public record Difference(Line line, String other) {}

  /// What a comparison gave.
  ///
  /// @param lines how many lines were compared
  /// @param skipped instructions of extensions that the tool does not know, by extension
  public record Result(int lines, Map<String, Integer> skipped, List<Difference> differences) {}

  private final Isa isa;
  private final ForeignTools tools;

  private Encodings(Isa isa, ForeignTools tools) {
    this.isa = isa;
    this.tools = tools;
  }

  /// {@return comparisons of an ISA}
  public static Encodings of(Isa isa, ForeignTools tools) {
    return new Encodings(isa, tools);
  }

  // ------------------------------------------------------------------ lines

  /// {@return words of an instruction, each operand at its corners while the others stay in the
  /// middle, then some at random}
  public static Set<Long> words(Isa isa, Instruction insn, Randomness random) {
    Set<Long> words = new LinkedHashSet<>();
    long middle = insn.encoding().match();
    Operands operands = Operands.of(isa);
    for (Operand o : insn.operands()) {
      middle = o.field().insert(middle, fieldValues(o).get(fieldValues(o).size() / 2));
    }
    for (Operand o : insn.operands()) {
      for (long value : fieldValues(o)) {
        words.add(o.field().insert(middle, value));
      }
    }
    words.add(middle);
    for (int i = 0; i < RANDOM_WORDS && !insn.operands().isEmpty(); i++) {
      words.add(operands.any(insn, random));
    }
    words.removeIf(w -> !insn.accepts(w));
    return words;
  }

  private static List<Long> fieldValues(Operand o) {
    OperandClass c = o.operandClass();
    Set<Long> values = new LinkedHashSet<>();
    long top = c.width() >= 63 ? -1 : (1L << c.width()) - 1;
    if (c.width() <= 3) {
      for (long v = 0; v <= top; v++) {
        values.add(v);
      }
    } else {
      long half = 1L << c.width() - 1;
      for (long v : new long[] {0, 1, 2, 5, half - 1, half, half + 1, top - 1, top}) {
        values.add(v - Math.floorMod(v, c.step()));
      }
    }
    return List.copyOf(values);
  }

  /// {@return the lines of all instructions of these extensions}
  public static List<Line> lines(Isa isa, Set<String> extensions) {
    Disassembler disassembler = Disassembler.withoutAliases(isa);
    List<Line> lines = new ArrayList<>();
    for (Instruction insn : isa.instructions()) {
      if (extensions.contains(insn.extension())) {
        for (long word : words(isa, insn, Randomness.of(insn.name().hashCode()))) {
          String text = disassembler.source(new Decoded(insn, word)).replace('\t', ' ').strip();
          if (!text.startsWith(".insn") && isSayable(insn, word)) {
            lines.add(new Line(insn, word, text));
          }
        }
      }
    }
    return lines;
  }

  /// Whether every operand has a text: some values only raw words reach.
  private static boolean isSayable(Instruction insn, long word) {
    for (Operand operand : insn.operands()) {
      OperandClass c = operand.operandClass();
      if (c.readings().size() == 1
          && c.readings().getFirst() instanceof OperandClass.Reading.Texts(var texts)
          && texts.stream().noneMatch(t -> t.value() == operand.decode(word))) {
        return false;
      }
    }
    return true;
  }

  /// A program of lines, with the place of each: compression is off but for what is short itself.
  private record Program(String text, Map<Integer, Integer> lineOfRow) {
    static Program of(List<Line> lines, Set<Integer> without, UnaryOperator<String> written) {
      StringBuilder text = new StringBuilder();
      Map<Integer, Integer> rows = new TreeMap<>();
      int row = 0;
      boolean compressed = true;
      for (int i = 0; i < lines.size(); i++) {
        boolean isShort = lines.get(i).instruction().encoding().length() == 16;
        if (isShort != compressed) {
          // Turned on again, rvc would be without what goes with it: so it is pushed and popped.
          text.append(isShort ? ".option pop\n\n" : ".option push\n.option norvc\n");
          compressed = isShort;
          row += 2;
        }
        row++;
        rows.put(row, i);
        text.append(without.contains(i) ? "" : written.apply(lines.get(i).text())).append('\n');
      }
      return new Program(text.toString(), rows);
    }

    Map<Integer, String> errors(String said) {
      Map<Integer, String> errors = new TreeMap<>();
      Matcher error = ERROR.matcher(said);
      while (error.find()) {
        Integer line = lineOfRow.get(Integer.parseInt(error.group(1)));
        if (line != null) {
          errors.putIfAbsent(line, error.group(2));
        }
      }
      return errors;
    }

    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  private Map<String, Integer> skipped(Set<String> known) {
    Map<String, Integer> skipped = new TreeMap<>();
    for (Instruction insn : isa.instructions()) {
      if (!known.contains(insn.extension())) {
        skipped.merge(insn.extension(), 1, Integer::sum);
      }
    }
    return skipped;
  }

  private static Result compare(
      List<Line> lines,
      Map<Integer, String> errors,
      Map<Integer, Long> words,
      Encodings of,
      Set<String> known,
      Waivers waivers) {
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      Long word = words.get(i);
      String error = errors.getOrDefault(i, "nothing");
      if (word == null) {
        // Never legal, whatever vtype is; its encoding is compared by decoding.
        if (!waivers.isRefusedRightly(line.instruction().name(), error)) {
          differences.add(new Difference(line, error));
        }
      } else if (word != line.word()) {
        differences.add(new Difference(line, String.format(Locale.ROOT, "%08x", word)));
      }
    }
    return new Result(lines.size(), of.skipped(known), differences);
  }

  // ------------------------------------------------------------------ LLVM

  private List<String> llvmFeatures() {
    ForeignTools.Ran help =
        tools.run(List.of(LLVM, "-triple=riscv64", "-mattr=help", "/dev/null"), new byte[0], LIMIT);
    String known = help.text() + help.err();
    List<String> features = new ArrayList<>();
    for (Extension e : isa.extensions()) {
      String name = e.name().toLowerCase(Locale.ROOT);
      if (Pattern.compile("(?m)^ *" + name + " +- ").matcher(known).find()) {
        features.add(name);
      } else if (Pattern.compile("(?m)^ *experimental-" + name + " +- ").matcher(known).find()) {
        features.add("experimental-" + name);
      }
    }
    return features;
  }

  private Set<String> known(List<String> features) {
    Set<String> known = new TreeSet<>(List.of("I", "Zifencei", "Sm", "Zicntr", "Zihpm", "Zmmul"));
    for (Extension e : isa.extensions()) {
      String name = e.name().toLowerCase(Locale.ROOT);
      if (features.contains(name) || features.contains("experimental-" + name)) {
        known.add(e.name());
      }
    }
    return known;
  }

  private static String mattr(List<String> features) {
    StringBuilder all = new StringBuilder("-mattr=+m");
    features.forEach(f -> all.append(",+").append(f));
    return all.toString();
  }

  /// {@return what LLVM's assembler makes of every line}
  public Result llvm() {
    List<String> features = llvmFeatures();
    Set<String> known = known(features);
    List<Line> lines = lines(isa, known);
    // Distances as numbers: a target that is an expression would leave a fixup.
    Program program =
        Program.of(
            lines,
            Set.of(),
            t ->
                BRANCH
                    .matcher(t)
                    .replaceAll(m -> (m.group(1).equals("-") ? "-" : "") + m.group(2)));
    ForeignTools.Ran ran =
        tools.run(
            List.of(LLVM, "-triple=riscv64", mattr(features), "-show-encoding", "-M", "no-aliases"),
            program.bytes(),
            LIMIT);
    Map<Integer, String> errors = program.errors(ran.err());
    Map<Integer, Long> words = new TreeMap<>();
    Matcher found = ENCODING.matcher(ran.text());
    for (int i = 0; i < lines.size(); i++) {
      if (!errors.containsKey(i) && found.find()) {
        Long word = bytes(found.group(1));
        if (word == null) {
          errors.put(i, found.group(1));
        } else {
          words.put(i, word);
        }
      }
    }
    return compare(lines, errors, words, this, known, Waivers.llvm());
  }

  private static @Nullable Long bytes(String list) {
    long word = 0;
    String[] bytes = list.split(",", -1);
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (!bytes[i].strip().matches("0x[0-9a-f]{2}")) {
        return null;
      }
      word = word << 8 | Integer.decode(bytes[i].strip());
    }
    return word;
  }

  /// A word that one side decodes and the other does not.
  ///
  /// @param ours its text here, or null
  /// @param theirs its text there, or null
  public record Undecided(long word, @Nullable String ours, @Nullable String theirs) {
    /// {@return the mnemonic that the one side prints}
    public String name() {
      String text = ours == null ? theirs : ours;
      return text == null ? "" : text.split(" ", 2)[0];
    }
  }

  /// {@return all 16-bit words where the ISA has some, and 32-bit words at random: near to what is
  /// an instruction, and anywhere}
  public static List<Long> sample(Isa isa, long seed) {
    List<Long> words = new ArrayList<>();
    if (isa.instructions().stream().anyMatch(i -> i.encoding().length() == 16)) {
      for (long word = 0; word < 1 << 16; word++) {
        if ((word & 3) != 3) {
          words.add(word);
        }
      }
    }
    Randomness random = Randomness.of(seed);
    for (Instruction insn : isa.instructions()) {
      for (int i = 0; insn.encoding().length() == 32 && i < NEAR_WORDS; i++) {
        long word = insn.encoding().match() | random.bits() & ~insn.encoding().mask();
        words.add((word ^ (i % 2 == 0 ? 0 : 1L << 2 + random.below(30))) & 0xffffffffL | 3);
      }
    }
    for (int i = 0; i < FAR_WORDS; i++) {
      words.add(random.bits() & 0xffffffffL | 3);
    }
    // A vendor's own space means something else to everybody.
    words.removeIf(w -> (w & 3) == 3 && CUSTOM.contains(w & 0x7f));
    return words;
  }

  /// {@return the words among these that only one of LLVM and we know}
  public List<Undecided> llvmKnows(List<Long> words) {
    List<String> features = llvmFeatures();
    StringBuilder text = new StringBuilder();
    for (long word : words) {
      int n = Decoder.length(word);
      text.append('['); // a block of its own, or a wrong length would shift what follows
      for (int i = 0; i < n; i++) {
        text.append(String.format(Locale.ROOT, "0x%02x ", word >> 8 * i & 255));
      }
      text.append("]\n");
    }
    ForeignTools.Ran ran =
        tools.run(
            List.of(LLVM, "-triple=riscv64", mattr(features), "-disassemble", "-show-encoding"),
            text.toString().getBytes(StandardCharsets.UTF_8),
            LIMIT);
    List<String> texts = ran.text().lines().filter(l -> l.contains("encoding: [")).toList();
    List<Long> shown = texts.stream().map(Encodings::shown).toList();
    Disassembler disassembler = Disassembler.withoutAliases(isa);
    List<Undecided> undecided = new ArrayList<>();
    int next = 0;
    for (long word : words) {
      String theirs = null;
      // What is left of words that are none may be printed as shorter ones.
      for (int i = next; theirs == null && i < Math.min(next + LEFT_OVER, texts.size()); i++) {
        if (shown.get(i) == word) {
          theirs = texts.get(i).replaceAll("#.*", "").strip().replace('\t', ' ');
          next = i + 1;
        }
      }
      Decoded decoded = isa.decoder().decode(word);
      if ((decoded == null) != (theirs == null)) {
        String ours = decoded == null ? null : disassembler.source(decoded).replace('\t', ' ');
        undecided.add(new Undecided(word, ours, theirs));
      }
    }
    return undecided;
  }

  private static long shown(String text) {
    Matcher m = ENCODING.matcher(text);
    Long word = m.find() ? bytes(m.group(1)) : null;
    return word == null ? -1 : word;
  }

  // ------------------------------------------------------------------ GNU

  private boolean assembles(String march) {
    return tools
            .run(List.of(GNU, "-march=" + march, "-o", "/dev/null", "-"), new byte[0], LIMIT)
            .status()
        == 0;
  }

  private static String march(Set<String> extensions) {
    StringBuilder letters = new StringBuilder("rv64i");
    StringBuilder named = new StringBuilder();
    for (String letter : List.of("M", "A", "F", "D", "C", "V")) {
      letters.append(extensions.contains(letter) ? letter : "");
    }
    for (String e : extensions) {
      if (e.length() > 1 && !PARTS.contains(e)) {
        named.append('_').append(e);
      }
    }
    return (letters.toString() + named).toLowerCase(Locale.ROOT);
  }

  /// {@return what GNU's assembler makes of every line}
  public Result gnu() {
    Set<String> known = new TreeSet<>(List.of("I", "Sm", "Zmmul", "Zca", "Zcd", "Zaamo", "Zalrsc"));
    for (Extension e : isa.extensions()) {
      Set<String> more = new TreeSet<>(known);
      more.add(e.name());
      if (assembles(march(more))) {
        known = more;
      }
    }
    String march = march(known);
    List<Line> lines = lines(isa, known);
    Program program = Program.of(lines, Set.of(), UnaryOperator.identity());
    Map<Integer, String> errors = program.errors(assemble(program, march).err());
    Program good = Program.of(lines, errors.keySet(), UnaryOperator.identity());
    Map<Integer, Long> words = new TreeMap<>();
    Matcher listed = LISTED.matcher(assemble(good, march).text());
    while (listed.find()) {
      Integer line = good.lineOfRow().get(Integer.parseInt(listed.group(1)));
      if (line != null) {
        long shown = Long.parseLong(listed.group(2), 16);
        words.put(
            line,
            listed.group(2).length() == 4
                ? Short.reverseBytes((short) shown) & 0xffffL
                : Integer.reverseBytes((int) shown) & 0xffffffffL);
      }
    }
    return compare(lines, errors, words, this, known, Waivers.gnu());
  }

  private ForeignTools.Ran assemble(Program program, String march) {
    return tools.run(
        List.of(GNU, "-march=" + march, "-aln", "-o", "/dev/null", "-"), program.bytes(), LIMIT);
  }
}
