package tessera.compiler.onnx;

/// A declared value of a graph: an input, an output or one in between.
public record ValueInfo(String name, ValueType type) {}
