package tessera.compiler.importer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.OnnxNode;
import tessera.isaspec.diagnostic.Diagnostic;

/// Collects the nodes that were refused and makes one error of them.
///
/// ```
/// error[unsupported-op]: 2 of 215 nodes cannot be compiled (opset 23)
///    note: /layer4/NonMaxSuppression_12  NonMaxSuppression-11  no loop semantics (data-dependent output shape)
///    note: /up/Resize_3                  Resize-19             attribute mode=cubic (supported: nearest, linear)
///    help: cut the graph with --outputs /layer4/Concat_11; 213 of 215 nodes are supported
/// ```
final class Report {
  private static final int SHOWN = 20;

  /// One refused node: how the user finds it, its operator and version, and the reason.
  ///
  /// @param isNode false for an input or a constant
  private record Line(String label, String operator, String reason, boolean isNode) {}

  private final Model model;
  private final Map<Refusal.Kind, Map<String, Line>> refused = new LinkedHashMap<>();
  private final Set<String> cuts = new LinkedHashSet<>();
  private int nodes;

  Report(Model model) {
    this.model = model;
  }

  /// One more node was looked at.
  void count() {
    nodes++;
  }

  /// The first reason for a node counts.
  ///
  /// @param feeding values that it takes and that can be computed: where the graph could be cut
  void refuse(OnnxNode node, Refusal refusal, List<String> feeding) {
    var line = new Line(node.label(), versioned(node), refusal.reason(), true);
    of(refusal.kind()).putIfAbsent(node.label(), line);
    cuts.addAll(feeding);
  }

  /// A value of the model itself, not a node, cannot be had.
  void refuse(String label, String what, String reason) {
    of(Refusal.Kind.UNSUPPORTED).putIfAbsent(label, new Line(label, what, reason, false));
  }

  boolean isEmpty() {
    return refused.isEmpty();
  }

  private Map<String, Line> of(Refusal.Kind kind) {
    return refused.computeIfAbsent(kind, _ -> new LinkedHashMap<>());
  }

  private String versioned(OnnxNode node) {
    long opset = model.opsets().getOrDefault(node.domain(), 1L);
    return node.operator() + "-" + OperatorVersions.since(node.domain(), node.opType(), opset);
  }

  List<Diagnostic> diagnostics() {
    var diagnostics = new ArrayList<Diagnostic>();
    refused.forEach(
        (kind, lines) -> diagnostics.add(diagnostic(kind, List.copyOf(lines.values()))));
    return diagnostics;
  }

  private Diagnostic diagnostic(Refusal.Kind kind, List<Line> lines) {
    int refusedNodes = (int) lines.stream().filter(Line::isNode).count();
    String count =
        refusedNodes > 0 ? refusedNodes + " of " + nodes + " nodes " : "inputs or constants ";
    String opset = " (opset " + model.opset() + ")";
    var diagnostic =
        switch (kind) {
          case UNSUPPORTED ->
              Diagnostic.error("unsupported-op", null, count + "cannot be compiled" + opset)
                  .help(help(refusedNodes));
          case INVALID ->
              Diagnostic.error("invalid-model", null, count + "break ONNX's rules" + opset);
        };
    int labels = width(lines.stream().map(Line::label).toList());
    int operators = width(lines.stream().map(Line::operator).toList());
    for (Line line : lines.subList(0, Math.min(SHOWN, lines.size()))) {
      String columns = "%-" + labels + "s  %-" + operators + "s  %s";
      diagnostic = diagnostic.note(null, columns.formatted(line.label, line.operator, line.reason));
    }
    return lines.size() > SHOWN ? diagnostic.note(null, rest(lines)) : diagnostic;
  }

  private static int width(List<String> column) {
    return column.stream().limit(SHOWN).mapToInt(String::length).max().orElse(1);
  }

  private static String rest(List<Line> lines) {
    Set<String> operators = new TreeSet<>();
    lines.subList(SHOWN, lines.size()).forEach(line -> operators.add(line.operator));
    return "and " + (lines.size() - SHOWN) + " more, of " + String.join(", ", operators);
  }

  private String help(int refusedNodes) {
    String supported = (nodes - refusedNodes) + " of " + nodes + " nodes are supported";
    return cuts.isEmpty()
        ? supported
        : "cut the graph with --outputs " + String.join(",", cuts) + "; " + supported;
  }
}
