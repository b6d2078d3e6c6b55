package tessera.isaspec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.TestHart;

/// Control and status registers by the rules of their fields, through instructions and directly.
class CsrSemanticsTest {
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("edge16").isa("rv64imaf_zicsr_zicntr_xta")).orThrow();

  private final Evaluator evaluator = ISA.evaluator();
  private TestHart hart;

  @BeforeEach
  void reset() {
    hart = new TestHart(ISA, evaluator);
  }

  private static long number(String csr) {
    return Objects.requireNonNull(ISA.csr(csr), csr).number();
  }

  private void csr(String insn, String csr, long value) {
    hart.x(5, value);
    hart.step(insn, Map.of("rd", 6L, "rs1", 5L, "number", number(csr)));
  }

  private void illegal(String insn, String csr, long rs1) {
    TestHart before = hart.copy();
    GuestTrap trap =
        assertThrows(
            GuestTrap.class,
            () -> hart.step(insn, Map.of("rd", 6L, "rs1", rs1, "number", number(csr))));
    assertEquals(2, trap.cause());
    assertEquals(before.contents(), hart.contents());
  }

  @Test
  void swapsSetsAndClears() {
    csr("csrrw", "mscratch", 0x1234_5678_9abc_def0L);
    assertEquals(0, hart.x(6));
    csr("csrrs", "mscratch", 0xf);
    assertEquals(0x1234_5678_9abc_def0L, hart.x(6));
    csr("csrrc", "mscratch", 0xffL);
    assertEquals(0x1234_5678_9abc_deffL, hart.x(6));
    assertEquals(0x1234_5678_9abc_de00L, hart.csrValue("mscratch"));
    hart.step("csrrwi", Map.of("rd", 0L, "imm", 31L, "number", number("mscratch")));
    hart.step("csrrsi", Map.of("rd", 7L, "imm", 0L, "number", number("mscratch")));
    assertEquals(31, hart.x(7));
    hart.x(6, 0x77);
    hart.step("csrrw", Map.of("rd", 6L, "rs1", 6L, "number", number("mscratch")));
    assertEquals(31, hart.x(6), "rd = rs1: both read the state before");
    assertEquals(0x77, hart.csrValue("mscratch"));
  }

  @Test
  void illegalValuesBecomeLegalOnes() {
    csr("csrrw", "mepc", -1);
    assertEquals(-4, hart.csrValue("mepc"));
    csr("csrrw", "mtvec", 0x8000_0001L);
    assertEquals(0x8000_0001L, hart.csrValue("mtvec"));
    csr("csrrw", "mtvec", 0x4002L);
    assertEquals(0x4001L, hart.csrValue("mtvec"), "mode 2 keeps the old one, the base changes");
    csr("csrrw", "mstatus", 0x800);
    assertEquals(0, hart.csrValue("mstatus") >> 11 & 3, "MPP 1 keeps the old one");
    csr("csrrw", "mstatus", 0x1800);
    assertEquals(3, hart.csrValue("mstatus") >> 11 & 3);
  }

  @Test
  void computedFieldsFollow() {
    csr("csrrw", "mstatus", 0x6000);
    assertTrue(hart.csrValue("mstatus") < 0, "SD: the float state is dirty");
    assertEquals(2, hart.csrValue("mstatus") >> 32 & 3, "UXL");
    csr("csrrw", "mstatus", 0x2000);
    assertTrue(hart.csrValue("mstatus") > 0);
    csr("csrrw", "tstatus", 3);
    assertEquals(3, hart.csrValue("mstatus") >> 15 & 3, "XS is tstatus.TS");
    assertTrue(hart.csrValue("mstatus") < 0);
  }

  @Test
  void viewsShowTheSameBits() {
    csr("csrrw", "mstatus", 0x2000);
    csr("csrrw", "fcsr", 0x1ff);
    assertEquals(0xff, hart.csrValue("fcsr"));
    assertEquals(0x1f, hart.csrValue("fflags"));
    assertEquals(7, hart.csrValue("frm"));
    csr("csrrw", "frm", 0x12);
    assertEquals(0x5f, hart.csrValue("fcsr"), "the low bits of what is written");
    assertEquals(3, hart.csrValue("mstatus") >> 13 & 3, "a write of the view is one of fcsr");
  }

  @Test
  void readsAreNoWrites() {
    csr("csrrw", "mstatus", 0x2000);
    hart.step("csrrs", Map.of("rd", 6L, "rs1", 0L, "number", number("fcsr")));
    assertEquals(1, hart.csrValue("mstatus") >> 13 & 3, "reading leaves FS clean");
    hart.step("csrrs", Map.of("rd", 6L, "rs1", 0L, "number", number("mhartid")));
    illegal("csrrw", "mhartid", 0);
    illegal("csrrs", "mhartid", 5);
  }

  @Test
  void existenceHasConditions() {
    illegal("csrrs", "fcsr", 0);
    illegal("csrrs", "frm", 0);
    illegal("csrrs", "tm", 0);
    csr("csrrw", "tstatus", 1);
    csr("csrrw", "tm", 77);
    assertEquals(77, hart.csrValue("tm"));
    assertEquals(3, hart.csrValue("tstatus"), "a write makes the tile state dirty");
    hart.register("priv", 0, BigInteger.ZERO);
    illegal("csrrs", "mstatus", 0);
    illegal("csrrs", "cycle", 0);
    hart.register("priv", 0, BigInteger.valueOf(3));
    csr("csrrw", "mcounteren", 1);
    hart.register("priv", 0, BigInteger.ZERO);
    hart.step("csrrs", Map.of("rd", 6L, "rs1", 0L, "number", number("cycle")));
    illegal("csrrs", "instret", 0);
    assertFalse(evaluator.csrAllows(0x7ff, false, hart), "a number without a CSR");
  }

  @Test
  void countersCount() {
    hart.happened("cycles", 1000);
    hart.happened("retired", 100);
    assertEquals(1000, hart.csrValue("mcycle"));
    assertEquals(100, hart.csrValue("minstret"));
    csr("csrrw", "minstret", 5);
    hart.happened("retired", 101);
    assertEquals(5, hart.csrValue("minstret"), "the write replaces the instruction's own count");
    hart.happened("retired", 103);
    assertEquals(7, hart.csrValue("minstret"));
    csr("csrrw", "mcountinhibit", 1);
    hart.happened("cycles", 5000);
    assertEquals(1000, hart.csrValue("mcycle"), "it stands");
    assertEquals(1000, hart.csrValue("cycle"));
    csr("csrrw", "mcountinhibit", 0);
    hart.happened("cycles", 5010);
    assertEquals(1010, hart.csrValue("mcycle"), "it goes on from where it stood");
  }

  @Test
  void linesOfThePlatform() {
    hart.input("mtime", 0x1_0000_0007L);
    hart.input("hart", 2);
    hart.input("timer", 1);
    assertEquals(0x1_0000_0007L, hart.csrValue("time"));
    assertEquals(2, hart.csrValue("mhartid"));
    assertEquals(1 << 7, hart.csrValue("mip"));
    csr("csrrw", "mip", -1);
    assertEquals(1 << 7, hart.csrValue("mip"), "a line is not written");
  }

  @Test
  void everyWriteIsStable() {
    for (Csr csr : ISA.csrs()) {
      if (csr.name().matches("m?cycle|m?instret|m?hpmcounter.*")) {
        continue; // they count on: see countersCount
      }
      for (long value : new long[] {0, -1, 0x5555_5555_5555_5555L, 0xaaaa_aaaa_aaaa_aaaaL}) {
        evaluator.writeCsr(csr, value, hart);
        long once = evaluator.readCsr(csr, hart);
        evaluator.writeCsr(csr, once, hart);
        assertEquals(once, evaluator.readCsr(csr, hart), csr.name());
      }
    }
  }
}
