package tessera.isaspec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.Encoding;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.syntax.Expansion;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// An instruction of a checked ISA: all that one text says about it.
///
/// A class and not a record: two instructions are the same only if they are one, and the meaning is
/// bound lazily.
public final class Instruction {

  /// Binds the text's sections for given statics.
  public interface Meaning {
    /// {@return the bound sections}
    ///
    /// @param statics values of fields and modes by name; all others stay run-time values
    /// @throws Unbound when a type needs one more of them
    Bound bind(Map<String, BigInteger> statics);
  }

  /// A full mnemonic, and the values of the fields that its suffixes fix.
  public record Spelling(String mnemonic, Map<String, Long> fields) {}

  /// What an instruction is written as, and what it says of itself.
  ///
  /// @param name unique in the ISA (`ta.ew.add.f32.mc.mr`, `amoadd.w`): the text's name without
  ///   suffix holes
  /// @param mnemonic as written, with its suffix holes
  /// @param templates the operand texts; the first that can say a word prints it
  /// @param intrinsic the C prototype, or null
  /// @param doc prose, or empty
  public record Text(
      String name,
      Template mnemonic,
      List<Template> templates,
      @Nullable String intrinsic,
      String doc,
      Span span) {}

  private final Text text;
  private final String extension;
  private final Format format;
  private final Encoding encoding;
  private final Map<String, Operand> operands;
  private final LongPredicate accepted;
  private final LongPredicate hint;
  private final Meaning meaning;
  private final @Nullable Expansion expansion;
  private final List<Spelling> spellings;

  /// What the text says about words, beside their encoding.
  ///
  /// @param accepted the `legal` conjuncts that read only fields
  /// @param hint whether an accepted word is one that changes nothing
  public record Words(LongPredicate accepted, LongPredicate hint) {}

  /// @param operands the fields that the encoding leaves open, in the format's order
  /// @param expansion what a short form runs as; null: it is none
  public Instruction(
      Text text,
      String extension,
      Format format,
      Encoding encoding,
      List<Operand> operands,
      Words words,
      Meaning meaning,
      @Nullable Expansion expansion) {
    this.text = text;
    this.extension = extension;
    this.format = format;
    this.encoding = encoding;
    this.operands = new LinkedHashMap<>();
    operands.forEach(o -> this.operands.put(o.name(), o));
    this.accepted = words.accepted();
    this.hint = words.hint();
    this.meaning = meaning;
    this.expansion = expansion;
    this.spellings = spell();
  }

  public String name() {
    return text.name();
  }

  public Text text() {
    return text;
  }

  /// {@return the extension that brings it}
  public String extension() {
    return extension;
  }

  public Format format() {
    return format;
  }

  public Encoding encoding() {
    return encoding;
  }

  /// {@return the fields that a word leaves open, in the format's order}
  public List<Operand> operands() {
    return List.copyOf(operands.values());
  }

  /// {@return whether there is an operand of that name}
  public boolean hasOperand(String field) {
    return operands.containsKey(field);
  }

  /// {@return the operand of that name, which exists}
  public Operand operand(String field) {
    Operand operand = operands.get(field);
    if (operand == null) {
      throw new IllegalArgumentException(name() + " has no operand " + field);
    }
    return operand;
  }

  /// {@return the operand texts; the first that can say a word prints it}
  public List<Template> templates() {
    return text.templates();
  }

  /// {@return every full mnemonic, suffixes enumerated; the first text of a value comes first}
  public List<Spelling> spellings() {
    return spellings;
  }

  public Span span() {
    return text.span();
  }

  /// {@return whether `word` is this instruction: fixed bits, and the field conditions}
  public boolean accepts(long word) {
    return encoding.matches(word) && accepted.test(word);
  }

  /// {@return whether `word`, which it accepts, is a hint: one that changes nothing}
  public boolean isHint(long word) {
    return hint.test(word);
  }

  /// {@return what it runs as, where it is a short form; else null}
  public @Nullable Expansion expansion() {
    return expansion;
  }

  /// {@return its meaning with these fields and modes as constants}
  ///
  /// @throws Unbound when a type needs one more
  public Bound bind(Map<String, BigInteger> statics) {
    return meaning.bind(statics);
  }

  /// {@return the conditions on fields alone, as a test of words with the fixed bits}
  public LongPredicate condition() {
    return accepted;
  }

  /// {@return what binds it}
  public Meaning meaning() {
    return meaning;
  }

  @Override
  public String toString() {
    return name();
  }

  private List<Spelling> spell() {
    List<Spelling> result = List.of(new Spelling("", Map.of()));
    for (Template.Piece piece : text.mnemonic().pieces()) {
      List<Spelling> longer = new ArrayList<>();
      for (Spelling prefix : result) {
        switch (piece) {
          case Template.Piece.Text(var part) ->
              longer.add(new Spelling(prefix.mnemonic() + part, prefix.fields()));
          case Template.Piece.Hole(var field) -> extend(prefix, field, longer);
        }
      }
      result = longer;
    }
    return List.copyOf(result);
  }

  private void extend(Spelling prefix, String field, List<Spelling> longer) {
    for (OperandClass.Reading reading : operand(field).operandClass().readings()) {
      if (reading instanceof OperandClass.Reading.Texts(var texts)) {
        for (OperandClass.Text t : texts) {
          Map<String, Long> fields = new HashMap<>(prefix.fields());
          fields.put(field, t.value());
          longer.add(new Spelling(prefix.mnemonic() + t.text(), Map.copyOf(fields)));
        }
      }
    }
  }
}
