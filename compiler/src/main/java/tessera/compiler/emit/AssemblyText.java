package tessera.compiler.emit;

import java.util.List;

/// The text of code, as GNU as reads it: for dumps, and to assemble it elsewhere.
public final class AssemblyText {
  private AssemblyText() {}

  public static String print(List<Item> items) {
    var out = new StringBuilder();
    items.forEach(item -> print(item, out));
    return out.toString();
  }

  private static void print(Item item, StringBuilder out) {
    switch (item) {
      case Item.Insn insn -> out.append("    ").append(insn).append('\n');
      case Item.Bind(var label) -> out.append(new Operand.Target(label)).append(":\n");
      case Item.Comment(var text) -> out.append("    # ").append(oneLine(text)).append('\n');
      case Item.LoopBegin _ -> out.append("    # loop\n");
      case Item.LoopEnd _ -> out.append("    # end of the loop\n");
    }
  }

  /// Names come from the model and may hold anything.
  private static String oneLine(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  /// The whole program with its data, in GNU as's directives.
  public static String print(MachineCode code) {
    var out = new StringBuilder("    .text\n    .globl _start\n_start:\n");
    out.append(print(code.text()));
    for (MachineCode.Data data : code.data()) {
      out.append("    .section ").append(section(data.place())).append("\n    .balign 64\n");
      out.append(data.symbol()).append(":\n");
      for (int i = 0; i < data.contents().limit(); i++) {
        out.append("    .byte ").append(data.contents().get(i)).append('\n');
      }
      long zeros = data.size() - data.contents().limit();
      if (zeros > 0) {
        out.append("    .zero ").append(zeros).append('\n');
      }
    }
    return out.toString();
  }

  private static String section(MachineCode.Place place) {
    return switch (place) {
      case WEIGHTS -> ".rodata.weights, \"a\", @progbits";
      case IO -> ".tessera.io, \"aw\", @nobits";
      case ARENA -> ".bss.arena, \"aw\", @nobits";
    };
  }
}
