package tessera.cli;

import java.util.List;

/// `tessera info FILE`: what an ELF file holds.
final class Info {
  static final Verb VERB =
      new Verb(
          "info",
          Verb.Group.MODELS,
          "describe a model or an ELF file",
          Verb.Operands.of("FILE", 1, 1),
          List.of(),
          List.of(
              "For an ELF file: what it is for, the machine it asks for, its parts in memory, its"
                  + " symbols with -v."),
          List.of(
              new Verb.Example("tessera info kernel.elf", "its segments and sections"),
              new Verb.Example("tessera info -v kernel.elf", "and its symbols")),
          Info::run);

  private Info() {}

  private static int run(Invocation invocation, Terminal terminal) {
    String name = invocation.operands().getFirst();
    ElfInfo info = new ElfInfo(name, ElfFile.read(name, InputFile.bytes(terminal, name)));
    terminal.out().print(invocation.json() ? info.json() : info.text(invocation.verbose()));
    return ExitCode.OK.code();
  }
}
