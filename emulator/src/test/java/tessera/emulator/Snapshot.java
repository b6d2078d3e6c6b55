package tessera.emulator;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import tessera.isaspec.Csr;
import tessera.isaspec.RegisterFile;

/// All that a hart holds, to be compared.
public final class Snapshot {
  private Snapshot() {}

  /// {@return the state by name: registers, files, CSRs, pc}
  public static Map<String, String> of(Hart hart) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("pc", Long.toHexString(hart.pc()));
    all.put("retired", Long.toString(hart.retired()));
    for (RegisterFile file : hart.isa().registerFiles()) {
      for (int r = 0; r < file.count(); r++) {
        if (file.width() <= 64) {
          all.put(file.name() + r, Long.toHexString(hart.readRegister(file, r)));
        } else {
          int bytes = file.width() / 8;
          byte[] part = Arrays.copyOfRange(hart.bytes(file), r * bytes, (r + 1) * bytes);
          all.put(file.name() + r, Arrays.hashCode(part) + ":" + Arrays.toString(part));
        }
      }
    }
    for (Csr csr : hart.isa().csrs()) {
      all.put(csr.name(), Long.toHexString(hart.readCsr(csr)));
    }
    return all;
  }
}
