package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Instruction;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// Instructions may share a mnemonic where no text says both: their operand classes, narrowed by
/// the conditions on fields, tell them apart. Proved by matching their templates against each
/// other.
final class SameTexts {
  private static final int MOST_STEPS = 20_000;
  private static final int MOST_READINGS = 64;

  private final Findings findings;
  private final Map<String, Integer> csrs;

  private SameTexts(Findings findings, Map<String, Integer> csrs) {
    this.findings = findings;
    this.csrs = csrs;
  }

  /// A full mnemonic's instruction, with the fields that the mnemonic fixes.
  private record Spelled(Instruction insn, Map<String, Long> fields) {}

  /// Checks the instructions that share a mnemonic with a `wanted` one.
  ///
  /// @param csrs names of CSRs with their numbers
  static void check(
      List<Instruction> instructions,
      Predicate<Instruction> wanted,
      Map<String, Integer> csrs,
      Findings findings) {
    Map<String, List<Spelled>> byMnemonic = new LinkedHashMap<>();
    for (Instruction insn : instructions) {
      for (Instruction.Spelling s : insn.spellings()) {
        byMnemonic
            .computeIfAbsent(s.mnemonic(), _ -> new ArrayList<>())
            .add(new Spelled(insn, s.fields()));
      }
    }
    SameTexts check = new SameTexts(findings, csrs);
    byMnemonic.forEach((mnemonic, all) -> {
      for (int i = 0; i < all.size(); i++) {
        for (int j = i + 1; j < all.size(); j++) {
          Spelled a = all.get(i);
          Spelled b = all.get(j);
          if (wanted.test(a.insn()) || wanted.test(b.insn())) {
            check.pair(mnemonic, a, b);
          }
        }
      }
    });
  }

  private void pair(String mnemonic, Spelled a, Spelled b) {
    for (List<Atom> left : readings(a)) {
      for (List<Atom> right : readings(b)) {
        String text = new Matching(a, left, b, right).witness();
        if (text != null) {
          report((mnemonic + " " + text).strip(), a.insn(), b.insn());
          return;
        }
      }
    }
  }

  private void report(String text, Instruction a, Instruction b) {
    Instruction later = OverlappingEncodings.later(a, b);
    Instruction earlier = later == a ? b : a;
    String message =
        a == b
            ? "`" + text + "` says two words of '" + a.name() + "'"
            : "`" + text + "` says both '" + later.name() + "' and '" + earlier.name() + "'";
    Diagnostic d = Diagnostic.error("asm-ambiguous", later.span(), message);
    findings.add(
        (a == b ? d : d.note(earlier.span(), "'" + earlier.name() + "' is defined here"))
            .help("give one another mnemonic, or operand classes whose texts differ"));
  }

  // Templates as sequences

  /// A piece of a text.
  private sealed interface Atom {
    /// Text as it stands.
    record Fixed(String text) implements Atom {}

    /// One of finitely many texts; a value's field code.
    ///
    /// @param operand null: no field takes it
    record OneOf(@Nullable Operand operand, Map<String, Long> codes) implements Atom {}

    /// A number.
    record Number(@Nullable Operand operand, Range range) implements Atom {}
  }

  private record Range(long least, long most, long step, @Nullable BitSet codes, OperandClass of) {
    boolean has(long value) {
      long code = of.toField(value);
      return value >= least
          && value <= most
          && Math.floorMod(value, step) == 0
          && code >= 0
          && (codes == null || codes.get((int) code));
    }

    /// {@return a value that both have, or null}
    @Nullable Long common(Range other) {
      long from = Math.max(least, other.least);
      long to = Math.min(most, other.most);
      for (long v : new long[] {0, from, to}) {
        if (has(v) && other.has(v)) {
          return v;
        }
      }
      for (long v = from, tried = 0; v <= to && tried < 1 << 13; v++, tried++) {
        if (has(v) && other.has(v)) {
          return v;
        }
      }
      return null;
    }
  }

  private List<List<Atom>> readings(Spelled spelled) {
    List<List<Atom>> all = new ArrayList<>();
    for (Template template : spelled.insn().templates()) {
      List<List<Atom>> texts = List.of(List.of());
      for (Template.Piece piece : template.pieces()) {
        texts =
            switch (piece) {
              case Template.Piece.Text(var text) ->
                  longer(texts, List.of(List.of(new Atom.Fixed(text.replace(" ", "")))));
              case Template.Piece.Hole(var name) -> {
                Operand operand = spelled.insn().operand(name);
                BitSet codes =
                    spelled.insn().condition() instanceof WordCondition w ? w.allowed(name) : null;
                yield longer(texts, readings(operand, operand.operandClass(), codes));
              }
            };
      }
      all.addAll(texts);
    }
    return all;
  }

  private static List<List<Atom>> longer(List<List<Atom>> texts, List<List<Atom>> more) {
    List<List<Atom>> all = new ArrayList<>();
    for (List<Atom> text : texts) {
      for (List<Atom> next : more) {
        if (all.size() < MOST_READINGS) {
          List<Atom> joined = new ArrayList<>(text);
          joined.addAll(next);
          all.add(joined);
        }
      }
    }
    return all;
  }

  /// {@return the ways in which an operand is written}
  ///
  /// @param operand null: a part of one
  private List<List<Atom>> readings(
      @Nullable Operand operand, OperandClass c, @Nullable BitSet codes) {
    List<List<Atom>> all = new ArrayList<>();
    for (OperandClass.Reading reading : c.readings()) {
      switch (reading) {
        case OperandClass.Reading.Texts(var texts) -> {
          Map<String, Long> byText = new LinkedHashMap<>();
          texts.forEach(t -> byText.put(t.text().replace(" ", ""), t.value()));
          all.add(List.of(oneOf(operand, byText, codes)));
        }
        case OperandClass.Reading.Register(var file, var numbers) -> {
          Map<String, Long> byText = new LinkedHashMap<>();
          for (int code = 0; code < numbers.size(); code++) {
            int number = numbers.get(code);
            if (number >= 0) {
              byText.put(file.registerName(number), (long) code);
              byText.put(file.count() == 1 ? file.name() : file.name() + number, (long) code);
            }
          }
          all.add(List.of(oneOf(operand, byText, codes)));
        }
        case OperandClass.Reading.Flags(var letters, var none) ->
            all.add(List.of(oneOf(operand, flags(letters, none), codes)));
        case OperandClass.Reading.CsrName _ -> {
          Map<String, Long> byText = new LinkedHashMap<>();
          csrs.forEach((name, number) -> byText.put(name, (long) number));
          all.add(List.of(oneOf(operand, byText, codes)));
        }
        case OperandClass.Reading.Immediate _, OperandClass.Reading.PcRelative _ ->
            all.add(
                List.of(
                    new Atom.Number(
                        operand, new Range(c.least(), c.greatest(), c.step(), codes, c))));
        case OperandClass.Reading.Parts(var parts, var asm) -> all.addAll(parts(parts, asm));
      }
    }
    return all;
  }

  private static Atom oneOf(
      @Nullable Operand operand, Map<String, Long> byText, @Nullable BitSet codes) {
    Map<String, Long> kept = new LinkedHashMap<>(byText);
    if (codes != null) {
      kept.values().removeIf(code -> !codes.get(code.intValue()));
    }
    return new Atom.OneOf(operand, kept);
  }

  private static Map<String, Long> flags(String letters, @Nullable String none) {
    Map<String, Long> byText = new LinkedHashMap<>();
    for (long set = 0; set < 1L << Math.min(letters.length(), 10); set++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < letters.length(); i++) {
        if ((set >> (letters.length() - 1 - i) & 1) != 0) {
          text.append(letters.charAt(i));
        }
      }
      byText.put(set == 0 && none != null ? none : text.toString(), set);
    }
    return byText;
  }

  private List<List<Atom>> parts(List<OperandClass.Part> parts, Template asm) {
    List<List<Atom>> texts = List.of(List.of());
    for (Template.Piece piece : asm.pieces()) {
      switch (piece) {
        case Template.Piece.Text(var text) ->
            texts = longer(texts, List.of(List.of(new Atom.Fixed(text.replace(" ", "")))));
        case Template.Piece.Hole(var name) -> {
          for (OperandClass.Part part : parts) {
            if (part.name().equals(name)) {
              texts = longer(texts, readings(null, part.operandClass(), null));
            }
          }
        }
      }
    }
    return texts;
  }

  // Matching

  /// Looks for a text that two sequences say.
  private static final class Matching {
    private final Spelled a;
    private final Spelled b;
    private final List<Atom> left;
    private final List<Atom> right;
    private final boolean remembers;
    private final Set<String> seen = new HashSet<>();
    private final Map<Operand, Long> ofLeft = new HashMap<>();
    private final Map<Operand, Long> ofRight = new HashMap<>();
    private int steps;

    Matching(Spelled a, List<Atom> left, Spelled b, List<Atom> right) {
      this.a = a;
      this.b = b;
      this.left = left;
      this.right = right;
      this.remembers = alone(a.insn()) && alone(b.insn());
    }

    /// {@return whether no condition reads several fields, so that one value is as good as another}
    private static boolean alone(Instruction insn) {
      return !(insn.condition() instanceof WordCondition w) || w.related().isEmpty();
    }

    @Nullable String witness() {
      return match(0, 0, "", false, "");
    }

    /// @param rest text that one side has said and the other has not
    /// @param ofRest whether it is the left side that said it
    /// @param said the text so far
    private @Nullable String match(int i, int j, String rest, boolean ofRest, String said) {
      boolean again = !seen.add(i + " " + j + " " + ofRest + " " + rest);
      if (++steps > MOST_STEPS || again && remembers) {
        return null;
      }
      if (rest.isEmpty()) {
        if (i == left.size() && j == right.size()) {
          return accepted() ? said : null;
        }
        return i < left.size() ? opens(i, j, said) : closes(i, j, said);
      }
      return ofRest
          ? answer(right, ofRight, i, j, rest, true, said)
          : answer(left, ofLeft, i, j, rest, false, said);
    }

    /// The left side says its next piece.
    private @Nullable String opens(int i, int j, String said) {
      return switch (left.get(i)) {
        case Atom.Fixed(var text) -> match(i + 1, j, text, true, said + text);
        case Atom.OneOf(var operand, var codes) -> {
          for (Map.Entry<String, Long> e : codes.entrySet()) {
            put(ofLeft, operand, e.getValue());
            String found = match(i + 1, j, e.getKey(), true, said + e.getKey());
            if (found != null) {
              yield found;
            }
          }
          yield null;
        }
        case Atom.Number(var operand, var range) -> number(operand, range, i, j, said);
      };
    }

    /// The left side is at its end; the right side may still say nothing.
    private @Nullable String closes(int i, int j, String said) {
      return switch (right.get(j)) {
        case Atom.Fixed(var text) -> text.isEmpty() ? match(i, j + 1, "", false, said) : null;
        case Atom.OneOf(var operand, var codes) -> {
          Long code = codes.get("");
          if (code == null) {
            yield null;
          }
          put(ofRight, operand, code);
          yield match(i, j + 1, "", false, said);
        }
        case Atom.Number _ -> null;
      };
    }

    private @Nullable String number(
        @Nullable Operand operand, Range range, int i, int j, String said) {
      if (j == right.size()) {
        return null;
      }
      return switch (right.get(j)) {
        case Atom.Number(var other, var theirs) -> {
          Long value = range.common(theirs);
          if (value == null) {
            yield null;
          }
          put(ofLeft, operand, range.of().toField(value));
          put(ofRight, other, theirs.of().toField(value));
          yield match(i + 1, j + 1, "", false, said + value);
        }
        case Atom.Fixed(var text) -> match(i, j + 1, text, false, said + text);
        case Atom.OneOf(var other, var codes) -> {
          for (Map.Entry<String, Long> e : codes.entrySet()) {
            put(ofRight, other, e.getValue());
            String found = match(i, j + 1, e.getKey(), false, said + e.getKey());
            if (found != null) {
              yield found;
            }
          }
          yield null;
        }
      };
    }

    /// The other side must go on as `rest` says.
    private @Nullable String answer(
        List<Atom> atoms,
        Map<Operand, Long> values,
        int i,
        int j,
        String rest,
        boolean ofRest,
        String said) {
      int at = ofRest ? j : i;
      if (at == atoms.size()) {
        return null;
      }
      return switch (atoms.get(at)) {
        case Atom.Fixed(var text) -> go(text, i, j, rest, ofRest, said);
        case Atom.OneOf(var operand, var codes) -> {
          for (Map.Entry<String, Long> e : codes.entrySet()) {
            put(values, operand, e.getValue());
            String found = go(e.getKey(), i, j, rest, ofRest, said);
            if (found != null) {
              yield found;
            }
          }
          yield null;
        }
        case Atom.Number(var operand, var range) -> {
          int digits = 0;
          while (digits < rest.length() && Character.isDigit(rest.charAt(digits))) {
            digits++;
          }
          if (digits == 0 || digits > 18 || !range.has(Long.parseLong(rest.substring(0, digits)))) {
            yield null;
          }
          put(values, operand, range.of().toField(Long.parseLong(rest.substring(0, digits))));
          yield go(rest.substring(0, digits), i, j, rest, ofRest, said);
        }
      };
    }

    private @Nullable String go(
        String text, int i, int j, String rest, boolean ofRest, String said) {
      int nextI = ofRest ? i : i + 1;
      int nextJ = ofRest ? j + 1 : j;
      if (rest.startsWith(text)) {
        return match(nextI, nextJ, rest.substring(text.length()), ofRest, said);
      }
      if (text.startsWith(rest)) {
        String more = text.substring(rest.length());
        return match(nextI, nextJ, more, !ofRest, said + more);
      }
      return null;
    }

    private static void put(Map<Operand, Long> values, @Nullable Operand operand, long code) {
      if (operand != null) {
        values.put(operand, code);
      }
    }

    private boolean accepted() {
      return a.insn().accepts(word(a, ofLeft)) && b.insn().accepts(word(b, ofRight));
    }

    private static long word(Spelled spelled, Map<Operand, Long> codes) {
      long word = spelled.insn().encoding().match();
      for (Operand operand : spelled.insn().operands()) {
        Long preset = operand.operandClass().preset();
        long code = preset == null ? 0 : Math.max(0, operand.operandClass().toField(preset));
        Long suffix = spelled.fields().get(operand.name());
        code = suffix != null ? suffix : codes.getOrDefault(operand, code);
        word = operand.field().insert(word, code);
      }
      return word;
    }
  }
}
