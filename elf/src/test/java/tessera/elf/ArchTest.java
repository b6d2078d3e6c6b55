package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchTest {
  @ParameterizedTest
  @CsvSource({
    "rv64i2p1_m2p0, rv64i2p1_m2p0",
    "rv64gcv_xta1p0, rv64g_c_v_xta1p0",
    "rv64imac, rv64i_m_a_c",
    "rv32e1p9, rv32e1p9",
    "rv64i2p1m2p0a2p1, rv64i2p1_m2p0_a2p1",
    "rv64i2_zba1p0_zvl128b1p0, rv64i2p0_zba1p0_zvl128b1p0",
    "rv64ip, rv64i_p",
    "rv64i2p, rv64i2p0_p",
    "rv64iczicsr2p0, rv64i_c_zicsr2p0",
    "rv64i_zve32x1p0_zve64d, rv64i_zve32x1p0_zve64d",
    "rv64i_sv39, rv64i_sv39",
    "RV64I_Zicsr, rv64i_zicsr"
  })
  void textIsTakenApart(String text, String parts) {
    assertEquals(Optional.of(parts), Arch.parse(text).map(Arch::toString));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rv",
        "rv64",
        "rv16i",
        "rv64m",
        "x86",
        "rv64i_",
        "rv64i__m",
        "_rv64i",
        "rv64i_z",
        "rv64i-m",
        "rv64i12345"
      })
  void otherTextIsNoInstructionSet(String text) {
    assertEquals(Optional.empty(), Arch.parse(text));
  }

  @Test
  void versionsAreNumbers() {
    var arch = Arch.parse("rv64i2p1_xta1p10").orElseThrow();
    assertEquals(64, arch.xlen());
    assertEquals(Optional.of(new Arch.Version(1, 10)), arch.find("xta").orElseThrow().version());
    assertEquals(Optional.empty(), arch.find("x"));
  }

  @Test
  void canonicalOrderIsThatOfTheManual() {
    var arch =
        Arch.parse("rv64i_xta_xab_svinval_zba_zicsr_v_zmmul_c_m_zawrs_zvl32b_d_f_a").orElseThrow();
    assertEquals(
        "rv64i_m_a_f_d_c_v_zicsr_zmmul_zawrs_zba_zvl32b_svinval_xab_xta",
        arch.canonical().toString());
  }

  @Provide
  Arbitrary<Arch> arches() {
    var name =
        Arbitraries.oneOf(
            Arbitraries.strings().withChars("mafdcbvh").ofLength(1),
            Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .ofMinLength(1)
                .ofMaxLength(8)
                .map(rest -> "z" + rest + "x"));
    var version =
        Combinators.combine(
                Arbitraries.integers().between(0, 99), Arbitraries.integers().between(0, 99))
            .as(Arch.Version::new)
            .optional();
    return Combinators.combine(name, version)
        .as(Arch.Extension::new)
        .list()
        .ofMaxSize(6)
        .map(list -> new Arch(64, concat(Arch.Extension.of("i", 2, 1), list)));
  }

  private static <T> List<T> concat(T first, List<T> rest) {
    return Stream.concat(Stream.of(first), rest.stream()).toList();
  }

  @Property(tries = 500)
  void parseInvertsPrint(@ForAll("arches") Arch arch) {
    assertEquals(Optional.of(arch), Arch.parse(arch.toString()));
    assertTrue(arch.canonical().extensions().containsAll(arch.extensions()));
  }

  @Property(tries = 500)
  void anyTextIsTakenApartOrRefused(@ForAll String text) {
    Arch.parse("rv64i" + text)
        .ifPresent(arch -> assertEquals(Optional.of(arch), Arch.parse(arch.toString())));
  }
}
