package tessera.compiler.onnx;

import java.util.Arrays;
import java.util.List;

/// A growing list of `long`, unboxed.
final class LongList {
  private long[] elements = new long[8];
  private int size;

  void add(long element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, size + (size >> 1) + 1);
    }
    elements[size++] = element;
  }

  int size() {
    return size;
  }

  long get(int i) {
    return elements[i];
  }

  List<Long> boxed() {
    return Arrays.stream(elements, 0, size).boxed().toList();
  }
}
