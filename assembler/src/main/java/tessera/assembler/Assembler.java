package tessera.assembler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.assembler.relocate.Layout;
import tessera.assembler.relocate.Linker;
import tessera.assembler.relocate.ObjectFile;
import tessera.assembler.relocate.Program;
import tessera.elf.Elf;
import tessera.elf.Section;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
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
  private final Set<String> registers = new HashSet<>();

  private final Sources files;
  private final @Nullable String folder;

  private Assembler(Isa isa, Sources files, @Nullable String folder) {
    this.isa = isa;
    this.files = files;
    this.folder = folder;
    this.mnemonics = Mnemonics.of(isa);
    this.rawFormats = RawFormats.of(isa);
    for (RegisterFile file : isa.registerFiles()) {
      for (int i = 0; i < file.count(); i++) {
        registers.add(file.registerName(i));
        registers.add(file.name() + i);
      }
    }
  }

  /// {@return an assembler for this ISA}
  public static Assembler of(Isa isa) {
    return new Assembler(isa, Sources.none(), null);
  }

  /// {@return the same, with files that a text may ask for}
  public Assembler with(Sources readable) {
    return new Assembler(isa, readable, folder);
  }

  /// {@return the same, with tables of the texts' own lines for a debugger (`-g`)}
  ///
  /// @param folder that the names of the texts start in
  public Assembler withLines(String folder) {
    return new Assembler(isa, files, folder);
  }

  @Nullable String folder() {
    return folder;
  }

  Sources files() {
    return files;
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
    Findings findings = new Findings(texts);
    ObjectFile object = read(texts, true, findings);
    return result(object.elf(), findings);
  }

  /// {@return a program that runs at 0x8000_0000, linked from an object for each of the texts}
  public Assembled program(List<Source> texts) {
    Findings findings = new Findings(texts);
    List<ObjectFile> objects = new ArrayList<>();
    for (Source text : texts) {
      objects.add(read(List.of(text), false, findings));
    }
    return link(objects, findings);
  }

  Assembled link(List<ObjectFile> objects, Findings findings) {
    return findings.diagnostics().hasErrors()
        ? new Assembled.Failed(findings.sorted())
        : result(Linker.link(objects, registers, findings.diagnostics()), findings);
  }

  static Assembled result(Elf elf, Findings findings) {
    List<Diagnostic> all = findings.sorted();
    return findings.diagnostics().hasErrors()
        ? new Assembled.Failed(all)
        : new Assembled.Ok(elf, all);
  }

  /// @param relax whether a linker follows that may shorten instructions
  private ObjectFile read(List<Source> texts, boolean relax, Findings findings) {
    ArchTarget target = ArchTarget.of(isa);
    Program program =
        new Program(findings.diagnostics(), target.arch().toString(), target.compressed());
    Assembly assembly = new Assembly(this, program, new Options(relax, target));
    texts.forEach(assembly::read);
    assembly.finish();
    findings.explain(assembly.causes());
    Layout.run(program);
    return ObjectFile.of(
        program,
        target.flags(),
        List.of(Section.attributes(target.attributes(assembly.attributes()))));
  }
}
