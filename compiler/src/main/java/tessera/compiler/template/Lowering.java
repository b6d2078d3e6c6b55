package tessera.compiler.template;

import java.util.ArrayList;
import java.util.List;
import tessera.compiler.emit.Code;
import tessera.compiler.emit.Item;
import tessera.compiler.emit.Operand;
import tessera.compiler.emit.Registers;

/// Makes the code of a whole program: the groups one after the other, each between its markers, and
/// the end.
public final class Lowering {
  /// The marker is a hint whose immediate names the group (`timing.md` 2.6): more do not fit.
  private static final int LAST_MARKER = 2047;

  private static final Operand ZERO = Operand.word("zero");
  private static final Operand STACK = Operand.word("sp");

  /// The system call `exit` of Linux on RISC-V.
  private static final int EXIT = 93;

  private Lowering() {}

  /// The code of a program that runs the groups once and exits with 0.
  public static List<Item> run(List<Group> groups, Values values, Target target) {
    var items = new ArrayList<Item>();
    int frame = 0;
    int labels = 0;
    for (Group group : groups) {
      Code code = Code.startingAt(labels);
      emit(code, group, values, target);
      labels = code.label();
      Registers.Allocated allocated = Registers.allocate(code.items());
      frame = Math.max(frame, allocated.frame());
      items.add(new Item.Comment("group " + group.number() + ": " + group.origins()));
      mark(items, group.number());
      items.addAll(allocated.items());
      mark(items, -group.number());
    }
    if (frame > 0) {
      items.addFirst(insn("addi", STACK, STACK, Operand.imm(-frame)));
    }
    items.add(insn("li", Operand.word("a0"), Operand.imm(0)));
    items.add(insn("li", Operand.word("a7"), Operand.imm(EXIT)));
    items.add(new Item.Insn("ecall", List.of(), false));
    return items;
  }

  private static void emit(Code code, Group group, Values values, Target target) {
    switch (group.kind()) {
      case PRODUCT -> Product.emit(code, group, values, target);
      case MAP, REDUCE -> Elements.emit(code, group, values);
      case MOVE -> Moves.emit(code, group, values);
    }
  }

  /// The values that a group reads from memory.
  public static List<Integer> reads(Group group, Values values) {
    return switch (group.kind()) {
      case PRODUCT, MOVE -> group.root().operands();
      case MAP, REDUCE -> Elements.reads(group, values);
    };
  }

  /// What a group runs on: `tile` or `scalar`.
  public static String unit(Group group, Values values, Target target) {
    boolean tiles =
        group.kind() == Group.Kind.PRODUCT
            && TileProduct.fits(Product.of(group.root(), values), target);
    return tiles ? "tile" : "scalar";
  }

  private static void mark(List<Item> items, int marker) {
    if (Math.abs(marker) <= LAST_MARKER) {
      items.add(insn("slti", ZERO, ZERO, Operand.imm(marker)));
    }
  }

  private static Item insn(String mnemonic, Operand... operands) {
    return new Item.Insn(mnemonic, List.of(operands), true);
  }
}
