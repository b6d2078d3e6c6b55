package tessera.isaspec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.encoding.Decoded;

/// The bundled texts are right: every body binds for every binding of its types, on every machine.
class BundledTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"edge16", "tiny4", "wide64"})
  void everyBodyBinds(String machine) {
    Isa.Result result = Isa.load(Isa.Request.bundled(machine).checkEverything());
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

  @Test
  void isaStringIsCanonical() {
    assertEquals("rv64imf_zicntr_zicsr_zmmul_xta", Isa.bundled("edge16").name());
  }
}
