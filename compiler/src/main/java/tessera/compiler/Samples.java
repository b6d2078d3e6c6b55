package tessera.compiler;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;

/// Inputs made from a seed, for a run without real ones: the same seed gives the same elements
/// everywhere.
public final class Samples {
  private Samples() {}

  /// A tensor for each input of a program, by name: floats are normally distributed, integers are 0
  /// or 1, which are indices into anything.
  public static Map<String, Tensor> of(CompiledModel model, long seed) {
    var samples = new LinkedHashMap<String, Tensor>();
    var random = new Random(seed);
    for (ModelNote.TensorNote input : model.note().inputs()) {
      samples.put(input.name(), of(input.type(), random));
    }
    return samples;
  }

  private static Tensor of(TensorType type, Random random) {
    var filler = new Tensor.Filler(type);
    for (int i = 0; i < type.count(); i++) {
      if (type.dtype().isFloat()) {
        filler.set(i, random.nextGaussian());
      } else {
        filler.set(i, (long) random.nextInt(2));
      }
    }
    return filler.done();
  }
}
