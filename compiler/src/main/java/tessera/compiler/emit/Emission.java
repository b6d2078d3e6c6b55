package tessera.compiler.emit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.assembler.AsmBuilder;
import tessera.assembler.Assembled;
import tessera.assembler.Assembler;
import tessera.assembler.Label;
import tessera.compiler.emit.MachineCode.Data;
import tessera.compiler.emit.MachineCode.Place;
import tessera.elf.Section;
import tessera.elf.SectionType;
import tessera.elf.Symbol;

/// Hands a program to the assembler's builder, which encodes, lays out and links it.
public final class Emission {
  private static final String NOTE = ".tessera.model";

  private final AsmBuilder asm;
  private final Map<Integer, Label> labels = new HashMap<>();

  private Emission(AsmBuilder asm) {
    this.asm = asm;
  }

  /// The program as an ELF file, or what is wrong: code that is too long for its branches, for
  /// instance.
  public static Assembled program(MachineCode code, Assembler assembler) {
    var emission = new Emission(AsmBuilder.of(assembler));
    emission.text(code.text());
    code.data().forEach(emission::data);
    emission.note(code.note());
    return emission.asm.program();
  }

  private void text(List<Item> items) {
    asm.text().global("_start").type(asm.label("_start"), Symbol.Type.FUNC);
    for (Item item : items) {
      switch (item) {
        case Item.Insn insn -> asm.insn(insn.mnemonic(), operands(insn));
        case Item.Bind(var label) -> asm.bind(label(label));
        case Item.Comment _, Item.LoopBegin _, Item.LoopEnd _ -> {}
      }
    }
    asm.end(asm.label("_start"));
  }

  private Label label(int number) {
    return labels.computeIfAbsent(number, _ -> asm.label());
  }

  private Object[] operands(Item.Insn insn) {
    var operands = new ArrayList<Object>();
    for (Operand operand : insn.operands()) {
      switch (operand) {
        case Operand.Virtual register ->
            throw new IllegalArgumentException(register + " in " + insn);
        case Operand.Word(var text) -> operands.add(text);
        case Operand.Imm(var value) -> operands.add(value);
        case Operand.Target(var label) -> operands.add(label(label));
        case Operand.Address(var symbol, var addend) ->
            operands.add(asm.label(symbol).plus(addend));
        case Operand.Memory(var offset, var base) -> {
          operands.add(offset);
          operands.add(base.toString());
        }
        case Operand.Indirect(var base) -> operands.add(base.toString());
      }
    }
    return operands.toArray();
  }

  private void data(Data data) {
    enter(data.place());
    Label symbol = asm.label(data.symbol());
    asm.align(64).bind(symbol).type(symbol, Symbol.Type.OBJECT).size(symbol, data.size());
    if (data.place() == Place.IO) {
      asm.global(symbol);
    }
    if (data.contents().hasRemaining()) {
      byte[] bytes = new byte[data.contents().remaining()];
      data.contents().duplicate().get(bytes);
      asm.bytes(bytes);
    }
    if (data.size() > data.contents().remaining()) {
      asm.zeros(data.size() - data.contents().remaining());
    }
  }

  private void enter(Place place) {
    switch (place) {
      case WEIGHTS -> asm.section(".rodata.weights", SectionType.PROGBITS, Section.ALLOC);
      case IO -> asm.section(".tessera.io", SectionType.NOBITS, Section.ALLOC | Section.WRITE);
      case ARENA -> asm.section(".bss.arena", SectionType.NOBITS, Section.ALLOC | Section.WRITE);
    }
  }

  private void note(String text) {
    asm.section(NOTE, SectionType.PROGBITS, 0).bytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
