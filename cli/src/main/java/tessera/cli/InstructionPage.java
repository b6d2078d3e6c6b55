package tessera.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tessera.isaspec.Instruction;
import tessera.isaspec.encoding.Encoding;
import tessera.isaspec.encoding.FieldLayout;
import tessera.isaspec.encoding.FieldLayout.Part;
import tessera.isaspec.syntax.Template;

/// One instruction on one page: prose, syntax, encoding, and its whole text.
final class InstructionPage {
  private InstructionPage() {}

  /// {@return the page}
  static String of(Instruction instruction) {
    StringBuilder out = new StringBuilder();
    out.append(instruction.text().mnemonic()).append("  (").append(instruction.extension());
    out.append(")\n");
    if (!instruction.text().doc().isBlank()) {
      out.append('\n').append(TextBlock.filled(instruction.text().doc(), 80));
    }
    out.append("\nsyntax\n");
    for (Template template : instruction.templates()) {
      String line = "  " + instruction.text().mnemonic() + " " + template;
      out.append(line.stripTrailing()).append('\n');
    }
    out.append("\nencoding\n");
    List<Bits> bits = bits(instruction);
    StringBuilder places = new StringBuilder("  ");
    StringBuilder contents = new StringBuilder("  ");
    for (Bits b : bits) {
      int width = Math.max(b.place().length(), b.content().length()) + 2;
      places.append(padded(b.place(), width));
      contents.append(padded(b.content(), width));
    }
    out.append(places.toString().stripTrailing()).append('\n');
    out.append(contents.toString().stripTrailing()).append("\n\n");
    out.append(Sources.item(instruction.span()));
    return out.toString();
  }

  /// A stretch of the word and what lies in it.
  record Bits(int hi, int lo, String content) {
    String place() {
      return hi == lo ? Integer.toString(hi) : hi + ":" + lo;
    }
  }

  /// {@return what lies where, from the high end}
  static List<Bits> bits(Instruction instruction) {
    List<Bits> result = new ArrayList<>();
    for (FieldLayout field : instruction.format().fields()) {
      int left = field.width();
      for (Part part : field.parts()) {
        left -= part.width();
        if (part instanceof Part.Word(int hi, int lo)) {
          result.add(new Bits(hi, lo, content(instruction.encoding(), field, hi, lo, left)));
        }
      }
    }
    result.sort(Comparator.comparingInt(Bits::hi).reversed());
    return result;
  }

  private static String content(Encoding encoding, FieldLayout field, int hi, int lo, int below) {
    long ones = (1L << (hi - lo + 1)) - 1;
    if ((encoding.mask() >>> lo & ones) == ones) {
      String digits = Long.toBinaryString(encoding.match() >>> lo & ones);
      return "0".repeat(hi - lo + 1 - digits.length()) + digits;
    }
    if (hi - lo + 1 == field.width()) {
      return field.name();
    }
    int top = below + hi - lo;
    return field.name() + "[" + (top == below ? "" + below : top + ":" + below) + "]";
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
