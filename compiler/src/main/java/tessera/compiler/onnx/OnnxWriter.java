package tessera.compiler.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Writes models as ONNX files: what [Onnx#parse] reads back is the same model. Element data is
/// written raw. The functions of a model and values that [Attribute.Other] and [ValueType.Other]
/// only name cannot be written.
public final class OnnxWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  private OnnxWriter() {}

  /// The file for a model.
  public static byte[] write(Model model) {
    if (!model.functions().isEmpty()) {
      throw new IllegalArgumentException("the model brings functions: " + model.functions());
    }
    return message(writer -> writer.model(model));
  }

  private void model(Model model) throws IOException {
    out.writeInt64(1, model.irVersion());
    string(2, model.producer());
    nested(7, writer -> writer.graph(model.graph()));
    for (Map.Entry<String, Long> opset : model.opsets().entrySet()) {
      nested(
          8,
          writer -> {
            writer.string(1, opset.getKey());
            writer.out.writeInt64(2, opset.getValue());
          });
    }
  }

  private void graph(OnnxGraph graph) throws IOException {
    for (OnnxNode node : graph.nodes()) {
      nested(1, writer -> writer.node(node));
    }
    string(2, graph.name());
    for (OnnxTensor initializer : graph.initializers()) {
      nested(5, writer -> writer.tensor(initializer));
    }
    values(11, graph.inputs());
    values(12, graph.outputs());
    values(13, graph.values());
    for (String sparse : graph.sparse()) {
      throw new IllegalArgumentException("sparse initializer " + sparse);
    }
  }

  private void node(OnnxNode node) throws IOException {
    for (String input : node.inputs()) {
      out.writeString(1, input);
    }
    for (String output : node.outputs()) {
      out.writeString(2, output);
    }
    string(3, node.name());
    string(4, node.opType());
    for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
      nested(5, writer -> writer.attribute(attribute.getKey(), attribute.getValue()));
    }
    string(7, node.domain());
  }

  private void attribute(String name, Attribute attribute) throws IOException {
    string(1, name);
    switch (attribute) {
      case Attribute.Real(float value) -> {
        out.writeFloat(2, value);
        out.writeEnum(20, 1);
      }
      case Attribute.Int(long value) -> {
        out.writeInt64(3, value);
        out.writeEnum(20, 2);
      }
      case Attribute.Text(var value) -> {
        out.writeByteArray(4, value.getBytes(StandardCharsets.UTF_8));
        out.writeEnum(20, 3);
      }
      case Attribute.TensorValue(var value) -> {
        nested(5, writer -> writer.tensor(value));
        out.writeEnum(20, 4);
      }
      case Attribute.Subgraph(var value) -> {
        nested(6, writer -> writer.graph(value));
        out.writeEnum(20, 5);
      }
      case Attribute.Reals(var values) -> {
        for (float value : values) {
          out.writeFloat(7, value);
        }
        out.writeEnum(20, 6);
      }
      case Attribute.Ints(var values) -> {
        for (long value : values) {
          out.writeInt64(8, value);
        }
        out.writeEnum(20, 7);
      }
      case Attribute.Texts(var values) -> {
        for (String value : values) {
          out.writeByteArray(9, value.getBytes(StandardCharsets.UTF_8));
        }
        out.writeEnum(20, 8);
      }
      case Attribute.TensorValues(var values) -> {
        for (OnnxTensor value : values) {
          nested(10, writer -> writer.tensor(value));
        }
        out.writeEnum(20, 9);
      }
      case Attribute.Subgraphs(var values) -> {
        for (OnnxGraph value : values) {
          nested(11, writer -> writer.graph(value));
        }
        out.writeEnum(20, 10);
      }
      case Attribute.Reference(var other) -> string(21, other);
      case Attribute.Other(var what) -> throw new IllegalArgumentException(name + " is " + what);
    }
  }

  private void tensor(OnnxTensor tensor) throws IOException {
    for (long dim : tensor.dims()) {
      out.writeInt64(1, dim);
    }
    out.writeEnum(2, tensor.type().code());
    for (ByteBuffer string : tensor.strings()) {
      out.writeByteBuffer(6, string);
    }
    string(8, tensor.name());
    if (tensor.type() != ElementType.STRING) {
      out.writeByteBuffer(9, tensor.data());
    }
  }

  private void values(int field, List<ValueInfo> values) throws IOException {
    for (ValueInfo value : values) {
      nested(
          field,
          writer -> {
            writer.string(1, value.name());
            // Of a value of which nothing is declared, only the name is written.
            if (!value.type().equals(ValueType.OPEN)) {
              writer.nested(2, inner -> inner.type(value.type()));
            }
          });
    }
  }

  private void type(ValueType type) throws IOException {
    switch (type) {
      case ValueType.TensorOf tensor -> nested(1, writer -> writer.tensorType(tensor));
      case ValueType.Other(var what) -> throw new IllegalArgumentException("a value is " + what);
    }
  }

  private void tensorType(ValueType.TensorOf type) throws IOException {
    if (type.element().isPresent()) {
      out.writeEnum(1, type.element().get().code());
    }
    if (type.shape().isPresent()) {
      List<Dim> dims = type.shape().get();
      nested(
          2,
          writer -> {
            for (Dim dim : dims) {
              writer.nested(1, inner -> inner.dim(dim));
            }
          });
    }
  }

  private void dim(Dim dim) throws IOException {
    switch (dim) {
      case Dim.Known(long size) -> out.writeInt64(1, size);
      case Dim.Named(var name) -> string(2, name);
      case Dim.Unknown _ -> {}
    }
  }

  private void string(int field, String text) throws IOException {
    if (!text.isEmpty()) {
      out.writeString(field, text);
    }
  }

  private void nested(int field, Writing writing) throws IOException {
    out.writeByteArray(field, message(writing));
  }

  private static byte[] message(Writing writing) {
    var writer = new OnnxWriter();
    try {
      writing.write(writer);
      writer.out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return writer.bytes.toByteArray();
  }

  private interface Writing {
    void write(OnnxWriter writer) throws IOException;
  }
}
