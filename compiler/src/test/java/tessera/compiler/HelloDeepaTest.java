package tessera.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.RandomGraphs;
import tessera.compiler.graph.Tensor;
import tessera.compiler.importer.Importer;
import tessera.compiler.onnx.Catalogue;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.Onnx;
import tessera.compiler.onnx.OnnxNode;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Renderer;

/// The first real model: compiled, run on the emulator, compared with ONNX Runtime, at its output
/// and at the last Gemm (the output alone is a sigmoid near 1, which would forgive much).
@Tag("oracle")
class HelloDeepaTest {
  /// Units in the last place of the largest element: sums are taken in another order.
  private static final double ULPS = 256;

  @Test
  void programAgreesWithOnnxRuntime(@TempDir Path folder) throws Exception {
    Model whole = Onnx.parse(file(folder)).orThrow();
    List<String> names =
        new ArrayList<>(whole.graph().outputs().stream().map(o -> o.name()).toList());
    names.addFirst(lastGemm(whole));
    Model model = whole.withOutputs(names).orElseThrow();
    Graph graph = graph(model);
    for (String machine : List.of("edge16", "tiny4")) {
      Isa isa = Isa.bundled(machine);
      CompiledModel program = Compiler.on(isa).compile(model).orThrow();
      for (long seed = 0; seed < 4; seed++) {
        Map<String, Tensor> inputs = RandomGraphs.inputs(graph, seed);
        Map<String, Tensor> expected = Ort.run(model, inputs);
        Map<String, Tensor> actual = EmulatorRun.run(isa, program, inputs);
        Set<String> outputs = new TreeSet<>(expected.keySet());
        assertEquals(outputs, new TreeSet<>(actual.keySet()));
        Agreement.check(expected, actual, ULPS, "hello-deepa on " + machine);
      }
    }
  }

  private static String lastGemm(Model model) {
    OnnxNode last = null;
    for (OnnxNode node : model.graph().nodes()) {
      last = node.opType().equals("Gemm") || node.opType().equals("MatMul") ? node : last;
    }
    return java.util.Objects.requireNonNull(last).outputs().getFirst();
  }

  private static Graph graph(Model model) {
    return switch (Importer.run(model)) {
      case Importer.Imported.Ok(var graph, _) -> graph;
      case Importer.Imported.Failed(var diagnostics) ->
          throw new AssertionError(Renderer.render(diagnostics));
    };
  }

  /// The file as the catalogue names it, fetched as the command line fetches it.
  private static byte[] file(Path folder)
      throws IOException, InterruptedException, NoSuchAlgorithmException {
    Catalogue.Entry entry = Catalogue.bundled().find("hello-deepa").orElseThrow();
    String name = entry.packageName() + "@" + entry.version();
    Oracle.require(runs(folder, "npm", "pack", "--silent", name), "npm");
    String archive = entry.packageName() + "-" + entry.version() + ".tgz";
    Oracle.require(runs(folder, "tar", "xzf", archive), "tar");
    byte[] bytes = Files.readAllBytes(folder.resolve("package").resolve(entry.file()));
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertEquals(entry.sha256(), HexFormat.of().formatHex(hash));
    return bytes;
  }

  private static boolean runs(Path folder, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
