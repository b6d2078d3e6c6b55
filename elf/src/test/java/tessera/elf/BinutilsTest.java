package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// GNU binutils read what we write, link it, and write what we read.
@Tag("oracle")
final class BinutilsTest {
  @TempDir Path folder;

  private static final Bytes EXIT =
      // li a7, 93; ecall
      Bytes.copyOf(
          (byte) 0x93,
          (byte) 0x08,
          (byte) 0xd0,
          (byte) 0x05,
          (byte) 0x73,
          (byte) 0,
          (byte) 0,
          (byte) 0);

  /// `_start: call answer; li a7, 93; ecall` with `answer` elsewhere, and one symbol of each kind.
  private static Elf object() {
    var b = Elf.builder(Elf.Type.REL).flags(Elf.RVC | Elf.FLOAT_ABI_DOUBLE);
    int answer = b.symbol(Symbol.undefined("answer"));
    int text =
        b.section(
            Section.bits(".text", Section.ALLOC | Section.EXECUTE, 4, concat(callPair(), EXIT))
                .withRelocations(
                    List.of(
                        new Relocation(0, RelocationType.CALL_PLT, answer, 0),
                        Relocation.of(0, RelocationType.RELAX))));
    int data =
        b.section(
            Section.bits(".data", Section.ALLOC | Section.WRITE, 8, Bytes.copyOf(new byte[8])));
    int bss = b.section(Section.zeros(".bss", Section.ALLOC | Section.WRITE, 64, 128));
    int strings =
        b.section(
            Section.bits(
                    ".rodata.str",
                    Section.ALLOC | Section.MERGE | Section.STRINGS,
                    1,
                    Bytes.utf8("one\0two\0"))
                .withEntrySize(1));
    b.section(Section.bits(".tessera.model", 0, 1, Bytes.utf8("x int8 1,4\n")));
    b.section(
        Section.notes(
            ".note.tessera", Section.ALLOC, List.of(new Note("Tessera", 7, Bytes.utf8("Xta")))));
    b.section(
        Section.attributes(Attributes.of("rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_xta1p0")));
    b.symbol(Symbol.global("_start", text, 0).withType(Symbol.Type.FUNC).withSize(16));
    b.symbol(Symbol.file("object.s"));
    b.symbol(Symbol.section(data, 0));
    b.symbol(Symbol.local("local", data, 4));
    b.symbol(Symbol.global("table", data, 0).withType(Symbol.Type.OBJECT).withSize(8));
    b.symbol(
        Symbol.global("hidden", bss, 64)
            .withBinding(Symbol.Binding.WEAK)
            .withVisibility(Symbol.Visibility.HIDDEN));
    b.symbol(Symbol.local("string", strings, 4));
    b.symbol(Symbol.common("common", 32, 256));
    b.symbol(Symbol.absolute("number", 42).withBinding(Symbol.Binding.GLOBAL));
    return b.build();
  }

  /// `auipc ra, 0; jalr ra, 0(ra)`
  private static Bytes callPair() {
    return Bytes.copyOf(
        (byte) 0x97, (byte) 0, (byte) 0, (byte) 0, (byte) 0xe7, (byte) 0x80, (byte) 0, (byte) 0);
  }

  private static Bytes concat(Bytes left, Bytes right) {
    var all = new byte[left.length() + right.length()];
    left.copyTo(all, 0);
    right.copyTo(all, left.length());
    return Bytes.wrap(all);
  }

  @Test
  void readelfShowsOurObject() {
    var tools = Tools.binutils(folder);
    tools.put("object.o", ElfWriter.write(object()));
    String said = tools.run("readelf", "-aW", "object.o");
    for (String line :
        List.of(
            "Flags: 0x5, RVC, double-float ABI",
            "[ 1] .text PROGBITS 0000000000000000 000040 000010 00 AX 0 0 4",
            "[ 3] .bss NOBITS 0000000000000000 000058 000080 00 WA 0 0 64",
            "[ 4] .rodata.str PROGBITS 0000000000000000 000058 000008 01 AMS 0 0 1",
            ".rela.text RELA 0000000000000000",
            "0000000000000000 0000000500000013 R_RISCV_CALL_PLT 0000000000000000 answer + 0",
            "0000000000000000 0000000000000033 R_RISCV_RELAX 0",
            "0 FILE LOCAL DEFAULT ABS object.s",
            "8 OBJECT GLOBAL DEFAULT 2 table",
            "0000000000000040 0 NOTYPE WEAK HIDDEN 3 hidden",
            "0000000000000020 256 OBJECT GLOBAL DEFAULT COM common",
            "000000000000002a 0 NOTYPE GLOBAL DEFAULT ABS number",
            "NOTYPE GLOBAL DEFAULT UND answer",
            "Tessera 0x00000003 Unknown note type: (0x00000007) description data: 58 74 61",
            "Tag_RISCV_stack_align: 16-bytes",
            "Tag_RISCV_arch: \"rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_xta1p0\"")) {
      assertTrue(squeeze(said).contains(line), line + " is not in " + said);
    }
  }

  private static String squeeze(String text) {
    return text.replaceAll("\\s+", " ");
  }

  @Test
  void linkerLinksOurObject() {
    var tools = Tools.binutils(folder);
    tools.put("object.o", ElfWriter.write(object()));
    tools.as(".globl answer\nanswer: li a0, 42\nret\n", "answer.o");
    tools.run("ld", "object.o", "answer.o", "-o", "program");
    Elf program = ElfReader.read(tools.get("program")).orElseThrow();
    var symbols = SymbolTable.of(program);
    assertEquals(symbols.find("_start").orElseThrow().value(), program.entry());
    assertEquals(42, symbols.find("number").orElseThrow().value());
    assertEquals(256, symbols.find("common").orElseThrow().size());
    assertEquals(Optional.of("_start+0x8"), symbols.at(program.entry() + 8).map(Object::toString));
    // Relaxed to jal ra, answer; so the linker took the relocations for what they are.
    String code = tools.run("objdump", "-d", "program");
    assertTrue(Pattern.compile("jal\\s+(ra,)?\\w+ <answer>").matcher(code).find(), code);
    assertTrue(program.attributes().flatMap(Attributes::arch).orElseThrow().endsWith("_xta1p0"));
  }

  @Test
  void readelfShowsOurProgram() {
    var tools = Tools.binutils(folder);
    tools.put("program", ElfWriter.write(program()));
    String said = squeeze(tools.run("readelf", "-aW", "program"));
    for (String line :
        List.of(
            "Type: EXEC (Executable file)",
            "Entry point address: 0x80000000",
            "LOAD 0x001000 0x0000000080000000 0x0000000080000000 0x000008 0x000008 R E 0x1000",
            "LOAD 0x002000 0x0000000080001000 0x0000000080001000 0x000014 0x000014 R 0x1000",
            "LOAD 0x003000 0x0000000080002000 0x0000000080002000 0x000004 0x001064 RW 0x1000",
            "RISCV_ATTRIBUT",
            "NOTE 0x002000 0x0000000080001000",
            "01 .text 02 .note.tessera 03 .bss .data 04 .note.tessera",
            "Displaying notes found in: .note.tessera",
            "[ 5] .tessera.model PROGBITS 0000000000000000")) {
      assertTrue(said.contains(line), line + " is not in " + said);
    }
    assertTrue(
        squeeze(tools.run("objdump", "-d", "program")).contains("80000000: 05d00893 li a7,93"));
  }

  private static Elf program() {
    var sections =
        Layout.BARE_METAL.place(
            List.of(
                Section.zeros(".bss", Section.ALLOC | Section.WRITE, 64, 100),
                Section.bits(".data", Section.ALLOC | Section.WRITE, 8, Bytes.utf8("data")),
                Section.bits(".text", Section.ALLOC | Section.EXECUTE, 4, EXIT),
                Section.notes(
                    ".note.tessera", Section.ALLOC, List.of(new Note("Tessera", 7, Bytes.empty()))),
                Section.bits(".tessera.model", 0, 1, Bytes.utf8("x int8 1,4\n")),
                Section.attributes(Attributes.of("rv64i2p1"))));
    var start = Symbol.global("_start", 2, sections.get(2).address());
    return Layout.BARE_METAL.withSegments(
        new Elf(Elf.Type.EXEC, start.value(), 0, sections, List.of(), List.of(start)));
  }

  @Test
  void relocationsHaveTheNamesOfReadelf() {
    var tools = Tools.binutils(folder);
    // binutils 2.40 does not know the newest, and an old name of 41.
    var types =
        Arrays.stream(RelocationType.values())
            .filter(type ->
                type.number() < 59
                    && type != RelocationType.GOT32_PCREL
                    && type != RelocationType.TLSDESC)
            .toList();
    var relocations = types.stream().map(type -> Relocation.of(0, type)).toList();
    var b = Elf.builder(Elf.Type.REL);
    b.section(
        Section.bits(".text", Section.ALLOC | Section.EXECUTE, 4, EXIT)
            .withRelocations(relocations));
    tools.put("all.o", ElfWriter.write(b.build()));
    String said = tools.run("readelf", "-rW", "all.o");
    var names =
        Pattern.compile("R_RISCV_\\w+")
            .matcher(said)
            .results()
            .map(match -> match.group())
            .toList();
    assertEquals(types.stream().map(RelocationType::psabiName).toList(), names);
  }

  @Test
  void whatTheAssemblerWritesComesBackTheSame() {
    var tools = Tools.binutils(folder);
    byte[] object =
        tools.as(
            """
            .globl _start
            .weak maybe
            .hidden secret
            .comm pool, 64, 16
            .local private
            .comm private, 8, 8
            .type _start, @function
            _start:
              la a0, x
              lw a1, 0(a0)
              beqz a1, _start
              call away
              lui a0, %tprel_hi(mine)
              add a0, a0, tp, %tprel_add(mine)
              .balign 16
            1: j 1b
            .size _start, . - _start
            .data
            x: .dword x + 4, away
            secret: .byte 1f - 0f
            0: .uleb128 5
            1:
            .section .tbss,"awT",@nobits
            mine: .zero 4
            .section .note.odd,"",@note
            .4byte 4, 5, 1
            .asciz "abc"
            .byte 1, 2, 3, 4, 5, 0, 0, 0
            .section .rodata.cst8,"aM",@progbits,8
            .dword 7
            """,
            "object.o", "-march=rv64gc", "-g");
    Elf elf = ElfReader.read(object).orElseThrow();
    assertEquals(elf, ElfReader.read(ElfWriter.write(elf)).orElseThrow());
    assertEquals(
        Optional.of(Bytes.copyOf((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5)),
        elf.note("abc", 1).map(Note::contents));
    assertTrue(
        elf.section(".text").orElseThrow().relocations().stream()
            .anyMatch(relocation -> relocation.type() == RelocationType.TPREL_ADD));
    // The linker finds in our copy what it finds in the assembler's file.
    tools.as(".globl away\naway: ret\n", "away.o");
    tools.run("ld", "object.o", "away.o", "-o", "one");
    tools.put("object.o", ElfWriter.write(elf));
    tools.run("ld", "object.o", "away.o", "-o", "other");
    Elf one = ElfReader.read(tools.get("one")).orElseThrow();
    assertEquals(one, ElfReader.read(tools.get("other")).orElseThrow());
    assertFalse(one.hasInterpreter());
  }

  @Test
  void linkedProgramsCanBeRead() {
    var tools = Tools.binutils(folder);
    tools.as(
        """
        .globl _start
        _start: la a0, x
          la.tls.ie a1, t
          ret
        .data
        x: .dword x
        .bss
        .zero 10000
        .section .tdata,"awT",@progbits
        t: .word 1
        .section .note.ABI-tag,"a",@note
        .balign 4
        .4byte 4, 16, 1
        .asciz "GNU"
        .4byte 0, 4, 15, 0
        """,
        "object.o");
    for (var options :
        Stream.of(
                "-static",
                "-pie",
                "-pie --no-dynamic-linker",
                "--emit-relocs",
                "-z separate-code",
                "-N --no-warn-rwx-segments")
            .toList()) {
      var arguments =
          Stream.of(options + " -e _start object.o -o program")
              .flatMap(text -> Stream.of(text.split(" ")));
      tools.run("ld", arguments.toArray(String[]::new));
      Elf elf = ElfReader.read(tools.get("program")).orElseThrow();
      assertTrue(elf.hasGnuAbiTag(), options);
      assertEquals(options.equals("-pie"), elf.hasInterpreter(), options);
      assertEquals(options.contains("-pie") ? Elf.Type.DYN : Elf.Type.EXEC, elf.type(), options);
      assertEquals(
          Optional.of("_start"),
          SymbolTable.of(elf).at(elf.entry()).map(Object::toString),
          options);
      assertTrue(elf.loadedSize() > 10000, options);
      assertEquals(elf, ElfReader.read(ElfWriter.write(elf)).orElseThrow(), options);
      tools.run("strip", "program");
      assertTrue(ElfReader.read(tools.get("program")).orElseThrow().symbols().isEmpty(), options);
    }
  }

  @Test
  void linuxRunsOurProgram() {
    var tools = Tools.qemu(folder);
    // Adds a word of .rodata, a word of .data and a word of .bss, and exits with the sum.
    var code =
        tools.as(
            """
              lui t0, 0x10001
              lw a0, 0(t0)
              lui t0, 0x10002
              lw t1, 0(t0)
              add a0, a0, t1
              lui t0, 0x10003
              li t1, 100
              sw t1, 0(t0)
              lw t1, 4(t0)
              add a0, a0, t1
              li a7, 93
              ecall
            """,
            "code.o",
            "-march=rv64i");
    var text = ElfReader.read(code).orElseThrow().section(".text").orElseThrow();
    var layout = new Layout(0x1000_0000, 4096, 4096);
    var sections =
        layout.place(
            List.of(
                Section.zeros(".bss", Section.ALLOC | Section.WRITE, 64, 100),
                Section.bits(".data", Section.ALLOC | Section.WRITE, 8, word(30)),
                Section.bits(".rodata", Section.ALLOC, 8, word(12)),
                text));
    var elf = new Elf(Elf.Type.EXEC, sections.get(3).address(), 0, sections, List.of(), List.of());
    tools.put("program", ElfWriter.write(layout.withSegments(elf)));
    assertTrue(folder.resolve("program").toFile().setExecutable(true));
    assertEquals(new Tools.Outcome(42, ""), tools.outcome("qemu-riscv64", "program"));
  }

  private static Bytes word(int value) {
    return new ByteSink().i32(value).toBytes();
  }
}
