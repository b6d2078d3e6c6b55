package tessera.compiler.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.TensorType;
import tessera.compiler.onnx.Dim;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.ValueInfo;
import tessera.compiler.onnx.ValueType;
import tessera.isaspec.diagnostic.Diagnostic;

/// Gives every extent of the inputs a number. The model's own bindings come first; a leading extent
/// that has none, by custom the batch, is 1, and a warning says so.
final class Sizes {
  private final Map<String, Integer> sizes;
  private final Set<String> named = new TreeSet<>();
  private final Set<String> unbound = new TreeSet<>();
  private final Map<String, Integer> defaults = new TreeMap<>();

  Sizes(Model model, List<ValueInfo> inputs) {
    sizes = model.sizes();
    inputs.forEach(this::assume);
  }

  private void assume(ValueInfo input) {
    if (input.type() instanceof ValueType.TensorOf(_, var shape) && shape.isPresent()) {
      List<Dim> dims = shape.get();
      for (int axis = 0; axis < dims.size(); axis++) {
        Optional<String> name = name(input.name(), axis, dims.get(axis));
        name.ifPresent(named::add);
        if (axis == 0 && name.isPresent() && !sizes.containsKey(name.get())) {
          defaults.put(name.get(), 1);
        }
      }
    }
  }

  /// What a user calls an extent that needs a number: `batch_size`, or `x:0`.
  private static Optional<String> name(String input, int axis, Dim dim) {
    return switch (dim) {
      case Dim.Known _ -> Optional.empty();
      case Dim.Named(var name) -> Optional.of(name);
      case Dim.Unknown _ -> Optional.of(input + ":" + axis);
    };
  }

  /// The type of a declared value; empty if something about it is open.
  Optional<TensorType> type(ValueInfo value) {
    if (!(value.type() instanceof ValueType.TensorOf(var element, var shape))) {
      return Optional.empty();
    }
    var dims = new ArrayList<Integer>();
    for (int axis = 0; shape.isPresent() && axis < shape.get().size(); axis++) {
      size(value.name(), axis, shape.get().get(axis)).ifPresent(dims::add);
    }
    boolean whole = shape.isPresent() && dims.size() == shape.get().size();
    return element
        .flatMap(type -> type.dtype())
        .filter(_ -> whole)
        .map(dtype -> new TensorType(dtype, new Shape(dims)))
        .filter(type -> type.bytes() <= TensorType.MAX_BYTES);
  }

  private Optional<Integer> size(String value, int axis, Dim dim) {
    if (dim instanceof Dim.Known(long size)) {
      return size <= Integer.MAX_VALUE ? Optional.of((int) size) : Optional.empty();
    }
    String name = name(value, axis, dim).orElseThrow();
    Integer bound = sizes.getOrDefault(name, defaults.get(name));
    if (bound == null && named.contains(name)) {
      unbound.add(name);
    }
    return Optional.ofNullable(bound);
  }

  /// The extents of inputs that were asked for and have no number.
  Optional<Diagnostic> unbound() {
    if (unbound.isEmpty()) {
      return Optional.empty();
    }
    String first = unbound.iterator().next();
    return Optional.of(
        Diagnostic.error("unbound-dim", null, "the inputs' extents " + unbound + " have no size")
            .help("give each one a size, as in --dim " + first + "=128"));
  }

  /// What was assumed, and which bindings hit nothing.
  List<Diagnostic> warnings() {
    var warnings = new ArrayList<Diagnostic>();
    defaults.forEach((name, size) ->
        warnings.add(
            Diagnostic.warning(
                    "default-dim", null, "the leading extent " + name + " is taken as " + size)
                .help("give it a size with --dim " + name + "=" + size)));
    for (String name : sizes.keySet()) {
      if (!named.contains(name)) {
        warnings.add(
            Diagnostic.warning("unknown-dim", null, "no input has an extent " + name)
                .help("the inputs' symbolic extents are " + named));
      }
    }
    return warnings;
  }
}
