package tessera.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.Models;
import tessera.compiler.onnx.RandomModels;
import tessera.elf.Elf;
import tessera.elf.ElfWriter;
import tessera.elf.Section;
import tessera.elf.Symbol;
import tessera.elf.SymbolTable;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;

class CompilerTest {
  private static final Isa ISA = Isa.bundled("edge16");
  private static final Compiler COMPILER = Compiler.on(ISA);

  private static Models layer() {
    return Models.of(3)
        .input("in put", DType.F32, 2, 6)
        .weights("w", 5, 6)
        .weights("b", 5)
        .node("h", "Gemm", "in put", "w", "b")
        .with("transB", 1)
        .node("y", "Relu", "h")
        .output("y");
  }

  @Test
  void theFileNamesItsTensorsAndGroups() {
    CompiledModel program = COMPILER.compile(layer().done()).orThrow();
    Elf elf = program.elf();
    assertEquals(0x8000_0000L, elf.entry());
    SymbolTable symbols = SymbolTable.of(elf);
    Symbol input = symbols.find("tensor.in$20put").orElseThrow();
    assertEquals(2 * 6 * 4, input.size());
    assertEquals(Symbol.Type.OBJECT, input.type());
    Section io = elf.section(".tessera.io").orElseThrow();
    assertTrue(input.value() >= io.address() && input.value() < io.address() + io.size());
    Section note = elf.section(ModelNote.SECTION).orElseThrow();
    assertEquals(0, note.flags() & Section.ALLOC);
    String text = new String(note.contents().toArray(), StandardCharsets.UTF_8);
    assertEquals(Optional.of(program.note()), ModelNote.parse(text));
    assertEquals(
        List.of(
            new ModelNote.GroupNote(1, "tile", List.of("/h")),
            new ModelNote.GroupNote(2, "scalar", List.of("/y"))),
        program.note().groups());
  }

  @Test
  void compilingTwiceGivesTheSameBytes() {
    Model model = RandomModels.of(11);
    byte[] first = ElfWriter.write(COMPILER.compile(model).orThrow().elf());
    byte[] second = ElfWriter.write(Compiler.on(ISA).compile(model).orThrow().elf());
    assertArrayEquals(first, second);
  }

  @Test
  void withoutTilesTheSameBits() {
    Isa scalar = Isa.load(Isa.Request.bundled("edge16").isa("rv64imf")).orThrow();
    Model model = layer().done();
    CompiledModel onTiles = COMPILER.compile(model).orThrow();
    CompiledModel plain = Compiler.on(scalar).compile(model).orThrow();
    assertTrue(plain.note().groups().stream().allMatch(group -> group.unit().equals("scalar")));
    Map<String, Tensor> inputs = Samples.of(onTiles, 1);
    Map<String, Tensor> expected = GraphEvaluator.evaluate(onTiles.graph(), inputs);
    assertEquals(expected, EmulatorRun.run(ISA, onTiles, inputs));
    assertEquals(expected, EmulatorRun.run(ISA, plain, inputs));
  }

  @Test
  void whatThereIsNoCodeForIsInTheOneError() {
    Model model =
        Models.of(1)
            .input("x", DType.F32, 4)
            .input("d", DType.F64, 4)
            .node("s", "Sin", "x")
            .node("up", "Resize", "s")
            .node("e", "Exp", "d")
            .output("s")
            .output("up")
            .output("e")
            .done();
    var failed = assertInstanceOf(Compiler.Compiled.Failed.class, COMPILER.compile(model));
    assertEquals(
        List.of(
            "/up      Resize-13  the operator is not supported",
            "input d  f64        elements of f64 (there is code for: f32 f16 bf16 i8 u8 i16 u16 i32 u32"
                + " i64 u64 bool)",
            "/s       Sin-7      there is no code for sin yet",
            "/e       Exp-13     elements of f64 (there is code for: f32 f16 bf16 i8 u8 i16 u16 i32 u32"
                + " i64 u64 bool)"),
        failed.diagnostics().getFirst().notes().stream().map(Diagnostic.Note::text).toList());
    assertEquals(
        "3 of 3 nodes cannot be compiled (opset 17)", failed.diagnostics().getFirst().message());
  }

  /// Values in between need memory for their lives only: a long chain needs that of two.
  @Test
  void aChainReusesItsMemory() {
    var models = Models.of(5).input("x", DType.F32, 16, 64);
    String at = "x";
    for (int i = 0; i < 12; i++) {
      models.weights("w" + i, 64, 64).node("h" + i, "MatMul", at, "w" + i);
      at = "h" + i;
    }
    CompiledModel program =
        COMPILER.compile(models.node("y", "Neg", at).output("y").done()).orThrow();
    Section arena =
        program.elf().sections().stream()
            .filter(section -> section.name().startsWith(".bss"))
            .findFirst()
            .orElseThrow();
    assertEquals(2 * 16 * 64 * 4, arena.size());
  }

  @Test
  void emptyTensorsAreFine() {
    Model model =
        Models.of(1)
            .input("x", DType.F32, 0, 3)
            .constant("axes", Tensor.of(DType.I64, Shape.of(1), 0))
            .node("e", "Exp", "x")
            .node("s", "ReduceSum", "e", "axes")
            .output("e")
            .output("s")
            .done();
    CompiledModel program = COMPILER.compile(model).orThrow();
    Map<String, Tensor> outputs =
        EmulatorRun.run(ISA, program, Map.of("x", Tensor.of(Shape.of(0, 3))));
    assertEquals(Tensor.of(Shape.of(1, 3), 0, 0, 0), Objects.requireNonNull(outputs.get("s")));
  }
}
