package tessera.assembler;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tessera.assembler.relocate.AsmSection;
import tessera.assembler.relocate.AsmSymbol;
import tessera.assembler.relocate.Expression;
import tessera.assembler.relocate.Fragment;
import tessera.assembler.relocate.Layout;
import tessera.assembler.relocate.ObjectFile;
import tessera.assembler.relocate.Program;
import tessera.elf.Section;
import tessera.elf.SectionType;
import tessera.elf.Symbol;

/// Emits instructions and data as values, for a compiler. What comes out is laid out and linked as
/// what is read from text, but no text is made.
///
/// ```java
/// AsmBuilder asm = AsmBuilder.of(assembler);
/// Label loop = asm.label("loop");
/// asm.text().global(asm.label("_start")).bind(asm.label("_start"));
/// asm.insn("li", "t0", 10).bind(loop);
/// asm.insn("addi", "t0", "t0", -1).insn("bnez", "t0", loop);
/// Elf elf = asm.program().orElseThrow();
/// ```
///
/// A wrong mnemonic or operand is the caller's mistake: an `IllegalArgumentException` names it.
public final class AsmBuilder {
  private final Assembler assembler;
  private final Findings findings = new Findings(List.of());
  private final ArchTarget target;
  private final Program program;
  private final Emitter emitter;

  private AsmBuilder(Assembler assembler) {
    this.assembler = assembler;
    this.target = ArchTarget.of(assembler.isa());
    this.program =
        new Program(findings.diagnostics(), target.arch().toString(), target.compressed());
    this.emitter = new Emitter(assembler, program);
    program.shortNop(target.compressed() ? Long.valueOf(1) : null);
  }

  /// {@return an empty builder for the assembler's ISA}
  public static AsmBuilder of(Assembler assembler) {
    return new AsmBuilder(assembler);
  }

  // Sections

  /// Goes on in `.text`.
  public AsmBuilder text() {
    return section(".text", SectionType.PROGBITS, Section.ALLOC | Section.EXECUTE);
  }

  /// Goes on in `.data`.
  public AsmBuilder data() {
    return section(".data", SectionType.PROGBITS, Section.ALLOC | Section.WRITE);
  }

  /// Goes on in `.rodata`.
  public AsmBuilder rodata() {
    return section(".rodata", SectionType.PROGBITS, Section.ALLOC);
  }

  /// Goes on in `.bss`, which holds zeros only.
  public AsmBuilder bss() {
    return section(".bss", SectionType.NOBITS, Section.ALLOC | Section.WRITE);
  }

  /// Goes on in a section; what it is counts when it is named first.
  ///
  /// @param flags a sum of the constants of [Section]
  public AsmBuilder section(String name, SectionType type, long flags) {
    program.enter(program.section(name, type, flags, 0), 0);
    return this;
  }

  // Symbols

  /// {@return the symbol of that name}
  public Label label(String name) {
    return new Label(program.symbol(name), 0);
  }

  /// {@return a new label without a name}
  public Label label() {
    return new Label(program.fresh(), 0);
  }

  /// {@return a new label without a name for this place}
  public Label here() {
    return new Label(program.here(), 0);
  }

  /// Places a label here.
  public AsmBuilder bind(Label label) {
    AsmSymbol symbol = label.symbol();
    if (symbol.isDefined()) {
      throw new IllegalArgumentException("'" + label + "' is placed already");
    }
    program.place(symbol, null);
    return this;
  }

  /// Places a label here that other files see.
  public AsmBuilder global(String name) {
    return global(label(name)).bind(label(name));
  }

  /// Lets other files see a symbol.
  public AsmBuilder global(Label label) {
    label.symbol().binding(Symbol.Binding.GLOBAL);
    return this;
  }

  /// Says what lies at a symbol.
  public AsmBuilder type(Label label, Symbol.Type type) {
    label.symbol().type(type);
    return this;
  }

  /// Says how many bytes belong to a symbol.
  public AsmBuilder size(Label label, long bytes) {
    label.symbol().size(Expression.of(bytes));
    return this;
  }

  /// Says that a symbol's bytes end here.
  public AsmBuilder end(Label label) {
    Expression here = Expression.of(program.here());
    label
        .symbol()
        .size(Expression.binary(Expression.BinaryOp.SUBTRACT, here, Expression.of(label.symbol())));
    return this;
  }

  /// Gives a name to a number.
  public AsmBuilder define(String name, long value) {
    AsmSymbol symbol = program.symbol(name);
    symbol.define(new AsmSymbol.Definition.Equal(Expression.of(value)), null);
    return this;
  }

  // Instructions

  /// Emits an instruction or pseudo-instruction.
  ///
  /// @param mnemonic with its suffixes (`ta.mma.i8.i8.z`)
  /// @param operands in the order of its text: an [Operand]; a `Label` for a target or symbol; a
  ///   `Number`; a `String` as it is written in text (`a0`, `mt4`, `e8`)
  public AsmBuilder insn(String mnemonic, Object... operands) {
    List<Operand> typed = Arrays.stream(operands).map(AsmBuilder::operand).toList();
    List<Encoder.Encoded<Expression>> words = loadConstant(mnemonic, typed);
    if (words == null) {
      words =
          TypedMatcher.encode(
              assembler.isa(), assembler.mnemonics(), mnemonic, typed, target.compressed());
    }
    if (words == null) {
      throw new IllegalArgumentException(complaint(mnemonic, typed));
    }
    emitter.emit(words, null);
    return this;
  }

  private static Operand operand(Object given) {
    return switch (given) {
      case Operand operand -> operand;
      case Label label -> label.target();
      case String text -> Operand.word(text);
      case Long number -> Operand.imm(number);
      case Integer number -> Operand.imm(number);
      default -> throw new IllegalArgumentException("no operand: " + given);
    };
  }

  private @Nullable List<Encoder.Encoded<Expression>> loadConstant(
      String mnemonic, List<Operand> operands) {
    if (!mnemonic.equals("li")
        || operands.size() != 2
        || !(operands.get(1) instanceof Operand.Number(var value))) {
      return null;
    }
    return LoadConstant.encode(
        assembler.isa(), assembler.mnemonics(), operands.getFirst(), value, target.compressed());
  }

  private String complaint(String mnemonic, List<Operand> operands) {
    List<Candidate> candidates = assembler.mnemonics().candidates(mnemonic);
    String got = operands.stream().map(Objects::toString).collect(Collectors.joining(", "));
    return candidates.isEmpty()
        ? "unknown instruction '" + mnemonic + "' in " + assembler.isa().shortName()
        : "no form of '"
            + mnemonic
            + "' takes ("
            + got
            + "); there are "
            + candidates.stream()
                .map(c -> "'" + Describe.plain(c.operands()) + "'")
                .distinct()
                .collect(Collectors.joining(", "));
  }

  /// {@return whether the ISA has the mnemonic}
  public boolean has(String mnemonic) {
    return !assembler.mnemonics().candidates(mnemonic).isEmpty();
  }

  // Data

  /// Emits bytes.
  public AsmBuilder bytes(byte[] contents) {
    program.bytes(contents, null);
    return this;
  }

  /// Emits the low `size` bytes of a number, little-endian.
  public AsmBuilder number(long value, int size) {
    program.number(value, size, null);
    return this;
  }

  /// Emits an address in 8 bytes.
  public AsmBuilder address(Label label) {
    program.number(label.expression(), 8, null);
    return this;
  }

  /// Emits zeros.
  public AsmBuilder zeros(long count) {
    program.repeat(Expression.of(count), new Fragment.Padding.Fill(0, 1), null);
    return this;
  }

  /// Pads to a multiple of `bytes`, a power of two.
  public AsmBuilder align(long bytes) {
    if (Long.bitCount(bytes) != 1 || bytes < 1) {
      throw new IllegalArgumentException("an alignment to " + bytes + " bytes");
    }
    program.align(Long.numberOfTrailingZeros(bytes), null, Long.MAX_VALUE, null);
    return this;
  }

  // Results

  /// {@return a program that runs at 0x8000_0000; the builder is used up}
  public Assembled program() {
    return assembler.link(List.of(objectFile()), findings);
  }

  /// {@return a relocatable file; the builder is used up}
  public Assembled object() {
    ObjectFile object = objectFile();
    return Assembler.result(object.elf(), findings);
  }

  private ObjectFile objectFile() {
    Layout.run(program);
    return ObjectFile.of(
        program, target.flags(), List.of(Section.attributes(target.attributes(List.of()))));
  }

  /// {@return the bytes emitted to a section so far, as long as no branch in it may still grow}
  public long size(String section) {
    AsmSection found = program.section(section);
    return found == null ? 0 : found.leastSize();
  }
}
