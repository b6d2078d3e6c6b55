package tessera.cli;

import java.util.List;
import tessera.assembler.Disassembler;
import tessera.isaspec.diagnostic.Renderer;

/// The instructions of an ELF file: in the columns of objdump, or as JSON (schema
/// `tessera-listing-1`).
final class Listing {
  private Listing() {}

  /// {@return the text, under the heading that objdump prints}
  static String text(String name, String listing) {
    return "\n" + Renderer.printable(name) + ":     file format elf64-littleriscv\n\n" + listing;
  }

  /// {@return the lines as JSON}
  static String json(String name, List<Disassembler.Line> lines) {
    return Json.object(
        "tessera-listing-1",
        json -> {
          json.writeStringProperty("file", name);
          json.writeArrayPropertyStart("lines");
          for (Disassembler.Line line : lines) {
            json.writeStartObject();
            json.writeStringProperty("section", line.section());
            json.writeStringProperty("symbol", line.symbol());
            json.writeStringProperty("address", hex(line.address(), 8));
            json.writeStringProperty("word", hex(line.word(), 2 * line.bytes()));
            json.writeStringProperty("text", line.text().replace('\t', ' '));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static String hex(long value, int digits) {
    String text = Long.toHexString(value);
    return "0x" + "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
