package tessera.assembler;

import java.util.ArrayList;
import java.util.List;
import tessera.assembler.relocate.Layout;
import tessera.assembler.relocate.Linker;
import tessera.assembler.relocate.ObjectFile;
import tessera.assembler.relocate.Program;
import tessera.elf.Section;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Source;

/// Text to ELF, in the dialect of GNU as, for the instructions of a given ISA.
///
/// ```java
/// Assembled assembled = Assembler.of(isa).program(List.of(new Source("hello.s", text)));
/// ```
public final class Assembler {
  private final Isa isa;
  private final Mnemonics mnemonics;
  private final List<Candidate> rawFormats;

  private Assembler(Isa isa) {
    this.isa = isa;
    this.mnemonics = Mnemonics.of(isa);
    this.rawFormats = RawFormats.of(isa);
  }

  /// {@return an assembler for this ISA}
  public static Assembler of(Isa isa) {
    return new Assembler(isa);
  }

  /// {@return the ISA whose instructions it knows}
  public Isa isa() {
    return isa;
  }

  Mnemonics mnemonics() {
    return mnemonics;
  }

  /// {@return the formats of `.insn`}
  List<Candidate> rawFormats() {
    return rawFormats;
  }

  /// {@return a relocatable file (`-c`) that a linker takes, of texts that are read as one}
  public Assembled object(List<Source> texts) {
    Diagnostics diagnostics = new Diagnostics();
    ObjectFile object = read(texts, true, diagnostics);
    return diagnostics.hasErrors()
        ? new Assembled.Failed(diagnostics.all())
        : new Assembled.Ok(object.elf(), diagnostics.all());
  }

  /// {@return a program that runs at 0x8000_0000, linked from an object for each of the texts}
  public Assembled program(List<Source> texts) {
    Diagnostics diagnostics = new Diagnostics();
    List<ObjectFile> objects = new ArrayList<>();
    for (Source text : texts) {
      objects.add(read(List.of(text), false, diagnostics));
    }
    return link(objects, diagnostics);
  }

  static Assembled link(List<ObjectFile> objects, Diagnostics diagnostics) {
    if (diagnostics.hasErrors()) {
      return new Assembled.Failed(diagnostics.all());
    }
    var elf = Linker.link(objects, diagnostics);
    List<Diagnostic> all = diagnostics.all();
    return diagnostics.hasErrors() ? new Assembled.Failed(all) : new Assembled.Ok(elf, all);
  }

  /// @param relax whether a linker follows that may shorten instructions
  private ObjectFile read(List<Source> texts, boolean relax, Diagnostics diagnostics) {
    ArchTarget target = ArchTarget.of(isa);
    Program program = new Program(diagnostics, target.arch().toString());
    Assembly assembly = new Assembly(this, program, new Options(relax, target.compressed()));
    texts.forEach(assembly::read);
    Layout.run(program);
    return ObjectFile.of(
        program,
        target.flags(),
        List.of(Section.attributes(target.attributes(assembly.attributes()))));
  }
}
