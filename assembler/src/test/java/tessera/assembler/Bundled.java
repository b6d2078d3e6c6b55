package tessera.assembler;

import java.util.List;
import tessera.elf.Elf;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;

/// The bundled ISA and what works on it, loaded once for all tests.
final class Bundled {
  static final Isa ISA = Isa.bundled("edge16");
  static final Assembler ASSEMBLER = Assembler.of(ISA);

  /// The name that GNU as 2.40 has for the standard part of it.
  static final String MARCH = "rv64imaf_zicsr";

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
    long[] words = new long[bytes.length() / 4];
    for (int i = 0; i < words.length; i++) {
      words[i] = bytes.u32(4 * i);
    }
    return words;
  }
}
