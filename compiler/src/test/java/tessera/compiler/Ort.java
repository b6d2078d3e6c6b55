package tessera.compiler;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.OnnxWriter;

/// ONNX Runtime as the oracle, for models of `f32`.
public final class Ort {
  private Ort() {}

  /// The outputs of a model by name.
  public static Map<String, Tensor> run(Model model, Map<String, Tensor> inputs) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (var session = environment.createSession(OnnxWriter.write(model), options)) {
        var given = new HashMap<String, OnnxTensor>();
        for (var input : inputs.entrySet()) {
          given.put(input.getKey(), tensor(environment, input.getValue()));
        }
        try (var result = session.run(given)) {
          var outputs = new LinkedHashMap<String, Tensor>();
          for (var output : result) {
            outputs.put(output.getKey(), tensor((OnnxTensor) output.getValue()));
          }
          return outputs;
        }
      }
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, Tensor tensor) throws OrtException {
    long[] dims = tensor.shape().dims().stream().mapToLong(Integer::longValue).toArray();
    var direct =
        ByteBuffer.allocateDirect(tensor.data().remaining()).order(ByteOrder.nativeOrder());
    direct.put(tensor.data()).flip();
    return OnnxTensor.createTensor(environment, direct.asFloatBuffer(), dims);
  }

  private static Tensor tensor(OnnxTensor tensor) {
    TensorInfo info = tensor.getInfo();
    int[] dims = new int[info.getShape().length];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = (int) info.getShape()[i];
    }
    return new Tensor(new TensorType(DType.F32, Shape.of(dims)), tensor.getByteBuffer());
  }
}
