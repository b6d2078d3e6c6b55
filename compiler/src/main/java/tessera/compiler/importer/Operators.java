package tessera.compiler.importer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tessera.compiler.graph.DType;

/// The operators that can be imported, with what each means.
final class Operators {
  /// The element types, as a message names them.
  static final String TYPES =
      Arrays.stream(DType.values()).map(DType::toString).collect(Collectors.joining(" "));

  private static final Map<String, Operator> TABLE = new TreeMap<>();

  static {
    for (var table :
        List.of(
            ElementwiseRules.TABLE,
            ActivationRules.TABLE,
            ShapeRules.TABLE,
            MatrixRules.TABLE,
            ReductionRules.TABLE,
            NormalizationRules.TABLE)) {
      TABLE.putAll(table);
    }
  }

  private static final Set<String> DATA_DEPENDENT =
      Set.of("NonMaxSuppression", "NonZero", "Unique", "Compress");
  private static final Set<String> CONTROL = Set.of("Loop", "Scan");
  private static final Set<String> RANDOM =
      Set.of(
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Bernoulli",
          "Multinomial");

  private Operators() {}

  /// The rule for an operator of ONNX's own domain.
  static Optional<Operator> find(String domain, String opType) {
    return domain.isEmpty() ? Optional.ofNullable(TABLE.get(opType)) : Optional.empty();
  }

  /// The names of all operators there is a rule for.
  static Set<String> names() {
    return TABLE.keySet();
  }

  /// Why there is no rule.
  static String absence(String domain, String opType) {
    if (!domain.isEmpty()) {
      return "operators of domain " + domain + " are not known";
    }
    if (DATA_DEPENDENT.contains(opType)) {
      return "no loop semantics (data-dependent output shape)";
    }
    if (CONTROL.contains(opType)) {
      return "loops of the model are not supported";
    }
    if (RANDOM.contains(opType)) {
      return "random results are not supported";
    }
    if (opType.startsWith("Sequence") || opType.startsWith("Optional")) {
      return "only tensors are supported";
    }
    return "the operator is not supported";
  }
}
