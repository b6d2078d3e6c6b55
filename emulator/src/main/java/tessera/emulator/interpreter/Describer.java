package tessera.emulator.interpreter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Hart;
import tessera.emulator.InstructionInfo;
import tessera.emulator.kernel.Kernels;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;

/// What observers may know of instructions, for an engine that keeps nothing else of them.
public final class Describer {
  private final Isa isa;
  private final ModeReader modes;
  private final Map<Long, List<Known>> byWord = new HashMap<>();
  private int ordinals;

  private record Known(Binding binding, @Nullable InstructionInfo info) {}

  private Describer(Isa isa, Hart hart) {
    this.isa = isa;
    this.modes = new ModeReader(Context.of(isa, Kernels.none()), new Frame(hart));
  }

  /// {@return a describer for what a hart runs}
  public static Describer of(Isa isa, Hart hart) {
    return new Describer(isa, hart);
  }

  /// {@return the instruction under the modes as they are, or null where it is illegal under them}
  public @Nullable InstructionInfo info(Decoded decoded) {
    List<Known> variants = byWord.computeIfAbsent(decoded.word(), _ -> new ArrayList<>());
    for (Known known : variants) {
      if (known.binding.holds(modes)) {
        return known.info;
      }
    }
    Binding binding = Binding.of(isa, decoded, modes);
    InstructionInfo info =
        binding.bound() == null ? null : Compiler.info(ordinals++, decoded, binding.bound());
    variants.add(new Known(binding, info));
    return info;
  }
}
