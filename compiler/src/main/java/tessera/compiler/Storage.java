package tessera.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tessera.compiler.emit.MachineCode.Data;
import tessera.compiler.emit.MachineCode.Place;
import tessera.compiler.emit.Operand;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.memory.Live;
import tessera.compiler.memory.MemoryPlan;
import tessera.compiler.memory.PlanCheck;
import tessera.compiler.template.Group;
import tessera.compiler.template.Lowering;
import tessera.compiler.template.Values;

/// Where every value of a graph lies: inputs and outputs at symbols of their names, constants among
/// the weights, what lives between groups in one arena, where values that are not needed at the
/// same time share their place.
final class Storage implements Values {
  private static final String ARENA = "arena";

  private final Map<Integer, Node> byId;
  private final Set<Integer> roots = new HashSet<>();
  private final Map<Integer, Operand.Address> addresses = new HashMap<>();
  private final Map<String, Data> data = new LinkedHashMap<>();
  private long arena;

  private Storage(Graph graph) {
    this.byId = graph.byId();
  }

  /// A place for every value that a group of the graph reads or writes.
  static Storage of(Graph graph, List<Group> groups) {
    var storage = new Storage(graph);
    groups.forEach(group -> storage.roots.add(group.root().id()));
    storage.inputsAndOutputs(graph);
    storage.weights(groups);
    storage.arena(groups);
    return storage;
  }

  @Override
  public Node node(int id) {
    return Graph.require(byId, id);
  }

  @Override
  public boolean isStored(int id) {
    return switch (node(id).op()) {
      case Op.Input _, Op.Constant _, Op.Reshape _ -> true;
      case Op.Unary _,
          Op.Binary _,
          Op.Select _,
          Op.Cast _,
          Op.MatMul _,
          Op.Reduce _,
          Op.Broadcast _,
          Op.Transpose _,
          Op.Slice _,
          Op.Concat _,
          Op.Gather _,
          Op.Pad _ ->
          roots.contains(id);
    };
  }

  @Override
  public Operand.Address address(int id) {
    Operand.Address address = addresses.get(lies(id));
    if (address == null) {
      throw new IllegalArgumentException("%" + id + " has no place");
    }
    return address;
  }

  /// What lies in memory when the program starts, and room for the rest.
  List<Data> data() {
    return List.copyOf(data.values());
  }

  /// The bytes for values between groups.
  long arenaBytes() {
    return arena;
  }

  static String tensorSymbol(String name) {
    return "tensor." + SymbolNames.escape(name);
  }

  /// The value in whose place value `id` lies: a reshape is its operand.
  private int lies(int id) {
    Node node = node(id);
    while (node.op() instanceof Op.Reshape) {
      node = node(node.operand(0));
    }
    return node.id();
  }

  private void add(Data item) {
    if (data.putIfAbsent(item.symbol(), item) != null) {
      throw new IllegalArgumentException("two tensors at symbol " + item.symbol());
    }
  }

  private void inputsAndOutputs(Graph graph) {
    for (Node node : graph.inputs()) {
      if (node.op() instanceof Op.Input(var name, var type)) {
        place(node.id(), tensorSymbol(name), type.bytes());
      }
    }
    for (Graph.Output output : graph.outputs()) {
      // An input that is given back as it is lies at its one symbol.
      if (data.containsKey(tensorSymbol(output.name()))) {
        continue;
      }
      place(lies(output.id()), tensorSymbol(output.name()), node(output.id()).type().bytes());
    }
  }

  private void place(int id, String symbol, long bytes) {
    add(Data.zeros(Place.IO, symbol, bytes));
    addresses.put(id, new Operand.Address(symbol, 0));
  }

  private void weights(List<Group> groups) {
    for (Group group : groups) {
      for (int read : Lowering.reads(group, this)) {
        Node node = node(lies(read));
        if (node.op() instanceof Op.Constant(var value) && !addresses.containsKey(node.id())) {
          String symbol = "weight." + node.id();
          add(new Data(Place.WEIGHTS, symbol, value.data(), value.type().bytes()));
          addresses.put(node.id(), new Operand.Address(symbol, 0));
        }
      }
    }
  }

  private void arena(List<Group> groups) {
    Map<Integer, Integer> last = new HashMap<>();
    for (Group group : groups) {
      last.putIfAbsent(group.root().id(), group.number());
      Lowering.reads(group, this).forEach(read -> last.put(lies(read), group.number()));
    }
    var lives = new ArrayList<Live>();
    for (Group group : groups) {
      Node root = group.root();
      if (!addresses.containsKey(root.id())) {
        int end = last.getOrDefault(root.id(), group.number());
        lives.add(new Live(root.id(), Math.max(1, root.type().bytes()), group.number(), end));
      }
    }
    plan(lives);
  }

  private void plan(List<Live> lives) {
    MemoryPlan plan = MemoryPlan.of(lives);
    List<String> problems = PlanCheck.problems(plan, lives);
    if (!problems.isEmpty()) {
      throw new AssertionError("memory plan: " + String.join("; ", problems));
    }
    plan.offsets().forEach((id, offset) -> addresses.put(id, new Operand.Address(ARENA, offset)));
    arena = plan.size();
    if (arena > 0) {
      add(Data.zeros(Place.ARENA, ARENA, arena));
    }
  }
}
