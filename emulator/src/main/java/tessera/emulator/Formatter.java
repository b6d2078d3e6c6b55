package tessera.emulator;

import tessera.isaspec.encoding.Decoded;

/// Writes an instruction as a listing does; whoever has a disassembler gives it.
@FunctionalInterface
public interface Formatter {
  /// {@return the instruction's text}
  ///
  /// @param address where it lies, which jump targets are relative to
  String text(Decoded instruction, long address);

  /// {@return the place in a source that an address comes from (`kernel.s:31`), or an empty text}
  default String place(long address) {
    return "";
  }

  /// {@return a formatter that knows only names}
  static Formatter names() {
    return (instruction, _) -> instruction.instruction().name();
  }
}
