package tessera.isaspec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.syntax.Operand;

/// The bundled texts are right: every body binds for every binding of its types, on every machine.
class BundledTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"edge16", "tiny4", "wide64"})
  void everyBodyBinds(String machine) {
    Isa.Request all = Isa.Request.bundled(machine).isa(Texts.everything());
    Isa.Result result = Isa.load(all.checkEverything());
    if (result instanceof Isa.Result.Failed(var diagnostics)) {
      throw new AssertionError(Renderer.render(diagnostics));
    }
    assertEquals(List.of(), ((Isa.Result.Ok) result).warnings());
  }

  @ParameterizedTest
  @CsvSource({
    "0x0008700b, ta.mma.i8.i8",
    "0x4668700b, ta.mma.bf16.bf16",
    "0x0206848b, ta.setm",
    "0x201f028b, ta.setk",
    "0x2103042b, ta.ld.a",
    "0x1100190b, ta.ew.rmax.f32"
  })
  void sampleWordsDecode(String word, String name) {
    Isa isa = Isa.bundled("edge16");
    Decoded decoded = isa.decoder().decode(Long.decode(word));
    assertNotNull(decoded);
    assertTrue(decoded.instruction().name().startsWith(name), decoded.instruction().name());
  }

  /// Engines bind with every field and mode as a constant: then other branches are dead, and types
  /// are those of the living ones.
  @ParameterizedTest
  @ValueSource(strings = {"edge16", "tiny4"})
  void everyBodyBindsWithConstants(String machine) {
    Isa isa = Isa.load(Isa.Request.bundled(machine).isa(Texts.everything())).orThrow();
    Random random = new Random(1);
    for (Instruction insn : isa.instructions()) {
      for (int i = 0; i < 16; i++) {
        long word = insn.encoding().match();
        for (Operand operand : insn.operands()) {
          word = operand.field().insert(word, i == 0 ? 0 : i == 1 ? -1 : random.nextLong());
        }
        if (insn.accepts(word)) {
          bind(isa, new Decoded(insn, word), random);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rv64imfdc, rv64imfdc_zca_zcd_zicsr_zmmul",
    "RV64I2p1_M2p0_F2p2_Zicsr2p0, rv64imf_zicsr_zmmul",
    "rv64i_c, rv64ic_zca_zicsr",
    "rv64if_zca, rv64if_zca_zicsr",
    "rv64id_zca, rv64ifd_zca_zicsr"
  })
  void stringsHaveTheirClosure(String text, String canonical) {
    assertEquals(canonical, Isa.load(Isa.Request.bundled("edge16").isa(text)).orThrow().name());
  }

  /// A mode is worth another number in each binding.
  @Test
  void aBindingLeavesNothingToTheNext() {
    Isa isa = Isa.bundled("tiny4");
    for (Instruction insn : isa.instructions()) {
      if (insn.name().startsWith("ta.mma")) {
        String before = insn.bind(Map.of()).conditions().toString();
        Map<String, BigInteger> modes = new HashMap<>();
        isa.modes().forEach(m -> modes.put(m.name(), BigInteger.valueOf(m.values().getLast())));
        String bound = insn.bind(modes).conditions().toString();
        assertEquals(before, insn.bind(Map.of()).conditions().toString());
        modes.replaceAll((_, _) -> BigInteger.ONE);
        assertNotEquals(bound, insn.bind(modes).conditions().toString());
      }
    }
  }

  private static void bind(Isa isa, Decoded decoded, Random random) {
    Map<String, BigInteger> statics = new HashMap<>();
    for (Operand operand : decoded.instruction().operands()) {
      statics.put(operand.name(), BigInteger.valueOf(decoded.operand(operand.name())));
    }
    for (Mode mode : isa.modes()) {
      List<Long> values = mode.values();
      statics.put(mode.name(), BigInteger.valueOf(values.get(random.nextInt(values.size()))));
    }
    assertNotNull(decoded.instruction().bind(Map.copyOf(statics)).body());
  }

  @Test
  void isaStringIsCanonical() {
    Isa small = Isa.load(Isa.Request.bundled("edge16").isa("rv64g_zicntr_xta")).orThrow();
    assertEquals("rv64imafd_zaamo_zalrsc_zicntr_zicsr_zifencei_zmmul_xta", small.name());
    assertEquals("rv64imafd_..._xta", small.shortName());
    assertEquals("rv64imafdcv_..._xta", Isa.bundled("edge16").shortName());
  }
}
