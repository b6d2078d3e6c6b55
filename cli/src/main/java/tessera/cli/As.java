package tessera.cli;

import java.util.List;
import tessera.assembler.Assembled;
import tessera.assembler.Assembler;
import tessera.elf.Elf;
import tessera.elf.ElfWriter;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Source;

/// `tessera as F.s... [-c] -o OUT`: assembly text to a program or an object.
final class As {
  private static final Flag OBJECT =
      Flag.of("c", "object", "make a relocatable object for a linker, not a program");

  static final Flag FOLDERS =
      new Flag(
          "I",
          "include",
          new Flag.Value.Texts("DIR"),
          "a folder for the files of .include and .incbin (repeatable)");

  private static final Flag LINES =
      Flag.of("g", "debug", "add line tables of the texts for a debugger");

  static final Verb VERB =
      new Verb(
          "as",
          Verb.Group.WRITE,
          "assemble into a program or an object",
          Verb.Operands.of("FILE.s...", 1, Integer.MAX_VALUE),
          Flags.with(IsaOptions.FLAGS, Flags.OUTPUT, OBJECT, FOLDERS, LINES),
          List.of(
              "Reads the dialect of GNU as, with the instructions of the specification. Without -c,"
                  + " every file becomes an object and all are linked into a program that starts at"
                  + " 0x80000000; with it, the files are read as one, as GNU as does. Without -o,"
                  + " the output is named after the first file. A text may include files under the"
                  + " current folder, its own folder and those of -I, and no others."),
          List.of(
              new Verb.Example("tessera as kernel.s -o kernel.elf", "a program to run"),
              new Verb.Example("tessera as -c kernel.s -o kernel.o", "an object for GNU ld"),
              new Verb.Example(
                  "tessera as --isa my.isa my.s -o my.elf", "with an instruction of your own")),
          As::run);

  private As() {}

  private static int run(Invocation invocation, Terminal terminal) {
    List<Source> sources =
        invocation.operands().stream().map(name -> InputFile.text(terminal, name)).toList();
    Isa isa = IsaOptions.load(invocation, terminal);
    boolean object = invocation.has(OBJECT);
    Elf elf = assemble(sources, isa, object, invocation, terminal);
    String output = invocation.text(Flags.OUTPUT, named(sources.getFirst().name(), object));
    if (invocation.operands().contains(output)) {
      throw Failure.of(
          ExitCode.USAGE, "output-is-input", "'" + output + "' would be overwritten by its output");
    }
    byte[] bytes = ElfWriter.write(elf);
    if (object) {
      OutputFile.write(terminal, output, bytes);
    } else {
      OutputFile.writeExecutable(terminal, output, bytes);
    }
    if (invocation.json()) {
      terminal
          .out()
          .print(
              Json.object(
                  "tessera-as-1",
                  json -> {
                    json.writeStringProperty("status", "ok");
                    json.writeStringProperty("output", output);
                    json.writeNumberProperty("bytes", bytes.length);
                  }));
    } else if (invocation.verbose()) {
      terminal.err().println("tessera: wrote " + output + ", " + Sizes.text(bytes.length));
    }
    return ExitCode.OK.code();
  }

  /// {@return what the assembler makes of the texts; warnings go to standard error}
  ///
  /// @throws Failure with all that is wrong with them
  static Elf assemble(
      List<Source> sources, Isa isa, boolean object, Invocation invocation, Terminal terminal) {
    List<String> folders = invocation.verb().equals(VERB) ? invocation.texts(FOLDERS) : List.of();
    Assembler plain = Assembler.of(isa).with(AskedFiles.of(terminal, sources, folders));
    Assembler assembler =
        invocation.verb().equals(VERB) && invocation.has(LINES)
            ? plain.withLines(terminal.directory().toAbsolutePath().normalize().toString())
            : plain;
    Assembled assembled = object ? assembler.object(sources) : assembler.program(sources);
    return switch (assembled) {
      case Assembled.Ok(Elf elf, var warnings) -> {
        IsaOptions.warn(warnings, invocation, terminal);
        yield elf;
      }
      case Assembled.Failed(var diagnostics) ->
          throw Failure.of(ExitCode.BAD_INPUT, diagnostics)
              .note(invocation.verb().equals(VERB) ? "nothing was written" : "nothing was run");
    };
  }

  private static String named(String source, boolean object) {
    String name = source.substring(source.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return (dot > 0 ? name.substring(0, dot) : name) + (object ? ".o" : ".elf");
  }
}
