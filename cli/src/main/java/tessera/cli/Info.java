package tessera.cli;

import java.util.List;

/// `tessera info FILE|NAME`: what an ELF file or a model holds.
final class Info {
  static final Verb VERB =
      new Verb(
          "info",
          Verb.Group.MODELS,
          "describe a model or an ELF file",
          Verb.Operands.of("FILE|NAME", 1, 1),
          List.of(),
          List.of(
              "For an ONNX model, or a model of the catalogue by its name: inputs, outputs, weights"
                  + " and operators; -v adds every node. For an ELF file: what it is for, the"
                  + " machine it asks for and its parts in memory; -v adds the symbols."),
          List.of(
              new Verb.Example("tessera info hello-deepa", "a model that is fetched once"),
              new Verb.Example("tessera info -v kernel.elf", "segments, sections, symbols")),
          Info::run);

  private Info() {}

  private static int run(Invocation invocation, Terminal terminal) {
    String name = invocation.operands().getFirst();
    boolean all = invocation.verbose();
    String text;
    if (InputFile.exists(terminal, name) && ElfFile.claims(InputFile.bytes(terminal, name))) {
      ElfInfo info = new ElfInfo(name, ElfFile.read(name, InputFile.bytes(terminal, name)));
      text = invocation.json() ? info.json() : info.text(all);
    } else {
      ModelInfo info = new ModelInfo(ModelFile.read(name, invocation, terminal));
      text = invocation.json() ? info.json() : info.text(all);
    }
    terminal.out().print(text);
    return ExitCode.OK.code();
  }
}
