package tessera.compiler.onnx;

import java.util.List;

/// What is fixed about a node (`AttributeProto`).
public sealed interface Attribute {
  record Real(float value) implements Attribute {}

  record Int(long value) implements Attribute {}

  record Text(String value) implements Attribute {}

  record TensorValue(OnnxTensor value) implements Attribute {}

  record Subgraph(OnnxGraph value) implements Attribute {}

  record Reals(List<Float> values) implements Attribute {
    public Reals {
      values = List.copyOf(values);
    }
  }

  record Ints(List<Long> values) implements Attribute {
    public Ints {
      values = List.copyOf(values);
    }
  }

  record Texts(List<String> values) implements Attribute {
    public Texts {
      values = List.copyOf(values);
    }
  }

  record TensorValues(List<OnnxTensor> values) implements Attribute {
    public TensorValues {
      values = List.copyOf(values);
    }
  }

  record Subgraphs(List<OnnxGraph> values) implements Attribute {
    public Subgraphs {
      values = List.copyOf(values);
    }
  }

  /// In a model-local function: the caller's attribute of this name.
  record Reference(String name) implements Attribute {}

  /// A sparse tensor or a type: named, and no more.
  record Other(String what) implements Attribute {}
}
