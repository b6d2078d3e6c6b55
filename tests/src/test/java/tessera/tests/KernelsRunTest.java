package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tessera.elf.Elf;
import tessera.emulator.Emulator;
import tessera.emulator.Exit;
import tessera.emulator.Guest;
import tessera.emulator.Hart;
import tessera.emulator.InstructionInfo;
import tessera.emulator.Observer;
import tessera.emulator.Step;
import tessera.emulator.kernel.Kernel;
import tessera.emulator.kernel.Kernels;
import tessera.emulator.kernel.Matmul;
import tessera.isaspec.Isa;
import tessera.isaspec.semantics.Stmt;

/// The matrix product of the examples runs by a kernel, every time: a shape's plain body would give
/// the same bits, only slower.
class KernelsRunTest {
  /// Counts instructions that call a shape.
  private static final class Calls implements Observer {
    private final Map<InstructionInfo, Boolean> known = new HashMap<>();
    long executed;

    @Override
    public Detail detail() {
      return Detail.EVERY;
    }

    @Override
    public void retired(InstructionInfo info, Step step) {
      executed += known.computeIfAbsent(info, i -> callsShape(i.bound().body())) ? 1 : 0;
    }

    @Override
    public void retired(InstructionInfo info, long times, long taken) {
      throw new AssertionError("sums were not asked for");
    }

    private static boolean callsShape(Stmt body) {
      return body.toString().contains("CallShape[name=matmul");
    }
  }

  @Test
  void everyBlockOfTheExampleIsAKernels() {
    Isa isa = Isa.bundled("edge16");
    Elf elf = Program.assemble(isa, Program.source("examples/gemm-i8.s"));
    Map<Hart, Long> runs = new HashMap<>();
    Map<String, Kernel.Factory> counted = new HashMap<>();
    Matmul.kernels().factories().forEach((name, made) -> counted.put(name, counting(made, runs)));
    Emulator emulator = Emulator.of(isa).with(new Kernels(counted));
    Guest guest = assertInstanceOf(Emulator.Loaded.Ready.class, emulator.load(elf)).guest();
    Calls calls = new Calls();
    guest.hart().observer(calls);
    assertEquals(0, assertInstanceOf(Exit.Halted.class, guest.run(200_000_000)).code());
    assertEquals(List.of(), guest.refutedKernels());
    assertTrue(calls.executed > 1_000, () -> calls.executed + " products of tiles");
    assertEquals(calls.executed, runs.get(guest.hart()));
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
