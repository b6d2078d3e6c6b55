package tessera.assembler;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// Operand classes and templates in words, for messages.
final class Describe {
  private static final int MOST_TEXTS = 12;

  private Describe() {}

  /// {@return what a class wants}: `a register of x`, `a number from -2048 to 2047`
  static String wanted(@Nullable OperandClass operandClass) {
    if (operandClass == null) {
      return "a symbol";
    }
    return operandClass.readings().stream()
        .map(r -> wanted(operandClass, r))
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  private static String wanted(OperandClass operandClass, OperandClass.Reading reading) {
    return switch (reading) {
      case OperandClass.Reading.Texts(var texts) ->
          oneOf(texts.stream().map(OperandClass.Text::text).filter(t -> !t.isEmpty()).toList());
      case OperandClass.Reading.Flags(var letters, var none) ->
          "letters of '" + letters + "'" + (none == null ? "" : " or " + none);
      case OperandClass.Reading.Register(var file, var numbers) -> registers(file, numbers);
      case OperandClass.Reading.CsrName() -> "a CSR";
      case OperandClass.Reading.Immediate() ->
          "a number from " + operandClass.least() + " to " + operandClass.greatest();
      case OperandClass.Reading.PcRelative() -> "a target";
      case OperandClass.Reading.Parts(var parts, var asm) ->
          parts.stream()
              .map(part -> part.name() + " " + wanted(part.operandClass()))
              .collect(Collectors.joining("; ", "'" + plain(asm) + "' (", ")"));
    };
  }

  private static String registers(RegisterFile file, List<Integer> numbers) {
    String first = file.registerName(numbers.getFirst());
    String last = file.registerName(numbers.getLast());
    return numbers.size() == 1
        ? first
        : "a register of " + file.name() + " (" + first + " to " + last + ")";
  }

  /// {@return a list of texts, where `mt0`, `mt1`, … become `mt0 to mt7`}
  static String oneOf(List<String> texts) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    while (at < texts.size()) {
      int end = at + 1;
      while (end < texts.size() && follows(texts.get(end - 1), texts.get(end))) {
        end++;
      }
      parts.add(end - at > 2 ? texts.get(at) + " to " + texts.get(end - 1) : texts.get(at));
      at = end - at > 2 ? end : at + 1;
    }
    List<String> shown = parts.stream().limit(MOST_TEXTS).map(Describe::bare).toList();
    String list = String.join(", ", shown) + (parts.size() > MOST_TEXTS ? ", …" : "");
    return shown.size() == 1 ? list : "one of " + list;
  }

  private static String bare(String text) {
    return text.startsWith(",") ? text.substring(1).strip() : text;
  }

  private static boolean follows(String a, String b) {
    int i = digits(a);
    int j = digits(b);
    return i == j
        && i < a.length()
        && j < b.length()
        && a.length() - i < 6
        && b.length() - j < 6
        && a.substring(0, i).equals(b.substring(0, j))
        && Integer.parseInt(a.substring(i)) + 1 == Integer.parseInt(b.substring(j));
  }

  private static int digits(String text) {
    int at = text.length();
    while (at > 0 && Character.isDigit(text.charAt(at - 1)) && text.charAt(at - 1) < 0x80) {
      at--;
    }
    return at;
  }

  /// {@return a template with bare names: `rd, imm(rs1)`}
  static String plain(Template template) {
    StringBuilder text = new StringBuilder();
    boolean hole = false;
    for (Template.Piece piece : template.pieces()) {
      switch (piece) {
        case Template.Piece.Text(var between) -> {
          text.append(between);
          hole = false;
        }
        case Template.Piece.Hole(var name) -> {
          // A class whose texts bring their own comma may be left out (`{vs1}{vm}`).
          text.append(hole ? "[, " + name + "]" : name);
          hole = true;
        }
      }
    }
    return text.toString();
  }

  /// {@return what a word of the text is}: `register v1`, `'foo'`
  static String got(Isa isa, String token) {
    if (token.isEmpty()) {
      return "nothing";
    }
    for (RegisterFile file : isa.registerFiles()) {
      if (file.registerNumber(token) >= 0) {
        return token + ", a register of " + file.name();
      }
    }
    return "'" + token + "'";
  }
}
