package tessera.assembler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tessera.elf.Elf;
import tessera.elf.SymbolTable;
import tessera.isaspec.Csr;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.encoding.Decoder;
import tessera.isaspec.syntax.Alias;
import tessera.isaspec.syntax.Expansion;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// Words to text, as objdump prints it: mnemonic, a tab, operands without blanks.
///
/// The first preferred alias prints that assembles to the very word, else for a short form what it
/// stands for, else the instruction by the first of its templates that can say the word. Without
/// aliases each prints by its own name. What no text can say prints as a raw word.
public final class Disassembler {

  /// How a distance to another place is printed.
  @FunctionalInterface
  private interface Target {
    String text(long distance);
  }

  private static final int WIDEST_INVERTED = 12;

  private final Isa isa;
  private final boolean withAliases;
  private final Map<Instruction, List<Alias>> aliases = new HashMap<>();

  private Disassembler(Isa isa, boolean withAliases) {
    this.isa = isa;
    this.withAliases = withAliases;
    for (Alias alias : withAliases ? isa.aliases() : List.<Alias>of()) {
      if (alias.prefer() && alias.steps().size() == 1) {
        aliases
            .computeIfAbsent(alias.steps().getFirst().instruction(), _ -> new ArrayList<>())
            .add(alias);
      }
    }
  }

  /// {@return a disassembler that prefers aliases}
  public static Disassembler of(Isa isa) {
    return new Disassembler(isa, true);
  }

  /// {@return a disassembler that prints no alias (`-M no-aliases`)}
  public static Disassembler withoutAliases(Isa isa) {
    return new Disassembler(isa, false);
  }

  /// {@return the text of a word at an address; of no instruction, the raw word}
  ///
  /// @param word its low 16 bits, where they say so
  /// @param symbols names the targets, or null
  public String text(long word, long address, @Nullable SymbolTable symbols) {
    Decoded decoded = isa.decoder().decode(word);
    return decoded == null ? unknown(word) : text(decoded, address, symbols);
  }

  /// {@return the text of an instruction at an address}
  ///
  /// @param symbols names the targets, or null
  public String text(Decoded insn, long address, @Nullable SymbolTable symbols) {
    return text(insn, (Target) distance -> place(address + distance, symbols));
  }

  /// @param places prints an address
  String textWith(Decoded insn, long address, LongFunction<String> places) {
    return text(insn, (Target) distance -> places.apply(address + distance));
  }

  /// {@return the code of a file in the columns of `objdump -d`, from its first section heading on}
  public String listing(Elf elf) {
    return listing(elf, false);
  }

  /// {@return the same, with what a linker still has to fill in if that is wanted (`objdump -dr`)}
  public String listing(Elf elf, boolean relocations) {
    return ObjectListing.text(isa, this, elf, relocations);
  }

  /// A line of a listing.
  ///
  /// @param symbol what the address belongs to
  /// @param word what is there, in `bytes` bytes
  public record Line(
      String section, String symbol, long address, long word, int bytes, String text) {}

  /// {@return the lines of a listing, without the zeros that it passes over}
  public List<Line> lines(Elf elf) {
    return ObjectListing.lines(isa, this, elf);
  }

  /// {@return the text of an instruction as the assembler reads it back anywhere: targets are
  /// relative to `.`, and a short form has its own name. What has a short form is not shortened
  /// only under `.option norvc`}
  public String source(Decoded insn) {
    Target target = distance -> distance < 0 ? ".-" + -distance : ".+" + distance;
    return insn.instruction().expansion() == null ? text(insn, target) : own(insn, target);
  }

  /// {@return whether the text of an instruction says an operand}
  boolean says(Decoded insn, String operand) {
    for (Alias alias : aliases.getOrDefault(insn.instruction(), List.of())) {
      if (alias(insn, alias, (Target) Long::toString) != null) {
        return alias.steps().getFirst().arguments().get(operand) instanceof Alias.Argument.Hole;
      }
    }
    return true;
  }

  private String text(Decoded insn, Target target) {
    for (Alias alias : aliases.getOrDefault(insn.instruction(), List.of())) {
      String text = alias(insn, alias, target);
      if (text != null) {
        return text;
      }
    }
    Expansion expansion = insn.instruction().expansion();
    return withAliases && expansion != null && !insn.instruction().isHint(insn.word())
        ? text(new Decoded(expansion.target(), expansion.word(insn.word()).orElseThrow()), target)
        : own(insn, target);
  }

  /// By its own name.
  private String own(Decoded insn, Target target) {
    String text = plain(insn, target);
    return text == null ? String.format(".insn\t%d, 0x%x", insn.bytes(), insn.word()) : text;
  }

  static String place(long address, @Nullable SymbolTable symbols) {
    String number = Long.toHexString(address);
    return symbols == null
        ? number
        : symbols.at(address).map(l -> number + " <" + l + ">").orElse(number);
  }

  private static String unknown(long word) {
    return Decoder.length(word) == 2
        ? String.format(".2byte\t0x%x", word & 0xffff)
        : String.format(".4byte\t0x%x", word & 0xffff_ffffL);
  }

  // The instruction itself

  private @Nullable String plain(Decoded insn, Target target) {
    Instruction instruction = insn.instruction();
    String mnemonic = filled(instruction.text().mnemonic(), insn, target);
    if (mnemonic == null) {
      return null;
    }
    for (Template template : instruction.templates()) {
      if (canSay(insn, template)) {
        String operands = filled(template, insn, target);
        if (operands != null) {
          return joined(mnemonic, operands);
        }
      }
    }
    return null;
  }

  private static String joined(String mnemonic, String operands) {
    return operands.isEmpty() ? mnemonic : mnemonic + "\t" + operands;
  }

  /// Whether the mnemonic and the template name every operand that is not at its preset, and no
  /// ignored bit is set.
  private static boolean canSay(Decoded insn, Template template) {
    Set<String> named = new LinkedHashSet<>(template.holes());
    named.addAll(insn.instruction().text().mnemonic().holes());
    long word = insn.instruction().encoding().match();
    for (var operand : insn.instruction().operands()) {
      long value = operand.decode(insn.word());
      if (!named.contains(operand.name()) && value != Encoder.preset(operand.operandClass())) {
        return false;
      }
      word = operand.encode(word, value);
    }
    return word == insn.word();
  }

  private @Nullable String filled(Template template, Decoded insn, Target target) {
    StringBuilder out = new StringBuilder();
    for (Template.Piece piece : template.pieces()) {
      switch (piece) {
        case Template.Piece.Text(var text) -> out.append(tight(text));
        case Template.Piece.Hole(var name) -> {
          String text =
              operand(insn.instruction().operand(name).operandClass(), insn.operand(name), target);
          if (text == null) {
            return null;
          }
          out.append(text);
        }
      }
    }
    return out.toString();
  }

  private static String tight(String text) {
    return text.replace(", ", ",");
  }

  // Aliases

  private @Nullable String alias(Decoded insn, Alias alias, Target target) {
    Map<String, Long> holes = holes(insn, alias);
    if (holes == null || alias.condition() != null && !alias.condition().test(holes)) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    for (Template.Piece piece : alias.operands().pieces()) {
      switch (piece) {
        case Template.Piece.Text(var text) -> out.append(tight(text));
        case Template.Piece.Hole(var name) -> {
          OperandClass c = alias.holes().get(name);
          Long value = holes.get(name);
          String text = c == null || value == null ? null : operand(c, value, target);
          if (text == null) {
            return null;
          }
          out.append(text);
        }
      }
    }
    return joined(alias.mnemonic(), out.toString());
  }

  /// {@return what the holes hold if the alias assembles to this very word, or null}
  private static @Nullable Map<String, Long> holes(Decoded insn, Alias alias) {
    Alias.Step step = alias.steps().getFirst();
    Map<String, Long> holes = new HashMap<>();
    step.arguments()
        .forEach((field, argument) -> {
          if (argument instanceof Alias.Argument.Hole(var name)) {
            holes.putIfAbsent(name, insn.operand(field));
          }
        });
    long word = insn.instruction().encoding().match();
    List<tessera.isaspec.syntax.Operand> inverted = new ArrayList<>();
    for (var operand : insn.instruction().operands()) {
      Long value =
          switch (step.arguments().get(operand.name())) {
            case null -> Encoder.preset(operand.operandClass());
            case Alias.Argument.Constant(var constant) ->
                Encoder.fit(operand.operandClass(), constant);
            case Alias.Argument.Hole(var name) -> holes.get(name);
            case Alias.Argument.Computed(var names, var computed) -> {
              if (names.size() == 1 && !holes.containsKey(names.getFirst())) {
                inverted.add(operand);
                yield operand.decode(insn.word());
              }
              yield holes.keySet().containsAll(names) ? computed.applyAsLong(holes) : null;
            }
            case Alias.Argument.Relocated _ -> null;
          };
      if (value == null || operand.operandClass().toField(value) < 0) {
        return null;
      }
      word = operand.encode(word, value);
    }
    boolean said =
        word == insn.word() && inverted.stream().allMatch(o -> invert(o, insn, alias, holes));
    return said ? holes : null;
  }

  /// Finds what a hole holds that an operand is computed from: all its values are tried.
  private static boolean invert(
      tessera.isaspec.syntax.Operand operand, Decoded insn, Alias alias, Map<String, Long> holes) {
    if (!(alias.steps().getFirst().arguments().get(operand.name())
        instanceof Alias.Argument.Computed(var names, var computed))) {
      return false;
    }
    OperandClass c = operand.operandClass();
    for (long code = 0; c.width() <= WIDEST_INVERTED && code < 1L << c.width(); code++) {
      holes.put(names.getFirst(), c.fromField(code));
      if (computed.applyAsLong(holes) == insn.operand(operand.name())
          && (alias.condition() == null || alias.condition().test(holes))) {
        return true;
      }
    }
    return false;
  }

  // Operands

  private @Nullable String operand(OperandClass c, long value, Target target) {
    for (OperandClass.Reading reading : c.readings()) {
      String text = reading(c, reading, value, target);
      if (text != null) {
        return text;
      }
    }
    return null;
  }

  private @Nullable String reading(
      OperandClass c, OperandClass.Reading reading, long value, Target target) {
    return switch (reading) {
      case OperandClass.Reading.Texts(var texts) -> textOf(texts, value);
      case OperandClass.Reading.Flags(var letters, var none) -> letters(letters, none, value);
      case OperandClass.Reading.Register(var file, _) -> file.registerName((int) value);
      case OperandClass.Reading.CsrName() -> {
        Csr csr = isa.csr((int) value);
        yield csr == null ? null : csr.name();
      }
      case OperandClass.Reading.Immediate() -> number(c, value);
      case OperandClass.Reading.PcRelative() -> target.text(value);
      case OperandClass.Reading.Parts(var parts, var asm) -> parts(c, parts, asm, value);
    };
  }

  /// A value without a text prints as a number, after the comma that the other texts have.
  private static String textOf(List<OperandClass.Text> texts, long value) {
    String comma = "";
    for (OperandClass.Text text : texts) {
      if (text.value() == value) {
        return tight(text.text());
      }
      comma = text.text().startsWith(",") ? "," : comma;
    }
    return comma + value;
  }

  private static @Nullable String letters(String letters, @Nullable String none, long value) {
    if (value == 0) {
      return none;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < letters.length(); i++) {
      if ((value >> (letters.length() - 1 - i) & 1) != 0) {
        out.append(letters.charAt(i));
      }
    }
    return out.toString();
  }

  private static String number(OperandClass c, long value) {
    Long modulo = c.modulo();
    long printed = modulo != null && value < 0 ? value + modulo : value;
    return c.hex()
        ? printed < 0 ? "-0x" + Long.toHexString(-printed) : "0x" + Long.toHexString(printed)
        : Long.toString(printed);
  }

  private @Nullable String parts(
      OperandClass c, List<OperandClass.Part> parts, Template asm, long value) {
    long covered = 0;
    Map<String, String> texts = new HashMap<>();
    for (OperandClass.Part part : parts) {
      long ones = (1L << (part.hi() - part.lo() + 1)) - 1;
      covered |= ones << part.lo();
      String text = partText(part, value >> part.lo() & ones);
      if (text == null) {
        return null;
      }
      texts.put(part.name(), text);
    }
    if ((value & (1L << c.width()) - 1 & ~covered) != 0) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    for (Template.Piece piece : asm.pieces()) {
      out.append(
          switch (piece) {
            case Template.Piece.Text(var text) -> tight(text);
            case Template.Piece.Hole(var name) -> texts.get(name);
          });
    }
    return out.toString();
  }

  private static @Nullable String partText(OperandClass.Part part, long value) {
    for (OperandClass.Reading reading : part.operandClass().readings()) {
      if (reading instanceof OperandClass.Reading.Texts(var texts)) {
        for (OperandClass.Text text : texts) {
          if (text.value() == value) {
            return text.text();
          }
        }
      }
    }
    return null;
  }
}
