package tessera.compiler.importer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Tensor;
import tessera.compiler.onnx.Attribute;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.OnnxGraph;
import tessera.compiler.onnx.OnnxNode;
import tessera.compiler.onnx.OnnxTensor;
import tessera.compiler.onnx.ValueInfo;

/// Translates the nodes of one model, in their order. A refused node does not end it: where the
/// model declares what the node would give, that stands in, so that what follows is looked at as
/// well.
final class Translation {
  /// What a name of the model stands for: a value, or that it cannot be had.
  private sealed interface Meaning {
    record Value(int id) implements Meaning {}

    record Lost() implements Meaning {}
  }

  /// The names of a graph and, behind it, of the graphs around it.
  private static final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Meaning> names = new HashMap<>();
    private final Map<String, ValueInfo> declared = new HashMap<>();
    private final Map<String, OnnxTensor> initializers = new HashMap<>();

    Scope(@Nullable Scope outer, OnnxGraph graph) {
      this.outer = outer;
      graph.values().forEach(value -> declared.put(value.name(), value));
      graph.outputs().forEach(value -> declared.put(value.name(), value));
      graph.initializers().forEach(tensor -> initializers.put(tensor.name(), tensor));
    }
  }

  private final Model model;
  private final Folding folding;
  private final Sizes sizes;
  private final Report report;
  private Scope scope;

  Translation(Model model, Folding folding, Sizes sizes, Report report) {
    this.model = model;
    this.folding = folding;
    this.sizes = sizes;
    this.report = report;
    this.scope = new Scope(null, model.graph());
    model
        .graph()
        .sparse()
        .forEach(name -> lose(name, name, "sparse", "sparse tensors are not supported"));
  }

  /// The name now means this value.
  void define(String name, int id) {
    scope.names.put(name, new Meaning.Value(id));
  }

  /// The name cannot be had, because of the model's own declaration of it.
  void lose(String name, String label, String what, String reason) {
    scope.names.put(name, new Meaning.Lost());
    report.refuse(label, what, reason);
  }

  void translate(List<OnnxNode> nodes) {
    nodes.forEach(this::translate);
  }

  /// The value of this name; empty if it cannot be had.
  Optional<Integer> value(String name) {
    return find(name) instanceof Meaning.Value(int id) ? Optional.of(id) : Optional.empty();
  }

  private void translate(OnnxNode node) {
    report.count();
    folding.origin(node.label());
    try {
      List<Integer> values = values(node);
      for (int i = 0; i < node.outputs().size(); i++) {
        define(node.outputs().get(i), values, i);
      }
    } catch (Refusal refusal) {
      report.refuse(node, refusal, feeding(node));
      node.outputs().forEach(this::standIn);
    } catch (Unknowable unknowable) {
      node.outputs().forEach(this::standIn);
    }
  }

  private void define(String output, List<Integer> values, int i) {
    if (output.isEmpty()) {
      return;
    }
    if (i >= values.size()) {
      throw Refusal.unsupported("output " + i + ", '" + output + "', is not supported");
    }
    define(output, values.get(i));
  }

  private List<Integer> values(OnnxNode node) {
    boolean branches = node.domain().isEmpty() && node.opType().equals("If");
    Optional<Operator> operator = Operators.find(node.domain(), node.opType());
    if (operator.isEmpty() && !branches) {
      boolean local = model.functions().contains(node.domain() + "::" + node.opType());
      throw Refusal.unsupported(
          local
              ? "functions of the model itself are not supported"
              : Operators.absence(node.domain(), node.opType()));
    }
    List<Optional<Integer>> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      inputs.add(input.isEmpty() ? Optional.empty() : Optional.of(operand(input)));
    }
    var site = new Site(node, model.opset(), inputs, folding);
    List<Integer> values = branches ? branch(site, node) : operator.orElseThrow().apply(site);
    site.checkAllRead();
    return values;
  }

  /// An `If` on a constant is the branch that is taken.
  private List<Integer> branch(Site site, OnnxNode node) {
    Tensor condition = site.known(0, "the condition");
    boolean taken = condition.count() == 1 && condition.integer(0) != 0;
    site.ignore("then_branch");
    site.ignore("else_branch");
    if (!(node.attributes().get(taken ? "then_branch" : "else_branch")
        instanceof Attribute.Subgraph(var graph))) {
      throw Refusal.invalid("it has no branch to take");
    }
    Scope around = scope;
    scope = new Scope(around, graph);
    try {
      translate(graph.nodes());
      var values = new ArrayList<Integer>();
      graph.outputs().forEach(output -> values.add(operand(output.name())));
      return values;
    } finally {
      scope = around;
    }
  }

  private int operand(String name) {
    return switch (find(name)) {
      case null -> throw Refusal.invalid("input '" + name + "' is not defined before it");
      case Meaning.Lost _ -> throw new Unknowable();
      case Meaning.Value(int id) -> id;
    };
  }

  private @Nullable Meaning find(String name) {
    for (Scope at = scope; at != null; at = at.outer) {
      Meaning meaning = at.names.get(name);
      if (meaning == null && at.initializers.containsKey(name)) {
        meaning = initializer(at, name);
      }
      if (meaning != null) {
        return meaning;
      }
    }
    return null;
  }

  /// Constants become values when they are first used.
  private @Nullable Meaning initializer(Scope at, String name) {
    OnnxTensor tensor = at.initializers.get(name);
    if (tensor == null) {
      return null;
    }
    Optional<Tensor> value = tensor.tensor();
    if (value.isEmpty()) {
      String reason = "a constant of " + tensor.type() + " (supported: " + Operators.TYPES + ")";
      report.refuse(name, tensor.type().name(), reason);
    }
    Meaning meaning =
        value
            .<Meaning>map(constant -> new Meaning.Value(folding.constant(constant)))
            .orElse(new Meaning.Lost());
    at.names.put(name, meaning);
    return meaning;
  }

  /// What the model declares the value to be, or else that it is lost.
  private void standIn(String output) {
    ValueInfo declared = scope.declared.get(output);
    Meaning meaning =
        Optional.ofNullable(declared)
            .flatMap(sizes::type)
            .<Meaning>map(type -> new Meaning.Value(folding.add(new Op.Input(output, type))))
            .orElse(new Meaning.Lost());
    scope.names.put(output, meaning);
  }

  /// The computed values that a node takes.
  private List<String> feeding(OnnxNode node) {
    var feeding = new ArrayList<String>();
    for (String input : node.inputs()) {
      if (value(input).filter(id -> folding.constant(id).isEmpty()).isPresent()) {
        feeding.add(input);
      }
    }
    return feeding;
  }

  /// A node takes a value that cannot be had, so nothing can be said about it.
  private static final class Unknowable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unknowable() {
      super("a value that cannot be had", null, false, false);
    }
  }
}
