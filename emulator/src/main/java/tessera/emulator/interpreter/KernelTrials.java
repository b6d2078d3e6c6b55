package tessera.emulator.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.emulator.Hart;
import tessera.isaspec.Csr;
import tessera.isaspec.RegisterFile;

/// Tries kernels beside the definition they stand in for (lowering.md, "the checked kernel"): the
/// first runs of each are done both ways. One that differs is not used again, so a text that means
/// something else by a shape's name is believed, not the name.
final class KernelTrials {
  private static final int TRIALS = 2;

  /// What is known of a kernel.
  enum Standing {
    ON_TRIAL,
    BELIEVED,
    REFUTED
  }

  private final Map<String, Integer> agreed = new HashMap<>();
  private final List<String> refuted = new ArrayList<>();

  Standing standing(String signature) {
    int runs = agreed.getOrDefault(signature, 0);
    return runs < 0 ? Standing.REFUTED : runs < TRIALS ? Standing.ON_TRIAL : Standing.BELIEVED;
  }

  /// {@return the signatures of kernels that differ from their text}
  List<String> refuted() {
    return List.copyOf(refuted);
  }

  /// Runs both; what the definition does stands.
  void attempt(String signature, Frame f, List<RegisterFile> files, Action fast, Action plain) {
    State before = new State(f.hart, files);
    fast.run(f);
    State byKernel = new State(f.hart, files);
    before.restore(f.hart);
    plain.run(f);
    if (byKernel.isNow(f.hart)) {
      agreed.merge(signature, 1, Integer::sum);
    } else {
      agreed.put(signature, -1);
      refuted.add(signature);
    }
  }

  /// What a kernel may change.
  private static final class State {
    private final List<RegisterFile> files;
    private final List<byte[]> bytes = new ArrayList<>();
    private final long[] csrs;

    State(Hart hart, List<RegisterFile> files) {
      this.files = files;
      files.forEach(file -> bytes.add(hart.bytes(file).clone()));
      csrs = hart.csrs().clone();
    }

    void restore(Hart hart) {
      for (int i = 0; i < bytes.size(); i++) {
        byte[] kept = bytes.get(i);
        System.arraycopy(kept, 0, hart.bytes(files.get(i)), 0, kept.length);
      }
      for (Csr csr : hart.isa().csrs()) {
        hart.writeCsr(csr, csrs[csr.ordinal()]);
      }
    }

    boolean isNow(Hart hart) {
      for (int i = 0; i < bytes.size(); i++) {
        if (!Arrays.equals(bytes.get(i), hart.bytes(files.get(i)))) {
          return false;
        }
      }
      return Arrays.equals(csrs, hart.csrs());
    }
  }
}
