package tessera.compiler.importer;

import java.util.List;

/// What one ONNX operator means: adds to the graph what a node of it stands for and gives the
/// values of its outputs, in order. Optional outputs may be left out at the end.
interface Operator {
  List<Integer> apply(Site site);

  /// An operator with one output.
  interface Single {
    int apply(Site site);
  }

  static Operator single(Single rule) {
    return site -> List.of(rule.apply(site));
  }
}
