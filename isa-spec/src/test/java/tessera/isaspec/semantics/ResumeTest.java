package tessera.isaspec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.TestHart;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.syntax.Operand;

/// Every instruction with a `resume` loop may be stopped before each of its steps and go on: the
/// result is the same. Where it touches memory, a fault at each row is such a stop; elsewhere the
/// steps before are those that a smaller size does.
class ResumeTest {
  private static final Isa ISA = Isa.bundled("tiny4");
  private static final int ROWS = 3;
  private static final int COLUMNS = 2;
  private static final int DEPTH = 3;
  private static final long BASE = 0x10000;
  private static final long PITCH = 0x100;

  private final Evaluator evaluator = ISA.evaluator();
  private final Random random = new Random(3);

  @TestFactory
  Stream<DynamicTest> tileInstructions() {
    List<DynamicTest> all = new ArrayList<>();
    for (Instruction insn : ISA.instructions()) {
      if (insn.extension().equals("Xta") && insn.format().name().equals("TMEM")) {
        for (int t = 0; t < 2; t++) {
          int transposed = t;
          if (insn.hasOperand("trn") || t == 0) {
            all.add(
                DynamicTest.dynamicTest(
                    insn.name() + (t == 1 ? ".t" : ""), () -> faultsAtEachRow(insn, transposed)));
          }
        }
      } else if (insn.extension().equals("Xta")
          && insn.name().matches("ta\\.(mma|ew|ews|pack).*")) {
        all.add(DynamicTest.dynamicTest(insn.name(), () -> restartsAtEachRow(insn)));
      }
    }
    assertTrue(all.size() > 100, "tile instructions are there");
    return all.stream();
  }

  private TestHart hart() {
    TestHart hart = new TestHart(ISA, evaluator);
    hart.csrValue("mstatus", 0x2000);
    hart.csrValue("tstatus", 1);
    hart.csrValue("tm", ROWS);
    hart.csrValue("tn", COLUMNS);
    hart.csrValue("tk", DEPTH);
    for (String file : List.of("mt", "mc", "mr", "mq", "f")) {
      RegisterFile registers = Objects.requireNonNull(ISA.registerFile(file));
      for (int r = 0; r < registers.count(); r++) {
        hart.register(file, r, new BigInteger(registers.width(), random));
      }
    }
    hart.x(5, BASE);
    hart.x(6, PITCH);
    return hart;
  }

  /// Operands that are legal: registers of the right kind, the base in x5, the pitch in x6.
  private Decoded decoded(Instruction insn, Map<String, Long> wanted, TestHart hart) {
    List<Map<String, Long>> tries = List.of(Map.of());
    for (Operand operand : insn.operands()) {
      List<Map<String, Long>> more = new ArrayList<>();
      List<Long> values = new ArrayList<>();
      if (wanted.containsKey(operand.name())) {
        values.add(wanted.get(operand.name()));
      } else if (operand.name().matches("t|td|ts|ts1|ts2")) {
        values.addAll(List.of(0L, 1L, 8L, 9L, 16L, 17L, 24L, 25L));
      } else if (operand.name().equals("rs2")
          && operand.operandClass().file() == ISA.registerFile("f")) {
        values.add(2L);
      } else {
        values.add(operand.name().equals("rs1") ? 5L : operand.name().equals("rs2") ? 6L : 1L);
      }
      for (Map<String, Long> before : tries) {
        for (long value : values) {
          Map<String, Long> next = new HashMap<>(before);
          next.put(operand.name(), value);
          more.add(next);
        }
      }
      tries = more;
    }
    for (Map<String, Long> operands : tries) {
      try {
        Decoded decoded = hart.decoded(insn.name(), operands);
        evaluator.step(decoded, hart.copy());
        return decoded;
      } catch (IllegalArgumentException | GuestTrap _) {
        // not legal so: the next ones
      }
    }
    throw new AssertionError("no legal operands for " + insn);
  }

  /// Runs with fewer rows, then goes on from there: what a stop at that row does.
  private void restartsAtEachRow(Instruction insn) {
    TestHart start = hart();
    start.x(5, 0);
    Decoded decoded = decoded(insn, Map.of("neg", 0L), start);
    TestHart whole = start.copy();
    evaluator.step(decoded, whole);
    assertEquals(0, whole.csrValue("tstart"), "completion leaves tstart at 0");
    if (insn.name().matches(".*\\.mq\\.mq|ta\\.ews.*\\.mq|ta\\.pack.*\\.mq")) {
      // Vectors are one row: there is no other to start at.
      start.csrValue("tstart", 1);
      assertThrows(GuestTrap.class, () -> evaluator.step(decoded, start));
      return;
    }
    for (int row = 1; row < ROWS; row++) {
      TestHart hart = start.copy();
      hart.csrValue("tm", row);
      evaluator.step(decoded, hart);
      hart.csrValue("tm", ROWS);
      hart.csrValue("tstart", row);
      hart.pc(start.pc());
      evaluator.step(decoded, hart);
      assertEquals(whole.contents(), hart.contents(), "stopped before row " + row);
    }
  }

  private void faultsAtEachRow(Instruction insn, int transposed) {
    TestHart start = hart();
    for (long address = BASE; address < BASE + 0x1000; address += 8) {
      start.store(address, 8, random.nextLong(), AccessKind.STORE);
    }
    Decoded decoded = decoded(insn, Map.of("trn", (long) transposed, "ew", 3L), start);
    TestHart whole = start.copy();
    evaluator.step(decoded, whole);
    int stops = 0;
    for (long end = BASE; end < BASE + 0x1000; end += 4) {
      TestHart hart = start.copy();
      hart.end = end;
      boolean store = insn.name().startsWith("ta.st");
      try {
        evaluator.step(decoded, hart);
        break; // enough memory
      } catch (GuestTrap trap) {
        assertEquals("access_fault", trap.trap());
        assertEquals(store ? 7 : 5, trap.cause());
        assertEquals(start.pc(), hart.pc(), "pc is still the instruction's");
        assertTrue(hart.csrValue("tstart") < ROWS);
        stops++;
      }
      hart.end = Long.MAX_VALUE;
      evaluator.step(decoded, hart);
      hart.end = whole.end;
      assertEquals(whole.contents(), hart.contents(), "stopped before " + Long.toHexString(end));
    }
    assertTrue(stops > 1, "it was stopped");
  }

  @TestFactory
  Stream<DynamicTest> imagesAreOneStep() {
    return ISA.instructions().stream()
        .filter(i -> i.name().startsWith("ta.svr") || i.name().startsWith("ta.rsr"))
        .map(i -> DynamicTest.dynamicTest(i.name(), () -> oneStep(i)));
  }

  private void oneStep(Instruction insn) {
    TestHart hart = hart();
    Decoded decoded = decoded(insn, Map.of(), hart);
    hart.end = BASE + 12;
    TestHart before = hart.copy();
    assertThrows(GuestTrap.class, () -> evaluator.step(decoded, hart));
    assertEquals(before.contents(), hart.contents(), "nothing has happened");
  }
}
