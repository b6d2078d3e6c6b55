package tessera.cli;

import java.util.List;
import tessera.assembler.Disassembler;
import tessera.elf.Elf;
import tessera.isaspec.Isa;

/// `tessera dis FILE`: machine code to assembly text, in the columns of objdump.
final class Dis {
  private static final Flag METHOD =
      new Flag(
          "M",
          "dialect",
          new Flag.Value.Choice(List.of("aliases", "no-aliases")),
          "print pseudo-instructions, or only real ones");
  private static final Flag NO_ALIASES = Flag.of(null, "no-aliases", "the same as -M no-aliases");
  private static final Flag RELOCATIONS =
      Flag.of("r", "reloc", "show what a linker still has to fill in");

  static final Verb VERB =
      new Verb(
          "dis",
          Verb.Group.WRITE,
          "disassemble a program or an object",
          Verb.Operands.of("FILE", 1, 1),
          Flags.with(IsaOptions.FLAGS, METHOD, NO_ALIASES, RELOCATIONS),
          List.of(
              "Prints the sections that hold instructions, as objdump -d does. The ISA is the one"
                  + " that the file's attributes name, unless --isa or --machine says another. Words"
                  + " that are no instruction of it print as data."),
          List.of(
              new Verb.Example("tessera dis kernel.elf", "the whole program"),
              new Verb.Example(
                  "tessera dis -M no-aliases kernel.elf", "without pseudo-instructions"),
              new Verb.Example("tessera dis -r kernel.o", "an object with its relocations")),
          Dis::run);

  private Dis() {}

  private static int run(Invocation invocation, Terminal terminal) {
    String name = invocation.operands().getFirst();
    Elf elf = ElfFile.read(name, InputFile.bytes(terminal, name));
    Isa isa = IsaOptions.load(elf, invocation, terminal);
    boolean aliases =
        invocation.text(METHOD, "aliases").equals("aliases") && !invocation.has(NO_ALIASES);
    Disassembler disassembler = aliases ? Disassembler.of(isa) : Disassembler.withoutAliases(isa);
    boolean relocations = invocation.has(RELOCATIONS);
    terminal
        .out()
        .print(
            invocation.json()
                ? Listing.json(name, disassembler.lines(elf))
                : Listing.text(name, disassembler.listing(elf, relocations)));
    return ExitCode.OK.code();
  }
}
