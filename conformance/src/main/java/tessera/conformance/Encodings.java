package tessera.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tessera.assembler.Disassembler;
import tessera.isaspec.Extension;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

/// Words of every instruction with operands at the corners of their classes, as we print them: other
/// assemblers make the same words of the texts.
public final class Encodings {
  /// LLVM's assembler.
  public static final String LLVM = "llvm-mc-19";

  /// GNU's assembler.
  public static final String GNU = "riscv64-linux-gnu-as";

  private static final Duration LIMIT = Duration.ofSeconds(300);
  private static final int RANDOM_WORDS = 12;
  private static final int NEAR_WORDS = 200;
  private static final int FAR_WORDS = 200_000;
  private static final Set<Long> CUSTOM = Set.of(0x0bL, 0x2bL, 0x5bL, 0x7bL);
  private static final Pattern ENCODING = Pattern.compile("encoding: \\[([^\\]]*)\\]");
  private static final Pattern ERROR = Pattern.compile("(?m)^[^:\\n]*:(\\d+):.*?[Ee]rror:? (.*)$");
  private static final Pattern LISTED = Pattern.compile("(?m)^ *(\\d+) [0-9a-f]{4} ([0-9A-F]{4,8})\\b");
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
  public List<Line> lines(Set<String> extensions) {
    Disassembler disassembler = Disassembler.withoutAliases(isa);
    List<Line> lines = new ArrayList<>();
    for (Instruction insn : isa.instructions()) {
      if (extensions.contains(insn.extension())) {
        for (long word : words(isa, insn, Randomness.of(insn.name().hashCode()))) {
          String text = disassembler.source(new Decoded(insn, word)).replace('\t', ' ').strip();
          if (!text.startsWith(".insn")) {
            lines.add(new Line(insn, word, text));
          }
        }
      }
    }
    return lines;
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
      List<Line> lines, Map<Integer, String> errors, Map<Integer, Long> words, Encodings of,
      Set<String> known) {
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      Long word = words.get(i);
      if (word == null) {
        differences.add(new Difference(line, errors.getOrDefault(i, "nothing")));
      } else if (word != line.word()) {
        differences.add(new Difference(line, String.format(Locale.ROOT, "%08x", word)));
      }
    }
    return new Result(lines.size(), of.skipped(known), differences);
  }

  // ------------------------------------------------------------------ LLVM

  private List<String> llvmFeatures() {
    ForeignTools.Ran help =
        tools.run(
            List.of(LLVM, "-triple=riscv64", "-mattr=help", "/dev/null"), new byte[0], LIMIT);
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
    List<Line> lines = lines(known);
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      // Distances as numbers: a target that is an expression would leave a fixup.
      Matcher branch = BRANCH.matcher(line.text());
      text.append(
          branch.replaceAll(m -> (m.group(1).equals("-") ? "-" : "") + m.group(2)));
      text.append('\n');
    }
    ForeignTools.Ran ran =
        tools.run(
            List.of(
                LLVM, "-triple=riscv64", mattr(features), "-show-encoding", "-M", "no-aliases"),
            (".option norvc\n" + text).getBytes(StandardCharsets.UTF_8),
            LIMIT);
    Map<Integer, String> errors = errors(ran.err(), 2);
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
    return compare(lines, errors, words, this, known);
  }

  private static Map<Integer, String> errors(String text, int firstLine) {
    Map<Integer, String> errors = new TreeMap<>();
    Matcher error = ERROR.matcher(text);
    while (error.find()) {
      errors.putIfAbsent(Integer.parseInt(error.group(1)) - firstLine, error.group(2));
    }
    return errors;
  }

  private static @Nullable Long bytes(String list) {
    long word = 0;
    String[] bytes = list.split(",");
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

  /// {@return all 16-bit words where the ISA has some, and 32-bit words at random: near to what is an
  /// instruction, and anywhere}
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
      int n = tessera.isaspec.encoding.Decoder.length(word);
      for (int i = 0; i < n; i++) {
        text.append(String.format(Locale.ROOT, "0x%02x ", word >> 8 * i & 255));
      }
      text.append('\n');
    }
    ForeignTools.Ran ran =
        tools.run(
            List.of(
                LLVM, "-triple=riscv64", mattr(features), "-disassemble", "-M", "no-aliases"),
            text.toString().getBytes(StandardCharsets.UTF_8),
            LIMIT);
    Set<Integer> invalid = new TreeSet<>();
    Matcher warning =
        Pattern.compile("(?m)^[^:\\n]*:(\\d+):\\d+: warning: ").matcher(ran.err());
    while (warning.find()) {
      invalid.add(Integer.parseInt(warning.group(1)) - 1);
    }
    List<String> texts =
        ran.text().lines().filter(l -> !l.isBlank() && !l.strip().equals(".text")).toList();
    Disassembler disassembler = Disassembler.withoutAliases(isa);
    List<Undecided> undecided = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < words.size(); i++) {
      long word = words.get(i);
      Decoded decoded = isa.decoder().decode(word);
      String theirs =
          invalid.contains(i) || next >= texts.size()
              ? null
              : texts.get(next++).strip().replace('\t', ' ');
      if ((decoded == null) != (theirs == null)) {
        String ours = decoded == null ? null : disassembler.source(decoded).replace('\t', ' ');
        undecided.add(new Undecided(word, ours, theirs));
      }
    }
    return undecided;
  }

  // ------------------------------------------------------------------ GNU

  private Set<String> gnuExtensions() {
    Set<String> known = new TreeSet<>();
    for (Extension e : isa.extensions()) {
      String name = e.name().toLowerCase(Locale.ROOT);
      String march = name.length() == 1 && !name.equals("i") ? "rv64i" + name : "rv64i_" + name;
      if (name.equals("i") || assembles(name.equals("i") ? "rv64i" : march)) {
        known.add(e.name());
      }
    }
    known.addAll(List.of("Sm", "Zmmul", "Zifencei", "Zicntr", "Zihpm"));
    return known;
  }

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
      if (e.length() > 1 && !e.equals("Sm")) {
        named.append('_').append(e);
      }
    }
    return (letters.toString() + named).toLowerCase(Locale.ROOT);
  }

  /// {@return what GNU's assembler makes of every line}
  public Result gnu() {
    Set<String> known = gnuExtensions();
    String march = march(known);
    while (!assembles(march)) {
      // Some names are known only as parts of others.
      String last = march.substring(march.lastIndexOf('_') + 1);
      known.removeIf(e -> e.equalsIgnoreCase(last));
      march = march.substring(0, march.lastIndexOf('_'));
    }
    List<Line> lines = lines(known);
    Map<Integer, String> errors = errors(assemble(lines, Map.of(), march).err(), 2);
    ForeignTools.Ran ran = assemble(lines, errors, march);
    Map<Integer, Long> words = new TreeMap<>();
    Matcher listed = LISTED.matcher(ran.text());
    while (listed.find()) {
      int line = Integer.parseInt(listed.group(1)) - 2;
      if (line >= 0 && line < lines.size()) {
        long shown = Long.parseLong(listed.group(2), 16);
        words.put(
            line,
            listed.group(2).length() == 4
                ? Short.reverseBytes((short) shown) & 0xffffL
                : Integer.reverseBytes((int) shown) & 0xffffffffL);
      }
    }
    return compare(lines, errors, words, this, known);
  }

  private ForeignTools.Ran assemble(List<Line> lines, Map<Integer, String> without, String march) {
    StringBuilder text = new StringBuilder(".option norvc\n");
    for (int i = 0; i < lines.size(); i++) {
      text.append(without.containsKey(i) ? "" : lines.get(i).text()).append('\n');
    }
    return tools.run(
        List.of(GNU, "-march=" + march, "-aln", "-o", "/dev/null", "-"),
        text.toString().getBytes(StandardCharsets.UTF_8),
        LIMIT);
  }
}
