package tessera.emulator.interpreter;

import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;

/// Where files lie in [tessera.emulator.Hart#registers], which is the same for all harts of an ISA.
final class Layout {
  private Layout() {}

  /// {@return the place of register 0}
  static int offset(Isa isa, RegisterFile file) {
    int at = 0;
    for (RegisterFile f : isa.registerFiles()) {
      if (f == file) {
        return at;
      }
      at += f.width() <= 64 ? f.count() : 0;
    }
    throw new IllegalArgumentException(file.name());
  }
}
