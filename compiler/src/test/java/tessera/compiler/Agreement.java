package tessera.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Objects;
import tessera.compiler.graph.Tensor;

/// How near the results of generated code must be to the evaluator's.
public final class Agreement {
  private Agreement() {}

  /// The same bits, a NaN for a NaN; or, if the graph has functions that are not exact, within
  /// `ulps` units in the last place of the largest element.
  public static void check(
      Map<String, Tensor> expected, Map<String, Tensor> actual, double ulps, String where) {
    assertEquals(expected.keySet(), actual.keySet());
    for (String name : expected.keySet()) {
      check(
          Objects.requireNonNull(expected.get(name)),
          Objects.requireNonNull(actual.get(name)),
          ulps,
          name + " of " + where);
    }
  }

  private static void check(Tensor expected, Tensor actual, double ulps, String where) {
    assertEquals(expected.type(), actual.type(), where);
    double largest = 0;
    for (int i = 0; expected.dtype().isFloat() && i < expected.count(); i++) {
      double magnitude = Math.abs(expected.real(i));
      largest = magnitude <= Float.MAX_VALUE ? Math.max(largest, magnitude) : largest;
    }
    double allowed = ulps * Math.ulp((float) largest);
    for (int i = 0; i < expected.count(); i++) {
      if (expected.dtype().isFloat()) {
        double e = expected.real(i);
        double a = actual.real(i);
        boolean near = Double.compare(e, a) == 0 || Math.abs(e - a) <= allowed;
        assertTrue(near, where + "[" + i + "] is " + a + ", not " + e);
      } else {
        assertEquals(expected.integer(i), actual.integer(i), where + "[" + i + "]");
      }
    }
  }
}
