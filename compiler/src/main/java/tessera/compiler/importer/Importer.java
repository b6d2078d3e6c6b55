package tessera.compiler.importer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.TensorType;
import tessera.compiler.onnx.Attribute;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.OnnxGraph;
import tessera.compiler.onnx.OnnxNode;
import tessera.compiler.onnx.ValueInfo;
import tessera.compiler.onnx.ValueType;
import tessera.compiler.rewrite.DropDead;
import tessera.isaspec.diagnostic.Diagnostic;

/// Makes a graph of a model. Everything that keeps it from that is reported at once.
public final class Importer {
  /// The graph, or why there is none.
  public sealed interface Imported {
    /// @param warnings what was assumed
    record Ok(Graph graph, List<Diagnostic> warnings) implements Imported {
      public Ok {
        warnings = List.copyOf(warnings);
      }
    }

    record Failed(List<Diagnostic> diagnostics) implements Imported {
      public Failed {
        diagnostics = List.copyOf(diagnostics);
      }
    }
  }

  private final Model model;
  private final Support support;
  private final List<ValueInfo> inputs;
  private final Folding folding;
  private final Sizes sizes;
  private final Report report;
  private final Translation translation;

  private Importer(Model model, Support support) {
    this.model = model;
    this.support = support;
    OnnxGraph graph = model.graph();
    Set<String> constants = new HashSet<>();
    graph.initializers().forEach(tensor -> constants.add(tensor.name()));
    long given = graph.initializers().stream().mapToLong(t -> t.data().remaining()).sum();
    this.inputs = graph.inputs().stream().filter(i -> !constants.contains(i.name())).toList();
    this.folding = new Folding(graph.name(), given);
    this.sizes = new Sizes(model, inputs);
    this.report = new Report(model);
    this.translation = new Translation(model, folding, sizes, report);
  }

  /// The graph of a model for any use.
  public static Imported run(Model model) {
    return run(model, Support.all());
  }

  /// The graph of a model for a use that takes only some nodes.
  public static Imported run(Model model, Support support) {
    return new Importer(model, support).imported();
  }

  private Imported imported() {
    inputs.forEach(this::input);
    Optional<Diagnostic> unbound = sizes.unbound();
    if (unbound.isPresent()) {
      return new Imported.Failed(List.of(unbound.get()));
    }
    translation.translate(needed());
    model.graph().outputs().forEach(this::output);
    Graph graph = DropDead.run(folding.graph());
    check(graph);
    if (!report.isEmpty()) {
      return new Imported.Failed(report.diagnostics());
    }
    return new Imported.Ok(graph, sizes.warnings());
  }

  private void input(ValueInfo input) {
    folding.origin("");
    Optional<TensorType> type = sizes.type(input);
    if (type.isPresent()) {
      translation.define(input.name(), folding.input(input.name(), type.get()));
    } else if (sizes.unbound().isEmpty()) {
      translation.lose(input.name(), "input " + input.name(), spelled(input.type()), why(input));
    }
  }

  private static String spelled(ValueType type) {
    return switch (type) {
      case ValueType.Other(var what) -> what;
      case ValueType.TensorOf(var element, _) -> element.map(Enum::name).orElse("tensor");
    };
  }

  private static String why(ValueInfo input) {
    return switch (input.type()) {
      case ValueType.Other _ -> "only tensors are supported";
      case ValueType.TensorOf(var element, _) when element.flatMap(t -> t.dtype()).isEmpty() ->
          "element type not supported (supported: " + Operators.TYPES + ")";
      case ValueType.TensorOf(_, var shape) ->
          shape.isEmpty() ? "its shape is not declared" : "it is too large";
    };
  }

  private void output(ValueInfo output) {
    Optional<Integer> id = translation.value(output.name());
    if (id.isPresent()) {
      folding.output(output.name(), id.get());
    } else if (report.isEmpty()) {
      report.refuse("output " + output.name(), "tensor", "no node gives it");
    }
  }

  private void check(Graph graph) {
    Map<Integer, Node> byId = graph.byId();
    Map<String, OnnxNode> byLabel = new HashMap<>();
    model.graph().nodes().forEach(node -> byLabel.put(node.label(), node));
    for (Node node : graph.nodes()) {
      List<Node> operands = node.operands().stream().map(id -> Graph.require(byId, id)).toList();
      support.refusal(node, operands).ifPresent(reason -> blame(node, reason, byLabel));
    }
  }

  /// Every node of the model that a refused node stands for is refused.
  private void blame(Node node, String reason, Map<String, OnnxNode> byLabel) {
    for (String origin : node.origins()) {
      OnnxNode named = byLabel.get(origin);
      if (named == null) {
        report.refuse(origin, "?", reason);
      } else {
        report.refuse(named, Refusal.unsupported(reason), List.of());
      }
    }
    if (node.op() instanceof Op.Input(var name, var type)) {
      report.refuse("input " + name, type.dtype().toString(), reason);
    }
  }

  /// The nodes that the outputs depend on.
  private List<OnnxNode> needed() {
    Set<String> wanted = new HashSet<>();
    model.graph().outputs().forEach(output -> wanted.add(output.name()));
    var needed = new ArrayList<OnnxNode>();
    for (OnnxNode node : model.graph().nodes().reversed()) {
      if (node.outputs().stream().anyMatch(wanted::contains)) {
        wanted.addAll(node.inputs());
        wanted.addAll(outerNames(node));
        needed.add(node);
      }
    }
    return needed.reversed();
  }

  /// The names that the graphs inside a node take from around it, and some that they do not.
  private static Set<String> outerNames(OnnxNode node) {
    Set<String> names = new HashSet<>();
    for (Attribute attribute : node.attributes().values()) {
      if (attribute instanceof Attribute.Subgraph(var graph)) {
        graph.outputs().forEach(output -> names.add(output.name()));
        for (OnnxNode inner : graph.nodes()) {
          names.addAll(inner.inputs());
          names.addAll(outerNames(inner));
        }
      }
    }
    return names;
  }
}
