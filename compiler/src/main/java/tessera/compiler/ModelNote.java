package tessera.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.TensorType;

/// What a compiled program says about itself in its section `.tessera.model`: its tensors, so that
/// a runner can fill and read them, and its groups, so that a report can name them.
///
/// ```
/// tessera-model-1
/// input x f32 1x16 row-major tensor.x
/// output y f32 scalar row-major tensor.y
/// group 1 tile /fc1/Gemm
/// ```
///
/// Names are escaped as in symbols: what is not a letter, digit, `.` or `_` is `$` and two
/// hexadecimal digits of its UTF-8.
public record ModelNote(List<TensorNote> inputs, List<TensorNote> outputs, List<GroupNote> groups) {
  /// The section's name.
  public static final String SECTION = ".tessera.model";

  private static final String HEADER = "tessera-model-1";

  /// A tensor of the caller's, row-major at a symbol of the program.
  public record TensorNote(String name, TensorType type, String symbol) {}

  /// A part of the program between two markers.
  ///
  /// @param number the marker
  /// @param unit `tile` or `scalar`
  /// @param nodes the model's nodes it stands for
  public record GroupNote(int number, String unit, List<String> nodes) {
    public GroupNote {
      nodes = List.copyOf(nodes);
    }
  }

  public ModelNote {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    groups = List.copyOf(groups);
  }

  /// The text of the section.
  public String print() {
    var out = new StringBuilder(HEADER).append('\n');
    inputs.forEach(tensor -> out.append(line("input", tensor)));
    outputs.forEach(tensor -> out.append(line("output", tensor)));
    for (GroupNote group : groups) {
      out.append("group ").append(group.number()).append(' ').append(group.unit());
      group.nodes().forEach(node -> out.append(' ').append(SymbolNames.escape(node)));
      out.append('\n');
    }
    return out.toString();
  }

  private static String line(String kind, TensorNote tensor) {
    Shape shape = tensor.type().shape();
    return String.join(
            " ",
            kind,
            SymbolNames.escape(tensor.name()),
            tensor.type().dtype().toString(),
            shape.rank() == 0 ? "scalar" : shape.toString(),
            "row-major",
            tensor.symbol())
        + "\n";
  }

  /// The note in a section's text; empty if it is not one that we know.
  public static Optional<ModelNote> parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      return Optional.empty();
    }
    var inputs = new ArrayList<TensorNote>();
    var outputs = new ArrayList<TensorNote>();
    var groups = new ArrayList<GroupNote>();
    try {
      for (String line : lines.subList(1, lines.size())) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "input" -> inputs.add(tensor(words));
          case "output" -> outputs.add(tensor(words));
          case "group" -> groups.add(group(words));
          default -> {
            return Optional.empty();
          }
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
    return Optional.of(new ModelNote(inputs, outputs, groups));
  }

  private static TensorNote tensor(String[] words) {
    DType dtype = DType.parse(words[2]).orElseThrow(() -> new IllegalArgumentException(words[2]));
    int[] dims =
        words[3].equals("scalar")
            ? new int[0]
            : Arrays.stream(words[3].split("x", -1)).mapToInt(Integer::parseInt).toArray();
    String name = SymbolNames.unescape(words[1]);
    return new TensorNote(name, new TensorType(dtype, Shape.of(dims)), words[5]);
  }

  private static GroupNote group(String[] words) {
    List<String> nodes = Arrays.stream(words).skip(3).map(SymbolNames::unescape).toList();
    return new GroupNote(Integer.parseInt(words[1]), words[2], nodes);
  }
}
