package tessera.compiler;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tessera.compiler.graph.Tensor;
import tessera.elf.Symbol;
import tessera.emulator.Emulator;
import tessera.emulator.Exit;
import tessera.emulator.Guest;
import tessera.emulator.kernel.Kernels;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Renderer;

/// Runs programs on our own emulator.
public final class EmulatorRun {
  private static final long BUDGET = 200_000_000;

  private EmulatorRun() {}

  /// The outputs of a program on a machine.
  public static Map<String, Tensor> run(Isa isa, CompiledModel model, Map<String, Tensor> inputs) {
    Guest guest = load(isa, model);
    for (ModelNote.TensorNote input : model.note().inputs()) {
      Tensor tensor = Objects.requireNonNull(inputs.get(input.name()));
      byte[] bytes = new byte[tensor.data().remaining()];
      tensor.data().get(bytes);
      guest.memory().fill(address(guest, input), bytes, 0, bytes.length);
    }
    Exit exit = guest.run(BUDGET);
    if (!(exit instanceof Exit.Halted(int code, _)) || code != 0) {
      throw new AssertionError(exit + " at " + Long.toHexString(guest.hart().pc()));
    }
    var outputs = new LinkedHashMap<String, Tensor>();
    for (ModelNote.TensorNote output : model.note().outputs()) {
      byte[] bytes = new byte[(int) output.type().bytes()];
      guest.memory().read(address(guest, output), bytes, 0, bytes.length);
      outputs.put(output.name(), new Tensor(output.type(), ByteBuffer.wrap(bytes)));
    }
    return outputs;
  }

  private static Guest load(Isa isa, CompiledModel model) {
    return switch (Emulator.of(isa).with(Kernels.none()).load(model.elf())) {
      case Emulator.Loaded.Ready(var guest) -> guest;
      case Emulator.Loaded.Refused(var diagnostics) ->
          throw new AssertionError(Renderer.render(diagnostics));
    };
  }

  private static long address(Guest guest, ModelNote.TensorNote tensor) {
    return guest.symbols().find(tensor.symbol()).map(Symbol::value).orElseThrow();
  }
}
