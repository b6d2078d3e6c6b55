package tessera.assembler;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tessera.isaspec.Csr;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.syntax.Alias;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// Lines for every instruction and alias, with operands at the corners of their classes.
final class Samples {
  private static final List<String> SYMBOLS = List.of("near", "far + 4");
  private static final List<String> THREAD_SYMBOLS = List.of("var", "var + 8");

  private final Isa isa;

  Samples(Isa isa) {
    this.isa = isa;
  }

  /// {@return lines for every spelling and template}
  List<String> of(Instruction instruction) {
    List<String> lines = new ArrayList<>();
    for (Instruction.Spelling spelling : instruction.spellings()) {
      for (Template template : instruction.templates()) {
        lines.addAll(
            of(new Candidate.Plain(spelling.mnemonic(), instruction, spelling.fields(), template)));
      }
    }
    return lines;
  }

  List<String> of(Alias alias) {
    return of(Candidate.Pseudo.of(alias));
  }

  /// One operand after the other takes each of its texts while the others stay at their middle one;
  /// then all are at their first, and all at their last.
  private List<String> of(Candidate candidate) {
    List<Template.Piece> pieces = candidate.operands().pieces();
    List<List<String>> choices = new ArrayList<>();
    for (Template.Piece piece : pieces) {
      choices.add(
          switch (piece) {
            case Template.Piece.Text(var text) -> List.of(text);
            case Template.Piece.Hole(var name) -> texts(candidate, name);
          });
    }
    Set<String> lines = new LinkedHashSet<>();
    for (int i = 0; i < choices.size(); i++) {
      for (int k = 0; k < choices.get(i).size(); k++) {
        lines.add(line(candidate.mnemonic(), choices, i, k));
      }
    }
    for (int corner : new int[] {0, Integer.MAX_VALUE}) {
      lines.add(line(candidate.mnemonic(), choices, -1, corner));
    }
    return List.copyOf(lines);
  }

  private static String line(String mnemonic, List<List<String>> choices, int varied, int choice) {
    StringBuilder line = new StringBuilder(mnemonic).append(' ');
    for (int i = 0; i < choices.size(); i++) {
      List<String> texts = choices.get(i);
      int index = varied < 0 || i == varied ? choice : texts.size() / 2;
      line.append(texts.get(Math.min(index, texts.size() - 1)));
    }
    return line.toString().strip();
  }

  private List<String> texts(Candidate candidate, String hole) {
    OperandClass c = candidate.operandClass(hole);
    return c != null ? texts(c) : isThreads(candidate) ? THREAD_SYMBOLS : SYMBOLS;
  }

  private static boolean isThreads(Candidate candidate) {
    return candidate instanceof Candidate.Pseudo(var alias, _)
        && alias.steps().stream()
            .flatMap(s -> s.arguments().values().stream())
            .anyMatch(a ->
                a instanceof Alias.Argument.Relocated(var function, _)
                    && function.startsWith("tls"));
  }

  private List<String> texts(OperandClass c) {
    Set<String> texts = new LinkedHashSet<>();
    for (OperandClass.Reading reading : c.readings()) {
      switch (reading) {
        case OperandClass.Reading.Texts(var list) -> list.forEach(t -> texts.add(t.text()));
        case OperandClass.Reading.Flags(var letters, var none) -> {
          texts.add(letters);
          texts.add(letters.substring(1));
          texts.add(letters.substring(0, 2));
          texts.add(letters.substring(letters.length() - 1));
        }
        case OperandClass.Reading.Register(var file, var numbers) -> {
          for (int i : List.of(0, 1, numbers.size() / 2, numbers.size() - 2, numbers.size() - 1)) {
            texts.add(file.registerName(numbers.get(i)));
            texts.add(file.name() + numbers.get(i));
          }
        }
        case OperandClass.Reading.CsrName() ->
            isa.csrs().stream().limit(3).map(Csr::name).forEach(texts::add);
        case OperandClass.Reading.Immediate() -> texts.addAll(numbers(c));
        case OperandClass.Reading.PcRelative() -> texts.addAll(SYMBOLS);
        case OperandClass.Reading.Parts(var parts, var asm) -> {
          texts.add(part(parts, asm, 0));
          texts.add(part(parts, asm, Integer.MAX_VALUE));
        }
      }
    }
    return List.copyOf(texts);
  }

  private static List<String> numbers(OperandClass c) {
    List<String> texts = new ArrayList<>();
    long step = c.step();
    for (long value :
        new long[] {c.least(), c.least() + step, -step, 0, step, 5 * step, c.greatest() - step}) {
      if (c.toField(value) >= 0) {
        texts.add(Long.toString(value));
      }
    }
    texts.add("0x" + Long.toHexString(c.greatest()));
    return texts;
  }

  private static String part(List<OperandClass.Part> parts, Template asm, int index) {
    StringBuilder out = new StringBuilder();
    for (Template.Piece piece : asm.pieces()) {
      switch (piece) {
        case Template.Piece.Text(var text) -> out.append(text);
        case Template.Piece.Hole(var name) ->
            parts.stream()
                .filter(p -> p.name().equals(name))
                .flatMap(p -> p.operandClass().readings().stream())
                .forEach(r -> {
                  if (r instanceof OperandClass.Reading.Texts(var list)) {
                    out.append(list.get(Math.min(index, list.size() - 1)).text());
                  }
                });
      }
    }
    return out.toString();
  }
}
