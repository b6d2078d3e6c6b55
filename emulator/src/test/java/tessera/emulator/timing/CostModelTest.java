package tessera.emulator.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tessera.emulator.Hart;
import tessera.emulator.InstructionInfo;
import tessera.emulator.memory.Memory;
import tessera.emulator.timing.Footprint.Flow;
import tessera.emulator.timing.Footprint.Order;
import tessera.emulator.timing.Footprint.Role;
import tessera.isaspec.Csr;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Mode;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.syntax.Operand;

/// What the bundled texts say about cost, as the timing model understands it.
final class CostModelTest {
  private static final Isa ISA = Isa.bundled("edge16");
  private static final Pipeline PIPELINE = Pipeline.of(ISA.machine());
  private static final CostModel COSTS = new CostModel(ISA, PIPELINE);

  private static InstructionInfo info(String name, Object... fields) {
    Instruction insn = ISA.instruction(name);
    if (insn == null) {
      throw new IllegalArgumentException(name);
    }
    long word = insn.encoding().match();
    for (int i = 0; i < fields.length; i += 2) {
      word = insn.operand((String) fields[i]).encode(word, ((Integer) fields[i + 1]).longValue());
    }
    Decoded decoded = new Decoded(insn, word);
    Map<String, BigInteger> statics = new HashMap<>();
    for (Operand o : insn.operands()) {
      statics.put(o.name(), BigInteger.valueOf(decoded.operand(o.name())));
    }
    // Groups of one register; 32-bit elements can be widened and narrowed
    for (Mode mode : ISA.modes()) {
      long one = mode.name().equals("SEW") ? 32 : mode.scale();
      statics.put(mode.name(), BigInteger.valueOf(one));
    }
    return new InstructionInfo(0, decoded, insn.bind(statics), -1, -1);
  }

  private static Footprint footprint(String name, Object... fields) {
    return COSTS.footprint(info(name, fields));
  }

  @Test
  void theDefaultMachineIsTheOneOfTheDesign() {
    Pipeline expected = Pipeline.of(Machines.edge16());
    assertEquals(expected.ram(), PIPELINE.ram());
    assertEquals(new Pipeline.Port(12, 64, 64), PIPELINE.ram());
    assertEquals(new Pipeline.Port(3, 128, 64), PIPELINE.scratchpad());
    assertEquals(2, PIPELINE.loadUse());
    assertEquals(3, PIPELINE.scratchpadLatency());
    assertEquals(3, PIPELINE.redirect());
    assertFalse(PIPELINE.part("DIV").pipelined());
    assertEquals(expected.part("MXU"), PIPELINE.part("MXU"));
  }

  /// Every instruction has a footprint, and the class that its name lets one expect.
  @Test
  void everyInstructionHasAClass() {
    Map<InstructionClass, TreeSet<String>> classes = new TreeMap<>();
    List<String> failures = new ArrayList<>();
    for (Instruction insn : ISA.instructions()) {
      Object[] fields =
          insn.operands().stream()
              .flatMap(o -> java.util.stream.Stream.of(o.name(), (int) o.decode(accepted(insn))))
              .toArray();
      try {
        InstructionClass kind = footprint(insn.name(), fields).kind();
        classes.computeIfAbsent(kind, _ -> new TreeSet<>()).add(insn.name());
      } catch (Unbound | IllegalArgumentException e) {
        failures.add(insn.name() + ": " + e.getMessage());
      }
    }
    assertEquals(List.of(), failures);
    assertEquals(
        new TreeSet<>(List.of("beq", "bge", "bgeu", "blt", "bltu", "bne", "c.beqz", "c.bnez")),
        classes.getOrDefault(InstructionClass.BRANCH, new TreeSet<>()));
    assertEquals(
        new TreeSet<>(
            List.of(
                "flh", "flw", "fld", "lr.d", "lr.w", "lb", "lbu", "ld", "lh", "lhu", "lw", "lwu",
                "c.lbu", "c.lh", "c.lhu", "c.fld", "c.fldsp", "c.ld", "c.ldsp", "c.lw", "c.lwsp")),
        classes.getOrDefault(InstructionClass.LOAD, new TreeSet<>()));
    assertEquals(
        new TreeSet<>(
            List.of(
                "fsh",
                "fsw",
                "fsd",
                "sb",
                "sc.d",
                "sc.w",
                "sd",
                "sh",
                "sw",
                "c.sb",
                "c.sh",
                "c.fsd",
                "c.fsdsp",
                "c.sd",
                "c.sdsp",
                "c.sw",
                "c.swsp",
                "cbo.zero")),
        without(classes.getOrDefault(InstructionClass.STORE, new TreeSet<>()), "amo"));
    assertEquals(
        new TreeSet<>(
            List.of(
                "mul", "mulh", "mulhsu", "mulhu", "mulw", "c.mul", "clmul", "clmulh", "clmulr")),
        classes.getOrDefault(InstructionClass.MUL, new TreeSet<>()));
    assertEquals(8, classes.getOrDefault(InstructionClass.DIV, new TreeSet<>()).size());
    assertTrue(
        classes.getOrDefault(InstructionClass.INT, new TreeSet<>()).stream()
            .noneMatch(n -> n.startsWith("f") || n.startsWith("ta.") || n.startsWith("csr")),
        classes.getOrDefault(InstructionClass.INT, new TreeSet<>())::toString);
    assertTrue(
        classes.getOrDefault(InstructionClass.TILE_PRODUCT, new TreeSet<>()).stream()
            .allMatch(n -> n.startsWith("ta.mma")));
  }

  /// A value of the operand's class: a register of the kind that windows want, else the least. A
  /// word that the instruction accepts: what it costs elsewhere has no meaning.
  private static long accepted(Instruction insn) {
    java.util.Random random = new java.util.Random(1);
    long word = insn.encoding().match();
    for (int tries = 0; !insn.accepts(word); tries++) {
      if (tries > 1_000_000) {
        throw new AssertionError("no word found of " + insn.name());
      }
      for (Operand operand : insn.operands()) {
        word = operand.field().insert(word, random.nextLong());
      }
    }
    return word;
  }

  // --- flow of control ---

  @Test
  void branchesKnowTheirDirection() {
    assertEquals(Flow.BRANCH, footprint("beq", "rs1", 5, "rs2", 6, "to", 64).shape.flow());
    assertFalse(footprint("beq", "rs1", 5, "rs2", 6, "to", 64).shape.backward());
    assertTrue(footprint("bne", "rs1", 5, "rs2", 6, "to", -64).shape.backward());
  }

  @Test
  void returnsAreJumpsAndOtherRegisterJumpsAreIndirect() {
    assertEquals(Flow.JUMP, footprint("jal", "rd", 1, "to", 2048).shape.flow());
    assertEquals(Flow.JUMP, footprint("jalr", "rd", 0, "rs1", 1, "imm", 0).shape.flow());
    assertEquals(Flow.JUMP, footprint("jalr", "rd", 0, "rs1", 5, "imm", 0).shape.flow());
    assertEquals(Flow.INDIRECT, footprint("jalr", "rd", 0, "rs1", 6, "imm", 0).shape.flow());
    assertEquals(Flow.INDIRECT, footprint("jalr", "rd", 1, "rs1", 1, "imm", 0).shape.flow());
    assertEquals(InstructionClass.JUMP, footprint("jalr", "rd", 0, "rs1", 1, "imm", 0).kind());
  }

  @Test
  void fencesAndCsrsOrder() {
    assertEquals(Order.MEMORY, footprint("fence.tso").shape.order());
    assertEquals(Order.SERIAL, footprint("csrrs", "rd", 5, "rs1", 0, "number", 3).shape.order());
    assertEquals(Order.NONE, footprint("add", "rd", 5, "rs1", 6, "rs2", 7).shape.order());
  }

  // --- registers ---

  @Test
  void registersOfBothFilesAreKeptApart() {
    int[] whole = footprint("add", "rd", 5, "rs1", 6, "rs2", 7).reads;
    int[] floats = footprint("fmadd.s", "rd", 5, "rs1", 6, "rs2", 7, "rs3", 8, "rm", 0).reads;
    assertEquals(2, whole.length);
    assertEquals(3, floats.length);
    assertEquals(32, Math.abs(floats[0] - whole[0]));
    assertEquals(0, footprint("add", "rd", 0, "rs1", 0, "rs2", 0).writes.length, "x0");
    assertEquals(0, footprint("add", "rd", 0, "rs1", 0, "rs2", 0).reads.length, "x0");
  }

  private static List<Role> roles(Footprint f) {
    return f.tiles.stream().map(Footprint.Tile::role).toList();
  }

  @Test
  void tilesHaveRoles() {
    Footprint product = footprint("ta.mma.i8.i8", "c", 1, "a", 2, "b", 5, "zi", 0, "neg", 0);
    assertEquals(List.of(Role.FIRST_OPERAND, Role.OTHER_OPERAND, Role.ACCUMULATOR), roles(product));
    Footprint fresh = footprint("ta.mma.i8.i8", "c", 1, "a", 2, "b", 5, "zi", 1, "neg", 0);
    assertEquals(List.of(Role.FIRST_OPERAND, Role.OTHER_OPERAND, Role.RESULT), roles(fresh));
    assertEquals(4, product.price.products);
    assertEquals(
        2, footprint("ta.mma.bf16.bf16", "c", 1, "a", 2, "b", 5, "zi", 1, "neg", 0).price.products);
    assertEquals(
        1, footprint("ta.mma.fp32.fp32", "c", 1, "a", 2, "b", 5, "zi", 1, "neg", 0).price.products);
    Footprint load = footprint("ta.ld.a.", "t", 10, "rs1", 5, "rs2", 6, "ew", 1, "trn", 0);
    assertEquals(List.of(Role.RESULT), roles(load));
    assertEquals(InstructionClass.TILE_LOAD, load.kind());
    Footprint store = footprint("ta.st.c.e32", "t", 2, "rs1", 5, "rs2", 6, "trn", 0);
    assertEquals(List.of(Role.FIRST_OPERAND), roles(store));
    assertEquals(InstructionClass.TILE_STORE, store.kind());
  }

  // --- costs ---

  private static Hart hart(long m, long n, long k) {
    Hart hart = Hart.of(ISA, Memory.of(0x8000_0000L, 1 << 16, 1 << 20), 0);
    write(hart, "tm", m);
    write(hart, "tn", n);
    write(hart, "tk", k);
    return hart;
  }

  private static void write(Hart hart, String name, long value) {
    Csr csr = ISA.csr(name);
    if (csr == null) {
      throw new IllegalArgumentException(name);
    }
    hart.writeCsr(csr, value);
  }

  private static long[] costs(Footprint f, Hart hart) {
    Formula.Seen seen = new Formula.Seen(0, 0, 1, 1);
    Formula macs = f.price.macs;
    return new long[] {
      f.price.issue.value(hart, seen),
      f.price.latency.value(hart, seen),
      macs == null ? 0 : macs.value(hart, seen)
    };
  }

  @Test
  void aProductCostsItsQuanta() {
    Footprint i8 = footprint("ta.mma.i8.i8", "c", 1, "a", 2, "b", 5, "zi", 0, "neg", 0);
    assertEquals(List.of(16L, 46L, 16384L), list(costs(i8, hart(16, 16, 64))));
    assertEquals(List.of(8L, 38L, 5120L), list(costs(i8, hart(16, 10, 32))));
    assertEquals(List.of(4L, 34L, 768L), list(costs(i8, hart(16, 16, 3))), "smin");
    assertEquals(List.of(64L, 94L, 65536L), list(costs(i8, hart(32, 32, 64))), "four blocks");
    Footprint f32 = footprint("ta.mma.fp32.fp32", "c", 1, "a", 2, "b", 5, "zi", 0, "neg", 0);
    assertEquals(List.of(16L, 46L, 4096L), list(costs(f32, hart(16, 16, 16))));
  }

  private static List<Long> list(long[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  @Test
  void scalarCostsAreWorkedOutBeforehand() {
    Price add = footprint("add", "rd", 5, "rs1", 6, "rs2", 7).price;
    assertTrue(add.isFixed());
    assertEquals(1, add.latency(Traffic.NOTHING, false));
    Price load = footprint("ld", "rd", 5, "rs1", 6, "imm", 0).price;
    assertEquals(2, load.latency(Traffic.RAM, false));
    assertEquals(3, load.latency(Traffic.SCRATCHPAD, false));
    Price branch = footprint("beq", "rs1", 5, "rs2", 6, "to", 64).price;
    assertEquals(1, branch.issue(Traffic.NOTHING, false));
    assertEquals(2, branch.issue(Traffic.NOTHING, true));
    assertEquals(20, footprint("div", "rd", 5, "rs1", 6, "rs2", 7).price.latency(0, false));
    assertFalse(
        footprint("ta.mma.i8.i8", "c", 1, "a", 2, "b", 5, "zi", 0, "neg", 0).price.isFixed());
  }

  private static Set<String> without(Set<String> names, String prefix) {
    TreeSet<String> rest = new TreeSet<>(names);
    rest.removeIf(n -> n.startsWith(prefix));
    return rest;
  }
}
