package tessera.assembler;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.Format;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Machine;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.Encoding;
import tessera.isaspec.encoding.FieldLayout;
import tessera.isaspec.syntax.Alias;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// A dozen instructions of RV64I without a specification text, for tests of the assembler alone.
final class TinyIsa {
  private static final Span NOWHERE = new Span(new Source("tiny", ""), 0, 0);

  private final Map<String, OperandClass> classes = new HashMap<>();
  private final Map<String, Instruction> instructions = new LinkedHashMap<>();
  private final List<Alias> aliases = new ArrayList<>();

  static Isa isa() {
    return new TinyIsa().build();
  }

  private Isa build() {
    List<List<String>> names = new ArrayList<>();
    for (String name :
        ("zero ra sp gp tp t0 t1 t2 s0,fp s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11"
                + " t3 t4 t5 t6")
            .split(" ", -1)) {
      names.add(List.of(name.split(",", -1)));
    }
    RegisterFile x = new RegisterFile("x", 0, 32, 64, 0, BigInteger.ZERO, names, NOWHERE);
    classes.put(
        "x",
        operandClass(
            "x",
            5,
            false,
            null,
            new OperandClass.Reading.Register(x, IntStream.range(0, 32).boxed().toList())));
    classes.put(
        "imm12",
        operandClass(
            "imm12", 12, true, null, new OperandClass.Reading.Immediate(), "lo", "pcrel_lo"));
    classes.put(
        "imm20",
        operandClass(
            "imm20",
            20,
            false,
            null,
            new OperandClass.Reading.Immediate(),
            "hi",
            "pcrel_hi",
            "call",
            "got_pcrel_hi"));
    classes.put(
        "shamt", operandClass("shamt", 6, false, null, new OperandClass.Reading.Immediate()));
    classes.put("branch", target("branch", 13));
    classes.put("jal", target("jal", 21));
    classes.put(
        "mode",
        operandClass(
            "mode",
            3,
            false,
            null,
            new OperandClass.Reading.Texts(
                List.of(
                    new OperandClass.Text("", 7),
                    new OperandClass.Text(", rne", 0),
                    new OperandClass.Text(", rtz", 1)))));
    String i = "rd:x@11:7 rs1:x@19:15 imm:imm12@31:20";
    String r = "rd:x@11:7 rs1:x@19:15 rs2:x@24:20";
    add("addi", 0x707f, 0x13, i, "{rd}, {rs1}, {imm}");
    add("addiw", 0x707f, 0x1b, i, "{rd}, {rs1}, {imm}");
    add(
        "slli",
        0xfc00707f,
        0x1013,
        "rd:x@11:7 rs1:x@19:15 shamt:shamt@25:20",
        "{rd}, {rs1}, {shamt}");
    add("lw", 0x707f, 0x2003, i, "{rd}, {imm}({rs1})", "{rd}, ({rs1})");
    add("ld", 0x707f, 0x3003, i, "{rd}, {imm}({rs1})", "{rd}, ({rs1})");
    add("jalr", 0x707f, 0x67, i, "{rd}, {imm}({rs1})", "{rd}, {rs1}, {imm}");
    add(
        "sw",
        0x707f,
        0x2023,
        "rs2:x@24:20 rs1:x@19:15 imm:imm12@31:25,11:7",
        "{rs2}, {imm}({rs1})");
    add("add", 0xfe00707f, 0x33, r, "{rd}, {rs1}, {rs2}");
    add("sub", 0xfe00707f, 0x40000033, r, "{rd}, {rs1}, {rs2}");
    add("mix", 0xfe00007f, 0x0b, r + " mode:mode@14:12", "{rd}, {rs1}, {rs2}{mode}");
    add("lui", 0x7f, 0x37, "rd:x@11:7 imm:imm20@31:12", "{rd}, {imm}");
    add("auipc", 0x7f, 0x17, "rd:x@11:7 imm:imm20@31:12", "{rd}, {imm}");
    String b = "rs1:x@19:15 rs2:x@24:20 to:branch@31:31,7:7,30:25,11:8,0";
    add("beq", 0x707f, 0x63, b, "{rs1}, {rs2}, {to}");
    add("bne", 0x707f, 0x1063, b, "{rs1}, {rs2}, {to}");
    add("jal", 0x7f, 0x6f, "rd:x@11:7 to:jal@31:31,19:12,20:20,30:21,0", "{rd}, {to}");
    alias("nop", "", true, step("addi", "rd=0 rs1=0 imm=0"));
    alias("li", "{rd}, {imm}", true, step("addi", "rd=rd rs1=0 imm=imm"));
    alias("mv", "{rd}, {rs}", true, step("addi", "rd=rd rs1=rs imm=0"));
    alias("add", "{rd}, {rs}, {imm}", false, step("addi", "rd=rd rs1=rs imm=imm"));
    alias("j", "{to}", true, step("jal", "rd=0 to=to"));
    alias("ret", "", true, step("jalr", "rd=0 rs1=1 imm=0"));
    alias("beqz", "{rs}, {to}", true, step("beq", "rs1=rs rs2=0 to=to"));
    alias("bnez", "{rs}, {to}", true, step("bne", "rs1=rs rs2=0 to=to"));
    alias(
        "la",
        "{rd}, {symbol}",
        false,
        step("auipc", "rd=rd imm=pcrel_hi(symbol)"),
        step("addi", "rd=rd rs1=rd imm=pcrel_lo(symbol)"));
    alias(
        "call",
        "{symbol}",
        false,
        step("auipc", "rd=1 imm=call(symbol)"),
        step("jalr", "rd=1 rs1=1 imm=0"));
    alias(
        "sw",
        "{rs}, {symbol}, {rt}",
        false,
        step("auipc", "rd=rt imm=pcrel_hi(symbol)"),
        step("sw", "rs2=rs rs1=rt imm=pcrel_lo(symbol)"));
    return new Isa(
        new Isa.Parts(
            "rv64i",
            List.of(),
            List.of(x),
            List.<Csr>of(),
            List.of(),
            List.of(),
            List.copyOf(instructions.values()),
            aliases,
            new Machine("tiny", "rv64i", Map.of(), List.of(), List.of(), Map.of(), NOWHERE)));
  }

  private static OperandClass operandClass(
      String name,
      int width,
      boolean signed,
      @Nullable Long preset,
      OperandClass.Reading reading,
      String... relocations) {
    return new OperandClass(
        name, signed, width, List.of(reading), preset, 1, List.of(relocations), false, null);
  }

  private static OperandClass target(String name, int width) {
    return new OperandClass(
        name,
        true,
        width,
        List.of(new OperandClass.Reading.PcRelative()),
        null,
        2,
        List.of(name),
        false,
        null);
  }

  private void add(String name, long mask, long match, String fields, String... templates) {
    List<tessera.isaspec.syntax.Operand> operands =
        Arrays.stream(fields.split(" ", -1)).map(this::operand).toList();
    instructions.put(
        name,
        new Instruction(
            new Instruction.Text(
                name,
                template(name),
                Arrays.stream(templates).map(TinyIsa::template).toList(),
                null,
                "",
                NOWHERE),
            "I",
            new Format("", 32, operands.stream().map(o -> o.field()).toList(), 0, NOWHERE),
            new Encoding(32, mask & 0xffff_ffffL, match & 0xffff_ffffL),
            operands,
            _ -> true,
            _ -> {
              throw new IllegalStateException("no meaning");
            }));
  }

  private tessera.isaspec.syntax.Operand operand(String field) {
    String[] parts = field.split("[:@]", 3);
    List<FieldLayout.Part> layout =
        Arrays.stream(parts[2].split(",", -1))
            .<FieldLayout.Part>map(p ->
                p.equals("0")
                    ? new FieldLayout.Part.Constant(0, 1)
                    : new FieldLayout.Part.Word(
                        Integer.parseInt(p.substring(0, p.indexOf(':'))),
                        Integer.parseInt(p.substring(p.indexOf(':') + 1))))
            .toList();
    return new tessera.isaspec.syntax.Operand(
        new FieldLayout(parts[0], layout), java.util.Objects.requireNonNull(classes.get(parts[1])));
  }

  private static Template template(String text) {
    List<Template.Piece> pieces = new ArrayList<>();
    for (String piece : text.split("(?=\\{)|(?<=})", -1)) {
      if (piece.startsWith("{")) {
        pieces.add(new Template.Piece.Hole(piece.substring(1, piece.length() - 1)));
      } else if (!piece.isEmpty()) {
        pieces.add(new Template.Piece.Text(piece));
      }
    }
    return new Template(pieces);
  }

  private Alias.Step step(String name, String arguments) {
    Map<String, Alias.Argument> map = new LinkedHashMap<>();
    for (String argument : arguments.split(" ", -1)) {
      String[] pair = argument.split("=", 2);
      map.put(pair[0], argument(pair[1]));
    }
    return new Alias.Step(java.util.Objects.requireNonNull(instructions.get(name)), map);
  }

  private static Alias.Argument argument(String text) {
    int open = text.indexOf('(');
    return Character.isDigit(text.charAt(0))
        ? new Alias.Argument.Constant(Long.parseLong(text))
        : open > 0
            ? new Alias.Argument.Relocated(
                text.substring(0, open), text.substring(open + 1, text.length() - 1))
            : new Alias.Argument.Hole(text);
  }

  private void alias(String mnemonic, String operands, boolean prefer, Alias.Step... steps) {
    Map<String, OperandClass> holes = new HashMap<>();
    for (Alias.Step step : steps) {
      step.arguments()
          .forEach((field, argument) -> {
            if (argument instanceof Alias.Argument.Hole(var name)) {
              holes.putIfAbsent(name, step.instruction().operand(field).operandClass());
            }
          });
    }
    aliases.add(
        new Alias(mnemonic, template(operands), holes, List.of(steps), null, prefer, NOWHERE));
  }
}
