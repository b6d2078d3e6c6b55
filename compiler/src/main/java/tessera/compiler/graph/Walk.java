package tessera.compiler.graph;

/// Steps through the positions of a shape in row-major order and keeps, for each of several arrays,
/// the index of the element that belongs to the position.
final class Walk {
  private final int[] dims;
  private final int[][] strides;
  private final int[] position;
  private final int[] index;
  private long left;
  private boolean started;

  /// @param strides for each array, how far its next element is along each axis of `shape`
  Walk(Shape shape, int[]... strides) {
    this.dims = shape.dims().stream().mapToInt(Integer::intValue).toArray();
    this.strides = strides;
    this.position = new int[dims.length];
    this.index = new int[strides.length];
    this.left = shape.count();
  }

  /// Array `array` begins at this index.
  Walk from(int array, int first) {
    index[array] = first;
    return this;
  }

  /// Moves to the first or the next position; false when there is none.
  boolean next() {
    if (left-- <= 0) {
      return false;
    }
    if (started) {
      step();
    }
    started = true;
    return true;
  }

  /// The index into this array at the position.
  int at(int array) {
    return index[array];
  }

  private void step() {
    int axis = dims.length - 1;
    while (++position[axis] == dims[axis]) {
      move(axis, -(dims[axis] - 1));
      position[axis--] = 0;
    }
    move(axis, 1);
  }

  private void move(int axis, int by) {
    for (int array = 0; array < index.length; array++) {
      index[array] += by * strides[array][axis];
    }
  }
}
