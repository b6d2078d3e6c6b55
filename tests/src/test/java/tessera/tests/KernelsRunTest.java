package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tessera.elf.Elf;
import tessera.emulator.Emulator;
import tessera.emulator.Exit;
import tessera.emulator.Guest;
import tessera.emulator.Hart;
import tessera.emulator.kernel.Kernel;
import tessera.emulator.kernel.Kernels;
import tessera.emulator.kernel.Matmul;
import tessera.isaspec.Isa;

/// The matrix product of the examples runs by a kernel, every time: a shape's plain body would give
/// the same bits, only slower.
class KernelsRunTest {
  /// 512 x 512 x 512 products, 16 x 16 x 64 at a time.
  private static final long BLOCKS = 32 * 32 * 8;

  @Test
  void everyBlockOfTheExampleIsAKernels() {
    Isa isa = Isa.bundled("edge16");
    Elf elf = Program.assemble(isa, Program.source("examples/gemm-i8.s"));
    Map<Hart, Long> runs = new HashMap<>();
    Map<String, Kernel.Factory> counted = new HashMap<>();
    Matmul.kernels().factories().forEach((name, made) -> counted.put(name, counting(made, runs)));
    Emulator emulator = Emulator.of(isa).with(new Kernels(counted));
    Guest guest = assertInstanceOf(Emulator.Loaded.Ready.class, emulator.load(elf)).guest();
    assertEquals(0, assertInstanceOf(Exit.Halted.class, guest.run(200_000_000)).code());
    assertEquals(List.of(), guest.refutedKernels());
    assertEquals(BLOCKS, runs.get(guest.hart()));
  }

  private static Kernel.Factory counting(Kernel.Factory made, Map<Hart, Long> runs) {
    return call -> {
      Kernel kernel = made.attach(call);
      return kernel == null
          ? null
          : (hart, values, from) -> {
            runs.merge(hart, 1L, Long::sum);
            return kernel.run(hart, values, from);
          };
    };
  }
}
