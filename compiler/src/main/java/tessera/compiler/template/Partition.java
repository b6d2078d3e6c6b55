package tessera.compiler.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Shape;

/// Cuts a graph into groups. A node that works element by element joins the group of its users if
/// that is one group over the same positions, so its value never lies in memory. An operation that
/// only changes places costs nothing where all its users can read its operand in the new order;
/// then it is in no group. A reshape is in none either: its value is its operand.
public final class Partition {
  private final Graph graph;
  private final Map<Integer, Node> byId;
  private final Map<Integer, List<Node>> users = new HashMap<>();
  private final Set<Integer> outputs = new HashSet<>();
  private final Map<Integer, Integer> rootOf = new HashMap<>();
  private final Map<Integer, Group.Kind> kinds = new HashMap<>();
  private final Set<Integer> viewed = new HashSet<>();

  private Partition(Graph graph) {
    this.graph = graph;
    this.byId = graph.byId();
    for (Node node : graph.nodes()) {
      node.operands().forEach(id -> users.computeIfAbsent(id, _ -> new ArrayList<>()).add(node));
    }
    graph.outputs().forEach(output -> outputs.add(output.id()));
  }

  /// The groups in the order they run.
  public static List<Group> run(Graph graph) {
    var partition = new Partition(graph);
    graph.nodes().reversed().forEach(partition::place);
    return partition.groups();
  }

  private void place(Node node) {
    switch (node.op()) {
      case Op.Input _, Op.Constant _, Op.Reshape _ -> {}
      case Op.MatMul _ -> root(node, Group.Kind.PRODUCT);
      case Op.Reduce _ -> root(node, Group.Kind.REDUCE);
      case Op.Concat _, Op.Gather _, Op.Pad _ -> root(node, Group.Kind.MOVE);
      case Op.Unary _, Op.Binary _, Op.Select _, Op.Cast _ -> pointwise(node);
      case Op.Broadcast _, Op.Transpose _, Op.Slice _ -> view(node);
    }
  }

  private void root(Node node, Group.Kind kind) {
    rootOf.put(node.id(), node.id());
    kinds.put(node.id(), kind);
  }

  private void pointwise(Node node) {
    boolean fusible =
        !outputs.contains(node.id()) && users(node).stream().allMatch(Partition::walksPositions);
    Set<Integer> roots = new HashSet<>();
    users(node).forEach(user -> roots.add(rootOf.getOrDefault(user.id(), -1)));
    int only = roots.size() == 1 ? roots.iterator().next() : -1;
    if (fusible && only >= 0 && joins(node, only)) {
      rootOf.put(node.id(), only);
    } else {
      root(node, Group.Kind.MAP);
    }
  }

  private boolean joins(Node node, int root) {
    Group.Kind kind = kinds.get(root);
    boolean takesElements = kind == Group.Kind.MAP || kind == Group.Kind.REDUCE;
    return takesElements && node.type().shape().equals(positions(node(root)));
  }

  /// The shape that a group's code walks over.
  static Shape positions(Node root, Map<Integer, Node> byId) {
    Node walked = root;
    if (root.op() instanceof Op.Reduce) {
      walked = Graph.require(byId, root.operand(0));
    }
    return walked.type().shape();
  }

  private Shape positions(Node root) {
    return positions(root, byId);
  }

  private void view(Node node) {
    boolean everywhere =
        !outputs.contains(node.id()) && users(node).stream().allMatch(this::readsElements);
    if (everywhere) {
      viewed.add(node.id());
    } else {
      root(node, Group.Kind.MAP);
    }
  }

  private boolean readsElements(Node user) {
    return walksPositions(user)
        || user.op() instanceof Op.Broadcast
        || user.op() instanceof Op.Transpose
        || user.op() instanceof Op.Slice;
  }

  /// Whether a node uses the element of its operand that stands where the node's own position is.
  private static boolean walksPositions(Node user) {
    return switch (user.op()) {
      case Op.Unary _, Op.Binary _, Op.Select _, Op.Cast _, Op.Reduce _ -> true;
      case Op.Input _,
          Op.Constant _,
          Op.MatMul _,
          Op.Reshape _,
          Op.Broadcast _,
          Op.Transpose _,
          Op.Slice _,
          Op.Concat _,
          Op.Gather _,
          Op.Pad _ ->
          false;
    };
  }

  private List<Node> users(Node node) {
    return users.getOrDefault(node.id(), List.of());
  }

  private Node node(int id) {
    return Graph.require(byId, id);
  }

  private List<Group> groups() {
    Map<Integer, List<Node>> members = new HashMap<>();
    for (Node node : graph.nodes()) {
      Integer root = rootOf.get(node.id());
      if (root != null) {
        members.computeIfAbsent(root, _ -> new ArrayList<>()).add(node);
      }
    }
    var groups = new ArrayList<Group>();
    for (Node node : graph.nodes()) {
      Group.Kind kind = kinds.get(node.id());
      if (kind != null) {
        var nodes = members.getOrDefault(node.id(), Collections.emptyList());
        groups.add(new Group(groups.size() + 1, kind, nodes));
      }
    }
    return groups;
  }
}
