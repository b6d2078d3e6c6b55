package tessera.cli;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import tessera.compiler.Comparison;
import tessera.compiler.CompiledModel;
import tessera.compiler.ModelNote.TensorNote;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.Tensor;
import tessera.emulator.Guest;
import tessera.isaspec.diagnostic.Renderer;

/// A compiled model in a machine: its inputs put in, its outputs taken out and compared.
///
/// @param inputs a tensor for each input of the model
/// @param filled whether some of them were drawn and not given
record ModelRun(CompiledModel model, Map<String, Tensor> inputs, boolean filled) {
  private static final int SHOWN = 8;

  /// {@return a run on the given inputs; those that are not given are drawn with the seed}
  ///
  /// @throws Failure when an input is none of the model's, or has another type
  static ModelRun of(CompiledModel model, Map<String, Tensor> given, long seed) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(seed);
    boolean filled = false;
    for (TensorNote note : model.note().inputs()) {
      Tensor tensor = given.get(note.name());
      if (tensor != null && !tensor.type().equals(note.type())) {
        throw Failure.of(
            ExitCode.BAD_INPUT,
            "input-type",
            "input '" + note.name() + "' is " + note.type() + ", the file holds " + tensor.type());
      }
      inputs.put(note.name(), tensor == null ? drawn(note, random) : tensor);
      filled |= tensor == null;
    }
    for (String name : given.keySet()) {
      if (!inputs.containsKey(name)) {
        throw Failure.of(
            ExitCode.USAGE,
            "unknown-input",
            "the model has no input '" + name + "'",
            "its inputs: " + String.join(", ", inputs.keySet()));
      }
    }
    return new ModelRun(model, inputs, filled);
  }

  private static Tensor drawn(TensorNote note, SplittableRandom random) {
    Tensor.Filler filler = new Tensor.Filler(note.type());
    for (int i = 0; i < note.type().count(); i++) {
      if (note.type().dtype().isFloat()) {
        filler.set(i, random.nextDouble(-1, 1));
      } else {
        filler.set(i, random.nextLong(0, 2));
      }
    }
    return filler.done();
  }

  /// Puts the inputs where the program looks for them.
  void fill(Guest guest) {
    for (TensorNote note : model.note().inputs()) {
      ByteBuffer data = input(note).data();
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      guest.memory().fill(address(guest, note), bytes, 0, bytes.length);
    }
  }

  private Tensor input(TensorNote note) {
    Tensor tensor = inputs.get(note.name());
    if (tensor == null) {
      throw new IllegalStateException("no tensor for input " + note.name());
    }
    return tensor;
  }

  private static long address(Guest guest, TensorNote note) {
    return guest
        .symbols()
        .find(note.symbol())
        .orElseThrow(() -> new IllegalStateException("no symbol " + note.symbol()))
        .value();
  }

  /// {@return what the program left at its outputs, in their order}
  Map<String, Tensor> outputs(Guest guest) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (TensorNote note : model.note().outputs()) {
      byte[] bytes = new byte[(int) note.type().bytes()];
      guest.memory().read(address(guest, note), bytes, 0, bytes.length);
      outputs.put(note.name(), new Tensor(note.type(), ByteBuffer.wrap(bytes)));
    }
    return outputs;
  }

  /// {@return how far each output is from what the graph is worth}
  List<Comparison> compare(Map<String, Tensor> outputs) {
    return GraphEvaluator.evaluate(model.graph(), inputs).entrySet().stream()
        .map(expected -> compare(expected.getKey(), expected.getValue(), outputs))
        .toList();
  }

  private Comparison compare(String name, Tensor expected, Map<String, Tensor> outputs) {
    Tensor actual = outputs.get(name);
    return actual == null
        ? new Comparison(Double.POSITIVE_INFINITY, 0)
        : Comparison.of(model.graph(), name, expected, actual);
  }

  /// {@return a line for each output: name, type, the first elements, a hash of all bytes}
  static String text(Map<String, Tensor> outputs) {
    StringBuilder out = new StringBuilder();
    outputs.forEach((name, tensor) -> {
      out.append(Renderer.printable(name)).append("  ").append(tensor.type()).append("  [");
      for (int i = 0; i < Math.min(SHOWN, tensor.count()); i++) {
        out.append(i == 0 ? "" : ", ").append(element(tensor, i));
      }
      out.append(tensor.count() > SHOWN ? ", ...]" : "]");
      out.append("  sha256 ").append(hash(tensor), 0, 12).append('\n');
    });
    return out.toString();
  }

  private static String element(Tensor tensor, int i) {
    return tensor.dtype().isFloat()
        ? String.format(Locale.ROOT, "%.7g", tensor.real(i))
        : Long.toString(tensor.integer(i));
  }

  private static String hash(Tensor tensor) {
    MessageDigest digest = Reports.sha256();
    digest.update(tensor.data());
    return HexFormat.of().formatHex(digest.digest());
  }

  /// {@return the line that says how the comparisons went}
  static String verdict(List<Comparison> comparisons) {
    return String.format(
        Locale.ROOT,
        "check: max |d| = %.3g against the graph evaluator: %s%n",
        comparisons.stream().mapToDouble(Comparison::largest).max().orElse(0),
        comparisons.stream().allMatch(Comparison::agrees) ? "ok" : "DIFFERENT");
  }
}
