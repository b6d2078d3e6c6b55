package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever happens to a file, reading it gives a value or problems, soon.
final class DamagedFileTest {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /// A number that overwrites `width` bytes.
  ///
  /// @param place where, as a part of the file
  record Damage(double place, int width, long value) {
    void apply(byte[] file) {
      int at = (int) (place * Math.max(1, file.length - width));
      for (int i = 0; i < width && at + i < file.length; i++) {
        file[at + i] = (byte) (value >> 8 * i);
      }
    }
  }

  @Provide
  Arbitrary<Elf> elfs() {
    return Elfs.all();
  }

  @Provide
  Arbitrary<List<Damage>> damages() {
    var values =
        Arbitraries.oneOf(
            Arbitraries.of(
                0L,
                1L,
                -1L,
                2L,
                7L,
                64L,
                0x80L,
                0xffffL,
                1L << 31,
                (1L << 32) - 1,
                Long.MIN_VALUE,
                Long.MAX_VALUE),
            Arbitraries.longs().between(0, 5000),
            Arbitraries.longs());
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1), Arbitraries.of(1, 2, 4, 8), values)
        .as(Damage::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void damageGivesAValueOrProblems(
      @ForAll("elfs") Elf elf, @ForAll("damages") List<Damage> damages) {
    byte[] file = ElfWriter.write(elf);
    damages.forEach(damage -> damage.apply(file));
    checkRead(file);
  }

  /// Most of a file is contents; all that a reader can stumble over is in its headers.
  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void damagedHeadersGiveAValueOrProblems(
      @ForAll("elfs") Elf elf, @ForAll("damages") List<Damage> damages) {
    byte[] file = ElfWriter.write(elf);
    int sectionHeaders = (int) Bytes.wrap(file).i64(40);
    byte[] tail = Arrays.copyOfRange(file, sectionHeaders, file.length);
    byte[] head = Arrays.copyOf(file, Math.min(file.length, 64 + 56 * elf.segments().size()));
    for (int i = 0; i < damages.size(); i++) {
      damages.get(i).apply(i % 2 == 0 ? head : tail);
    }
    System.arraycopy(tail, 0, file, sectionHeaders, tail.length);
    System.arraycopy(head, 0, file, 0, head.length);
    checkRead(file);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void everyTruncationGivesProblems(
      @ForAll("elfs") Elf elf, @ForAll("damages") List<Damage> damages) {
    byte[] file = ElfWriter.write(elf);
    int length = (int) (damages.getFirst().place * (file.length - 1));
    var result = checkRead(Arrays.copyOf(file, length));
    // The section headers lie at the end, so that no truncation is harmless.
    assertTrue(result instanceof ElfResult.Failed<Elf>);
  }

  @Property(tries = 1000)
  void anyBytesGiveAValueOrProblems(@ForAll byte[] noise) {
    byte[] file = noise.clone();
    checkRead(file);
    System.arraycopy(ElfHeader.MAGIC, 0, file, 0, Math.min(4, file.length));
    checkRead(file);
    Note.read(Bytes.wrap(noise), 4);
    Note.read(Bytes.wrap(noise), 8);
    if (noise.length > 0) {
      noise[0] = 'A';
      Attributes.read(Bytes.wrap(noise));
    }
  }

  /// Reads the file and uses what comes of it.
  static ElfResult<Elf> checkRead(byte[] file) {
    long start = System.nanoTime();
    ElfResult<Elf> result = ElfReader.read(file);
    if (System.nanoTime() - start > LIMIT.toNanos()) {
      // Was it the file, or a busy machine?
      assertTimeout(LIMIT, () -> ElfReader.read(file));
    }
    switch (result) {
      case ElfResult.Ok<Elf>(var elf) -> checkUse(elf);
      case ElfResult.Failed<Elf>(var problems) -> {
        assertFalse(problems.isEmpty());
        assertTrue(problems.size() <= ElfResult.Failed.MOST);
        problems.forEach(problem -> assertFalse(problem.toString().isBlank()));
      }
    }
    return result;
  }

  /// What a loader does with a file that was read works, damaged or not.
  private static void checkUse(Elf elf) {
    assertTrue(elf.loadedSize() >= 0);
    elf.notes();
    elf.attributes()
        .flatMap(Attributes::arch)
        .flatMap(Arch::parse)
        .ifPresent(arch -> assertFalse(arch.toString().isEmpty()));
    var symbols = SymbolTable.of(elf);
    for (var symbol : elf.symbols()) {
      symbols
          .at(symbol.value())
          .ifPresent(location -> assertEquals(symbol.value(), value(location)));
      symbols.at(symbol.value() + symbol.size() / 2);
    }
  }

  private static long value(SymbolTable.Location location) {
    return location.symbol().value() + location.offset();
  }
}
