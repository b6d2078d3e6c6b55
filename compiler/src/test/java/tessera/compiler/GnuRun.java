package tessera.compiler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import tessera.compiler.emit.AssemblyText;
import tessera.compiler.emit.Item;
import tessera.compiler.emit.MachineCode;
import tessera.compiler.emit.MachineCode.Data;
import tessera.compiler.emit.MachineCode.Place;
import tessera.compiler.emit.Operand;
import tessera.compiler.graph.Tensor;

/// Runs scalar code where neither our assembler nor our emulator has a part in it: through GNU as
/// and ld, and qemu's user mode.
public final class GnuRun {
  private static final String AS = "riscv64-linux-gnu-as";
  private static final String LD = "riscv64-linux-gnu-ld";
  private static final String QEMU = "qemu-riscv64";

  private GnuRun() {}

  /// Skips the test if a tool is missing.
  public static void require() {
    Oracle.require(isInstalled(AS), "binutils-riscv64-linux-gnu");
    Oracle.require(isInstalled(QEMU), "qemu-user");
  }

  private static boolean isInstalled(String tool) {
    return Files.isExecutable(Path.of("/usr/bin", tool));
  }

  /// The outputs of a program of `rv64imf`.
  public static Map<String, Tensor> run(CompiledModel model, Map<String, Tensor> inputs) {
    try {
      Path folder = Files.createTempDirectory("tessera-gnu");
      try {
        return run(model, inputs, folder);
      } finally {
        for (String file : List.of("p.s", "p.o", "p.elf", "out", "err")) {
          Files.deleteIfExists(folder.resolve(file));
        }
        Files.delete(folder);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Tensor> run(
      CompiledModel model, Map<String, Tensor> inputs, Path folder)
      throws IOException, InterruptedException {
    String text = AssemblyText.print(filled(model, inputs));
    Files.writeString(folder.resolve("p.s"), text.replace(".tessera.io, \"aw\", @nobits", ".data"));
    tool(folder, AS, "-march=rv64imf", "-mabi=lp64", "p.s", "-o", "p.o");
    tool(folder, LD, "--no-relax", "-Ttext=0x80000000", "p.o", "-o", "p.elf");
    byte[] out = tool(folder, QEMU, "p.elf");
    var outputs = new LinkedHashMap<String, Tensor>();
    int at = 0;
    for (ModelNote.TensorNote output : model.note().outputs()) {
      int bytes = (int) output.type().bytes();
      outputs.put(
          output.name(), new Tensor(output.type(), ByteBuffer.wrap(out, at, bytes).slice()));
      at += bytes;
    }
    return outputs;
  }

  /// The program with its inputs filled, which writes its outputs before it exits.
  private static MachineCode filled(CompiledModel model, Map<String, Tensor> inputs) {
    var items = new ArrayList<>(model.code().text());
    List<Item> exit = List.copyOf(items.subList(items.size() - 3, items.size()));
    items.subList(items.size() - 3, items.size()).clear();
    for (ModelNote.TensorNote output : model.note().outputs()) {
      items.add(insn("li", "a0", Operand.imm(1)));
      items.add(insn("la", "a1", new Operand.Address(output.symbol(), 0)));
      items.add(insn("li", "a2", Operand.imm(output.type().bytes())));
      items.add(insn("li", "a7", Operand.imm(64)));
      items.add(new Item.Insn("ecall", List.of(), false));
    }
    items.addAll(exit);
    var data = new ArrayList<Data>();
    for (Data old : model.code().data()) {
      var input =
          model.note().inputs().stream().filter(i -> i.symbol().equals(old.symbol())).findFirst();
      data.add(
          input.isPresent()
              ? new Data(
                  Place.IO,
                  old.symbol(),
                  Objects.requireNonNull(inputs.get(input.get().name())).data(),
                  old.size())
              : old);
    }
    return new MachineCode(items, data, "");
  }

  private static Item insn(String mnemonic, String register, Operand operand) {
    return new Item.Insn(mnemonic, List.of(Operand.word(register), operand), true);
  }

  private static byte[] tool(Path folder, String... command)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command[0] + " does not end");
    }
    if (process.exitValue() != 0) {
      throw new AssertionError(
          command[0] + " gives " + process.exitValue() + ": " + Files.readString(err));
    }
    return Files.readAllBytes(out);
  }
}
