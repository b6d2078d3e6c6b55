package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SymbolTableTest {
  private static final List<Section> SECTIONS =
      List.of(
          Section.zeros(".text", Section.ALLOC | Section.EXECUTE, 1, 0x100).withAddress(0x1000),
          Section.zeros(".data", Section.ALLOC | Section.WRITE, 1, 0x100).withAddress(0x1100),
          Section.zeros(".high", Section.ALLOC, 1, 0x100).withAddress(-0x100));

  private static SymbolTable table(Symbol... symbols) {
    return SymbolTable.of(new Elf(Elf.Type.EXEC, 0, 0, SECTIONS, List.of(), List.of(symbols)));
  }

  private static String at(SymbolTable table, long address) {
    return table.at(address).map(Object::toString).orElse("-");
  }

  private static Symbol function(String name, long value, long size) {
    return Symbol.global(name, 0, value).withType(Symbol.Type.FUNC).withSize(size);
  }

  @Test
  void theNearestSymbolBeforeNamesAnAddress() {
    var table = table(Symbol.local("b", 0, 0x1020), Symbol.global("a", 0, 0x1010));
    assertEquals(
        List.of("-", "a", "a+0xf", "b", "b+0xdf", "-", "-"),
        List.of(
            at(table, 0x100f),
            at(table, 0x1010),
            at(table, 0x101f),
            at(table, 0x1020),
            at(table, 0x10ff),
            at(table, 0x1100),
            at(table, -1)));
  }

  @Test
  void aSizeEndsASymbol() {
    var table =
        table(
            function("f", 0x1000, 0x10),
            Symbol.local("inside", 0, 0x1004),
            function("g", 0x1020, 0x10));
    assertEquals("f+0x3", at(table, 0x1003));
    assertEquals("inside+0x2", at(table, 0x1006));
    assertEquals("g+0xf", at(table, 0x102f));
    assertEquals("-", at(table, 0x1030));
  }

  @Test
  void anAddressAfterAnInnerSymbolBelongsToTheOuterOne() {
    var table =
        table(
            function("outer", 0x1000, 0x80),
            function("inner", 0x1010, 0x10),
            function("innermost", 0x1014, 4),
            function("next", 0x1040, 8));
    assertEquals("innermost+0x3", at(table, 0x1017));
    assertEquals("inner+0x8", at(table, 0x1018));
    assertEquals("outer+0x20", at(table, 0x1020));
    assertEquals("outer+0x50", at(table, 0x1050));
    assertEquals("-", at(table, 0x1080));
  }

  @Test
  void ofSeveralNamesTheMostTellingOneIsSaid() {
    var table =
        table(
            Symbol.local(".Llabel", 0, 0x1000),
            function("main", 0x1000, 8),
            Symbol.global("_start", 0, 0x1000),
            Symbol.local("$xrv64i2p1", 0, 0x1000),
            Symbol.local("$d", 1, 0x1100),
            Symbol.section(1, 0x1100),
            Symbol.local("$mine", 1, 0x1108),
            Symbol.file("x.s"));
    assertEquals("main+0x4", at(table, 0x1004));
    assertEquals("-", at(table, 0x1104));
    assertEquals("$mine", at(table, 0x1108));
    assertEquals(Optional.empty(), table.find("$d"));
  }

  @Test
  void endsOfSectionsNameNothing() {
    var table =
        table(
            Symbol.global("_etext", 0, 0x1100),
            Symbol.local("data", 1, 0x1100),
            Symbol.global("_end", 1, 0x1200));
    assertEquals("data", at(table, 0x1100));
    assertEquals("data+0xff", at(table, 0x11ff));
    assertEquals("-", at(table, 0x1200));
    assertEquals(0x1200, table.find("_end").orElseThrow().value());
  }

  @Test
  void addressesAreUnsigned() {
    var table = table(Symbol.global("low", 0, 0x1000), Symbol.global("high", 2, -0x100));
    assertEquals("high+0xff", at(table, -1));
    assertEquals("low", at(table, 0x1000));
  }

  @Test
  void globalNamesHideLocalOnes() {
    var table =
        table(
            Symbol.local("x", 0, 0x1001),
            Symbol.global("x", 0, 0x1002),
            Symbol.global("x", 0, 0x1003).withBinding(Symbol.Binding.WEAK),
            Symbol.undefined("y"),
            Symbol.absolute("tohost", 0x8000_1000L));
    assertEquals(0x1002, table.find("x").orElseThrow().value());
    assertEquals(Optional.empty(), table.find("y"));
    assertEquals(0x8000_1000L, table.find("tohost").orElseThrow().value());
    assertEquals(Optional.empty(), table.find("z"));
  }

  @Test
  void threadVariablesHaveNoAddress() {
    var table = table(Symbol.global("mine", 1, 0x1100).withType(Symbol.Type.TLS).withSize(4));
    assertEquals("-", at(table, 0x1100));
  }

  @Test
  void inAnObjectEachSectionHasItsOwn() {
    var sections = SECTIONS.stream().map(section -> section.withAddress(0)).toList();
    var symbols = List.of(Symbol.local("code", 0, 4), Symbol.local("data", 1, 4));
    var elf = new Elf(Elf.Type.REL, 0, 0, sections, List.of(), symbols);
    assertEquals("code+0x4", at(SymbolTable.ofSection(elf, 0), 8));
    assertEquals("data+0x4", at(SymbolTable.ofSection(elf, 1), 8));
    assertEquals("-", at(SymbolTable.ofSection(elf, 2), 8));
  }
}
