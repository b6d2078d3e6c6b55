package tessera.assembler;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.Line;
import tessera.assembler.parser.Node;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// Matches the operands of a line against a template, token by token. Texts match whatever white
/// space stands between them; a hole that may be left out takes the comma before it along.
final class OperandMatcher {

  /// Where a template stopped matching.
  ///
  /// @param token the index of the token that did not fit
  /// @param piece the piece of the template that wanted something else; at its end: there were
  ///   tokens left
  /// @param rangeOf where only a number was wrong that the class does not have, else null
  record Failure(Candidate candidate, int token, int piece, @Nullable OutOfRange rangeOf) {}

  /// A number that a class does not have.
  record OutOfRange(OperandClass operandClass, long value, int next) {}

  private final Isa isa;
  private final Line line;
  private final int end;
  private final Function<Node, OptionalLong> constant;
  private final Function<String, List<String>> words;
  private Candidate candidate;
  private List<Template.Piece> pieces = List.of();
  private Map<String, Argument<Node>> holes = new LinkedHashMap<>();
  private @Nullable Failure failure;

  /// @param end the token after the last operand
  /// @param constant the number that an expression is, if that is known
  /// @param words splits a template's text into words as the line is split
  OperandMatcher(
      Isa isa,
      Line line,
      int end,
      Candidate first,
      Function<Node, OptionalLong> constant,
      Function<String, List<String>> words) {
    this.isa = isa;
    this.line = line;
    this.end = end;
    this.candidate = first;
    this.constant = constant;
    this.words = words;
  }

  /// {@return what the holes of a candidate hold, or null if the line does not fit it}
  @Nullable Map<String, Argument<Node>> match(Candidate wanted) {
    candidate = wanted;
    pieces = wanted.operands().pieces();
    holes = new LinkedHashMap<>();
    return match(0, line.first()) ? new HashMap<>(holes) : null;
  }

  /// {@return where the candidate that got farthest stopped}
  @Nullable Failure failure() {
    return failure;
  }

  private boolean match(int piece, int token) {
    if (piece == pieces.size()) {
      return token == end || fail(token, piece, null);
    }
    return switch (pieces.get(piece)) {
      case Template.Piece.Text(var text) -> matchText(piece, token, words.apply(text));
      case Template.Piece.Hole(var name) -> matchHole(piece, token, name);
    };
  }

  private boolean matchText(int piece, int token, List<String> wanted) {
    if (isAt(token, wanted)) {
      return match(piece + 1, token + wanted.size()) || leaveOutNext(piece, token, wanted);
    }
    return leaveOutNext(piece, token, wanted) || fail(token, piece, null);
  }

  /// A comma goes with the operand after it that is left out.
  private boolean leaveOutNext(int piece, int token, List<String> text) {
    if (!text.equals(List.of(","))
        || piece + 1 >= pieces.size()
        || !(pieces.get(piece + 1) instanceof Template.Piece.Hole(var name))) {
      return false;
    }
    OperandClass c = candidate.operandClass(name);
    return c != null && leaveOut(c, name, piece + 2, token);
  }

  private String text(int token) {
    return token < end ? line.text(token) : "";
  }

  private boolean isAt(int token, List<String> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (!text(token + i).equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean matchHole(int piece, int token, String name) {
    OperandClass c = candidate.operandClass(name);
    if (c == null) {
      return matchSymbol(piece, token, name);
    }
    for (OperandClass.Reading reading : c.readings()) {
      if (matchReading(piece, token, name, c, reading)) {
        return true;
      }
    }
    return leaveOut(c, name, piece + 1, token) || fail(token, piece, null);
  }

  private boolean leaveOut(OperandClass c, String name, int piece, int token) {
    return c.preset() != null
        && !holes.containsKey(name)
        && goOn(piece - 1, token, name, new Argument.Number<>(c.preset()));
  }

  private boolean goOn(int piece, int next, String name, Argument<Node> argument) {
    Argument<Node> before = holes.put(name, argument);
    if (before != null && !before.equals(argument)) {
      // A hole that stands twice means one operand.
      holes.put(name, before);
      return false;
    }
    if (match(piece + 1, next)) {
      return true;
    }
    if (before == null) {
      holes.remove(name);
    }
    return false;
  }

  private boolean number(int piece, int next, String name, long value) {
    return goOn(piece, next, name, new Argument.Number<>(value));
  }

  private boolean matchReading(
      int piece, int token, String name, OperandClass c, OperandClass.Reading reading) {
    return switch (reading) {
      case OperandClass.Reading.Texts(var texts) -> matchTexts(piece, token, name, texts);
      case OperandClass.Reading.Flags(var letters, var none) -> {
        long value = flags(text(token), letters, none);
        yield value >= 0 && number(piece, token + 1, name, value);
      }
      case OperandClass.Reading.Register(var file, var numbers) -> {
        int number = file.registerNumber(text(token));
        yield number >= 0 && numbers.contains(number) && number(piece, token + 1, name, number);
      }
      case OperandClass.Reading.CsrName() -> {
        Csr csr = isa.csr(text(token));
        yield csr != null && number(piece, token + 1, name, csr.number());
      }
      case OperandClass.Reading.Immediate() -> matchImmediate(piece, token, name, c);
      case OperandClass.Reading.PcRelative() -> matchTarget(piece, token, name);
      case OperandClass.Reading.Parts(var parts, var asm) ->
          matchParts(piece, token, name, parts, asm);
    };
  }

  /// {@return the bits for a word of these letters in their order, or -1}
  static long flags(String word, String letters, @Nullable String none) {
    if (word.equals(none)) {
      return 0;
    }
    long bits = 0;
    int last = -1;
    for (int i = 0; i < word.length(); i++) {
      int letter = letters.indexOf(word.charAt(i));
      if (letter <= last) {
        return -1;
      }
      last = letter;
      bits |= 1L << (letters.length() - 1 - letter);
    }
    return bits == 0 ? -1 : bits;
  }

  private boolean matchTexts(int piece, int token, String name, List<OperandClass.Text> texts) {
    for (OperandClass.Text text : texts) {
      int next = textEnd(token, words.apply(text.text()));
      if (next >= 0 && number(piece, next, name, text.value())) {
        return true;
      }
    }
    return false;
  }

  /// {@return the token after a text, or -1; a text that is a number stands for all its spellings}
  private int textEnd(int token, List<String> wanted) {
    if (isAt(token, wanted)) {
      return token + wanted.size();
    }
    boolean sameLength = wanted.size() == 1 || wanted.size() == 2 && wanted.getFirst().equals("-");
    if (!sameLength || !text(token).equals(wanted.getFirst()) && wanted.size() == 2) {
      return -1;
    }
    int last = token + wanted.size() - 1;
    Double wantedNumber = decimal(wanted.getLast());
    return wantedNumber != null && line.isNumber(last) && wantedNumber.equals(decimal(text(last)))
        ? last + 1
        : -1;
  }

  private static @Nullable Double decimal(String text) {
    try {
      return text.isEmpty() || !Character.isDigit(text.charAt(0)) ? null : Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private boolean matchImmediate(int piece, int token, String name, OperandClass c) {
    Line.Read read = line.operand(token);
    if (read == null) {
      return false;
    }
    String function = read.operand().function();
    if (function != null) {
      return c.relocations().contains(function)
          && goOn(
              piece,
              read.next(),
              name,
              new Argument.Symbolic<>(function, read.operand().expression()));
    }
    OptionalLong value = constant.apply(read.operand().expression());
    if (value.isEmpty()) {
      return false;
    }
    Long fitting = Encoder.fit(c, value.getAsLong());
    return fitting != null
        ? number(piece, read.next(), name, fitting)
        : outOfRange(piece, token, name, new OutOfRange(c, value.getAsLong(), read.next()));
  }

  /// If all the rest fits, the number is what is wrong.
  private boolean outOfRange(int piece, int token, String name, OutOfRange range) {
    Failure before = failure;
    if (number(piece, range.next(), name, Encoder.preset(range.operandClass()))) {
      failure = before;
      holes.remove(name);
      return fail(token, piece, range);
    }
    return fail(token, piece, null);
  }

  private boolean matchTarget(int piece, int token, String name) {
    Line.Read read = line.operand(token);
    return read != null
        && read.operand().function() == null
        && goOn(
            piece, read.next(), name, new Argument.Symbolic<>(null, read.operand().expression()));
  }

  /// A hole of an alias that only relocation functions take. `@plt` after it asks for what every
  /// call does anyway.
  private boolean matchSymbol(int piece, int token, String name) {
    Line.Read read = line.operand(token);
    if (read == null || read.operand().function() != null) {
      return fail(token, piece, null);
    }
    int next = read.next();
    boolean plt = text(next).equals("@") && text(next + 1).equals("plt");
    Node expression = read.operand().expression();
    return goOn(piece, plt ? next + 2 : next, name, new Argument.Symbolic<>(null, expression))
        || fail(token, piece, null);
  }

  /// Classes side by side; from the first that is left out on, all are.
  private boolean matchParts(
      int piece, int token, String name, List<OperandClass.Part> parts, Template asm) {
    long value = 0;
    int at = token;
    boolean ended = false;
    for (Template.Piece p : asm.pieces()) {
      switch (p) {
        case Template.Piece.Text(var text) -> {
          List<String> wanted = words.apply(text);
          ended |= !isAt(at, wanted);
          at += ended ? 0 : wanted.size();
        }
        case Template.Piece.Hole(var hole) -> {
          OperandClass.Part part = part(parts, hole);
          Long read = ended ? part.operandClass().preset() : partValue(part, at);
          if (read == null) {
            return fail(at, piece, null);
          }
          value |= read << part.lo();
          at += ended ? 0 : 1;
        }
      }
    }
    return number(piece, at, name, value);
  }

  private static OperandClass.Part part(List<OperandClass.Part> parts, String name) {
    return parts.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  private @Nullable Long partValue(OperandClass.Part part, int token) {
    for (OperandClass.Reading reading : part.operandClass().readings()) {
      if (reading instanceof OperandClass.Reading.Texts(var texts)) {
        for (OperandClass.Text text : texts) {
          if (text.text().equals(text(token))) {
            return text.value();
          }
        }
      }
    }
    return null;
  }

  private boolean fail(int token, int piece, @Nullable OutOfRange rangeOf) {
    boolean worse = failure == null || failure.rangeOf() == null;
    boolean farther = failure == null || token > failure.token();
    if (rangeOf != null ? worse : worse && farther) {
      failure = new Failure(candidate, token, piece, rangeOf);
    }
    return false;
  }
}
