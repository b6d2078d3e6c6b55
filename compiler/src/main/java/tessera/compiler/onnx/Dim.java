package tessera.compiler.onnx;

/// One extent in a declared shape.
public sealed interface Dim {
  record Known(long size) implements Dim {}

  /// The same for every use of the name (`dim_param`); [Model#bind] gives it a size.
  record Named(String name) implements Dim {}

  record Unknown() implements Dim {}
}
