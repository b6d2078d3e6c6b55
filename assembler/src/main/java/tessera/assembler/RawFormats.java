package tessera.assembler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Format;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.Encoding;
import tessera.isaspec.encoding.FieldLayout;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// The formats of `.insn`, which spells any instruction by its fields (GNU as, "RISC-V Instruction
/// Formats"). They are those of the base ISA, so they exist whatever a specification says.
final class RawFormats {
  private static final Span NOWHERE = new Span(new Source(".insn", ""), 0, 0);

  private static final List<String> OPCODES =
      List.of(
          "LOAD",
          "LOAD_FP",
          "CUSTOM_0",
          "MISC_MEM",
          "OP_IMM",
          "AUIPC",
          "OP_IMM_32",
          "",
          "STORE",
          "STORE_FP",
          "CUSTOM_1",
          "AMO",
          "OP",
          "LUI",
          "OP_32",
          "",
          "MADD",
          "MSUB",
          "NMSUB",
          "NMADD",
          "OP_FP",
          "OP_V",
          "CUSTOM_2",
          "",
          "BRANCH",
          "JALR",
          "",
          "JAL",
          "SYSTEM",
          "",
          "CUSTOM_3",
          "");

  private final Map<String, OperandClass> classes = new HashMap<>();
  private final List<Candidate> formats = new ArrayList<>();

  private RawFormats(Isa isa) {
    classes.put("opcode", opcode());
    for (int width = 2; width <= 8; width++) {
      classes.put("u" + width, number(width, false));
    }
    classes.put("s6", number(6, true));
    classes.put("x", registers(isa, 5, 0));
    classes.put("xc", registers(isa, 3, 8));
    classes.put("s12", number(12, true, "lo", "pcrel_lo", "tprel_lo"));
    classes.put(
        "u20",
        number(
            20,
            false,
            "hi",
            "pcrel_hi",
            "got_pcrel_hi",
            "tprel_hi",
            "tls_ie_pcrel_hi",
            "tls_gd_pcrel_hi"));
    classes.put("branch", target(13, "branch"));
    classes.put("jal", target(21, "jal"));
    classes.put("rvc_branch", target(9, "rvc_branch"));
    classes.put("rvc_jump", target(12, "rvc_jump"));
  }

  /// {@return the formats as candidates whose text begins with the format's name}
  static List<Candidate> of(Isa isa) {
    if (isa.registerFile("x") == null) {
      return List.of();
    }
    RawFormats raw = new RawFormats(isa);
    raw.long32();
    raw.short16();
    return raw.formats;
  }

  private void long32() {
    String r = "opcode:opcode@6:0 funct3:u3@14:12 rd:x@11:7 rs1:x@19:15 rs2:x@24:20";
    add(32, "r {opcode}, {funct3}, {funct7}, {rd}, {rs1}, {rs2}", r + " funct7:u7@31:25");
    for (String name : List.of("r", "r4")) {
      add(
          32,
          name + " {opcode}, {funct3}, {funct2}, {rd}, {rs1}, {rs2}, {rs3}",
          r + " funct2:u2@26:25 rs3:x@31:27");
    }
    String i = "opcode:opcode@6:0 funct3:u3@14:12 rd:x@11:7 rs1:x@19:15 imm:s12@31:20";
    add(32, "i {opcode}, {funct3}, {rd}, {rs1}, {imm}", i);
    add(32, "i {opcode}, {funct3}, {rd}, {imm}({rs1})", i);
    add(32, "i {opcode}, {funct3}, {rd}, ({rs1})", i);
    String s = "opcode:opcode@6:0 funct3:u3@14:12 rs1:x@19:15 rs2:x@24:20 imm:s12@31:25,11:7";
    add(32, "s {opcode}, {funct3}, {rs2}, {imm}({rs1})", s);
    add(32, "s {opcode}, {funct3}, {rs2}, ({rs1})", s);
    String b = "opcode:opcode@6:0 funct3:u3@14:12 rs1:x@19:15 rs2:x@24:20";
    for (String name : List.of("b", "sb")) {
      add(
          32,
          name + " {opcode}, {funct3}, {rs1}, {rs2}, {to}",
          b + " to:branch@31:31,7:7,30:25,11:8,0");
    }
    add(32, "u {opcode}, {rd}, {imm}", "opcode:opcode@6:0 rd:x@11:7 imm:u20@31:12");
    for (String name : List.of("j", "uj")) {
      add(
          32,
          name + " {opcode}, {rd}, {to}",
          "opcode:opcode@6:0 rd:x@11:7 to:jal@31:31,19:12,20:20,30:21,0");
    }
  }

  private void short16() {
    String op = "op:u2@1:0 funct3:u3@15:13 ";
    add(16, "cr {op}, {funct4}, {rd}, {rs2}", "op:u2@1:0 funct4:u4@15:12 rd:x@11:7 rs2:x@6:2");
    add(16, "ci {op}, {funct3}, {rd}, {imm}", op + "rd:x@11:7 imm:s6@12:12,6:2");
    add(16, "ciw {op}, {funct3}, {rd}, {imm}", op + "rd:xc@4:2 imm:u8@12:5");
    add(16, "css {op}, {funct3}, {rs2}, {imm}", op + "rs2:x@6:2 imm:u6@12:7");
    String memory = "rs1:xc@9:7 imm:u5@12:10,6:5";
    add(16, "cl {op}, {funct3}, {rd}, {imm}({rs1})", op + "rd:xc@4:2 " + memory);
    add(16, "cs {op}, {funct3}, {rs2}, {imm}({rs1})", op + "rs2:xc@4:2 " + memory);
    add(
        16,
        "ca {op}, {funct6}, {funct2}, {rd}, {rs2}",
        "op:u2@1:0 funct6:u6@15:10 funct2:u2@6:5 rd:xc@9:7 rs2:xc@4:2");
    add(
        16,
        "cb {op}, {funct3}, {rs1}, {to}",
        op + "rs1:xc@9:7 to:rvc_branch@12:12,6:5,2:2,11:10,4:3,0");
    add(16, "cj {op}, {funct3}, {to}", op + "to:rvc_jump@12:12,8:8,10:9,6:6,7:7,2:2,11:11,5:3,0");
  }

  /// @param fields for each `name:class@hi:lo,hi:lo`; a part `0` is a bit that is 0
  private void add(int length, String template, String fields) {
    List<tessera.isaspec.syntax.Operand> operands =
        Arrays.stream(fields.split(" ", -1)).map(this::operand).toList();
    Template parsed = template(template);
    Instruction instruction =
        new Instruction(
            new Instruction.Text(".insn", template(".insn"), List.of(parsed), null, "", NOWHERE),
            "I",
            new Format("", length, operands.stream().map(o -> o.field()).toList(), 0, NOWHERE),
            new Encoding(length, 0, 0),
            operands,
            new Instruction.Words(_ -> true, _ -> false),
            _ -> {
              throw new IllegalStateException("a raw word has no meaning of its own");
            },
            null);
    formats.add(new Candidate.Plain(".insn", instruction, Map.of(), parsed));
  }

  private tessera.isaspec.syntax.Operand operand(String field) {
    String name = field.substring(0, field.indexOf(':'));
    String kind = field.substring(field.indexOf(':') + 1, field.indexOf('@'));
    List<FieldLayout.Part> parts =
        Arrays.stream(field.substring(field.indexOf('@') + 1).split(",", -1))
            .map(RawFormats::part)
            .toList();
    OperandClass c = classes.get(kind);
    if (c == null) {
      throw new AssertionError(kind);
    }
    return new tessera.isaspec.syntax.Operand(new FieldLayout(name, parts), c);
  }

  private static FieldLayout.Part part(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new FieldLayout.Part.Constant(0, 1)
        : new FieldLayout.Part.Word(
            Integer.parseInt(text.substring(0, colon)),
            Integer.parseInt(text.substring(colon + 1)));
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

  // Classes

  private static OperandClass number(int width, boolean signed, String... relocations) {
    return operandClass(
        width, signed, 1, List.of(new OperandClass.Reading.Immediate()), relocations);
  }

  private static OperandClass target(int width, String relocation) {
    return operandClass(width, true, 2, List.of(new OperandClass.Reading.PcRelative()), relocation);
  }

  private static OperandClass opcode() {
    List<OperandClass.Text> names =
        IntStream.range(0, OPCODES.size())
            .filter(i -> !OPCODES.get(i).isEmpty())
            .mapToObj(i -> new OperandClass.Text(OPCODES.get(i), i << 2 | 3))
            .toList();
    return operandClass(
        7,
        false,
        1,
        List.of(new OperandClass.Reading.Texts(names), new OperandClass.Reading.Immediate()));
  }

  /// Registers of `x` or `f`, whatever the field means.
  private static OperandClass registers(Isa isa, int width, int first) {
    List<Integer> numbers = IntStream.range(first, first + (1 << width)).boxed().toList();
    List<OperandClass.Reading> readings = new ArrayList<>();
    for (String name : List.of("x", "f")) {
      @Nullable RegisterFile file = isa.registerFile(name);
      if (file != null) {
        readings.add(new OperandClass.Reading.Register(file, numbers));
      }
    }
    return operandClass(width, false, 1, readings);
  }

  private static OperandClass operandClass(
      int width,
      boolean signed,
      long step,
      List<OperandClass.Reading> readings,
      String... relocations) {
    return new OperandClass(
        "", signed, width, readings, null, step, List.of(relocations), false, null);
  }
}
