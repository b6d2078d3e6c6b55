package tessera.assembler;

import java.util.ArrayList;
import java.util.List;
import tessera.elf.Elf;
import tessera.isaspec.Isa;
import tessera.isaspec.Texts;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.encoding.Decoder;

/// The bundled ISA and what works on it, loaded once for all tests.
final class Bundled {
  /// Without short forms, so that a line is one word.
  static final Isa ISA =
      Isa.load(Isa.Request.bundled("edge16").isa("rv64imaf_zicsr_zicntr_xta")).orThrow();

  static final Assembler ASSEMBLER = Assembler.of(ISA);

  /// All that the texts define.
  static final Isa ALL = Isa.load(Isa.Request.bundled("edge16").isa(Texts.everything())).orThrow();

  private Bundled() {}

  static Source source(String text) {
    return new Source("a.s", text);
  }

  static Elf object(String text) {
    return ASSEMBLER.object(List.of(source(text))).orElseThrow();
  }

  static Elf program(String text) {
    return ASSEMBLER.program(List.of(source(text))).orElseThrow();
  }

  static List<Diagnostic> diagnostics(String text) {
    return ASSEMBLER.program(List.of(source(text))).diagnostics();
  }

  static String rendered(String text) {
    return Renderer.render(diagnostics(text));
  }

  /// {@return the words of `.text`}
  static long[] words(Elf elf) {
    var bytes = elf.section(".text").orElseThrow().contents();
    List<Long> words = new ArrayList<>();
    for (int at = 0; at < bytes.length(); at += Decoder.length(words.getLast())) {
      long word = bytes.u16(at);
      words.add(Decoder.length(word) == 2 ? word : word | (long) bytes.u16(at + 2) << 16);
    }
    return words.stream().mapToLong(Long::longValue).toArray();
  }
}
