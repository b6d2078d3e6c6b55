package tessera.compiler.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of an `AttributeProto` as they come; which of them counts is known only at its end.
final class AttributeFields {
  String name = "";
  long type;
  @Nullable Attribute single;
  @Nullable String reference;
  final LongList integers = new LongList();
  final List<Float> reals = new ArrayList<>();
  final List<String> texts = new ArrayList<>();
  final List<OnnxTensor> tensors = new ArrayList<>();
  final List<OnnxGraph> graphs = new ArrayList<>();

  interface Skip {
    void run() throws IOException;
  }

  void other(int field, String what, Skip skip) throws IOException {
    skip.run();
    single = new Attribute.Other(what);
  }

  /// The value. Files of the first format version have no type: there the field that is given tells
  /// it.
  Attribute attribute() throws IOException {
    if (reference != null && !reference.isEmpty()) {
      return new Attribute.Reference(reference);
    }
    return switch ((int) type) {
      case 0 -> untyped();
      case 1 -> single(new Attribute.Real(0));
      case 2 -> single(new Attribute.Int(0));
      case 3 -> single(new Attribute.Text(""));
      case 4, 5, 11, 12, 13, 14 -> given();
      case 6 -> new Attribute.Reals(reals);
      case 7 -> new Attribute.Ints(integers.boxed());
      case 8 -> new Attribute.Texts(texts);
      case 9 -> new Attribute.TensorValues(tensors);
      case 10 -> new Attribute.Subgraphs(graphs);
      default ->
          throw new OnnxReader.Damaged("attribute '" + name + "' has the unknown type " + type);
    };
  }

  /// A value that the writer may have left out because it is `absent`, the default of its wire
  /// type.
  private Attribute single(Attribute absent) throws IOException {
    if (single == null) {
      return absent;
    }
    if (single.getClass() != absent.getClass()) {
      throw new OnnxReader.Damaged(
          "the value of attribute '" + name + "' is not of its type " + type);
    }
    return single;
  }

  private Attribute given() throws IOException {
    if (single == null) {
      throw new OnnxReader.Damaged("attribute '" + name + "' has no value");
    }
    return single;
  }

  private Attribute untyped() throws IOException {
    if (single != null) {
      return single;
    }
    if (!reals.isEmpty()) {
      return new Attribute.Reals(reals);
    }
    if (!texts.isEmpty()) {
      return new Attribute.Texts(texts);
    }
    return integers.size() > 0 ? new Attribute.Ints(integers.boxed()) : given();
  }
}
