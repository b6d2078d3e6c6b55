package tessera.assembler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tessera.assembler.relocate.Layout;
import tessera.assembler.relocate.Linker;
import tessera.assembler.relocate.ObjectFile;
import tessera.assembler.relocate.Program;
import tessera.elf.Elf;
import tessera.elf.Section;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
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
  private final Set<String> registers = new HashSet<>();

  private Assembler(Isa isa) {
    this.isa = isa;
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
    return result(object.elf(), texts, diagnostics);
  }

  /// {@return a program that runs at 0x8000_0000, linked from an object for each of the texts}
  public Assembled program(List<Source> texts) {
    Diagnostics diagnostics = new Diagnostics();
    List<ObjectFile> objects = new ArrayList<>();
    for (Source text : texts) {
      objects.add(read(List.of(text), false, diagnostics));
    }
    return link(objects, texts, diagnostics);
  }

  Assembled link(List<ObjectFile> objects, List<Source> texts, Diagnostics diagnostics) {
    return diagnostics.hasErrors()
        ? new Assembled.Failed(sorted(diagnostics, texts))
        : result(Linker.link(objects, registers, diagnostics), texts, diagnostics);
  }

  static Assembled result(Elf elf, List<Source> texts, Diagnostics diagnostics) {
    List<Diagnostic> all = sorted(diagnostics, texts);
    return diagnostics.hasErrors() ? new Assembled.Failed(all) : new Assembled.Ok(elf, all);
  }

  /// In the order of the texts, though some are found by later stages.
  private static List<Diagnostic> sorted(Diagnostics diagnostics, List<Source> texts) {
    return diagnostics.all().stream()
        .sorted(
            Comparator.comparingInt((Diagnostic d) ->
                    d.span() == null ? texts.size() : texts.indexOf(d.span().source()))
                .thenComparingInt(d -> d.span() == null ? 0 : d.span().from()))
        .toList();
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
