package tessera.compiler.importer;

import static tessera.compiler.importer.Operator.single;

import java.util.Map;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Shape;

/// Matrix products.
final class MatrixRules {
  private MatrixRules() {}

  /// A vector on the left is one row, on the right one column; that axis goes again (as in NumPy).
  private static int matMul(Site site) {
    int a = site.input(0);
    int b = site.input(1);
    boolean row = site.shape(a).rank() == 1;
    boolean column = site.shape(b).rank() == 1;
    if (row) {
      a = site.reshape(a, Shape.of(1).then(site.shape(a)));
    }
    if (column) {
      b = site.reshape(b, site.shape(b).then(Shape.of(1)));
    }
    int product = site.add(new Op.MatMul(false), a, b);
    Shape shape = site.shape(product);
    Shape batch = shape.sub(0, shape.rank() - 2);
    Shape rows = row ? Shape.SCALAR : shape.sub(shape.rank() - 2, shape.rank() - 1);
    Shape columns = column ? Shape.SCALAR : shape.sub(shape.rank() - 1, shape.rank());
    return site.reshape(product, batch.then(rows).then(columns));
  }

  private static int gemm(Site site) {
    // Only before operator set 7; broadcasting has been implied since.
    site.ignore("broadcast");
    int a = site.flag("transA", false) ? site.turned(site.input(0)) : site.input(0);
    int b = site.input(1);
    int product = site.add(new Op.MatMul(site.flag("transB", false)), a, b);
    float alpha = site.real("alpha", 1);
    float beta = site.real("beta", 1);
    int scaled = alpha == 1 ? product : site.with(BinaryFn.MUL, product, alpha);
    if (!site.has(2)) {
      return scaled;
    }
    int c = site.input(2);
    return site.binary(BinaryFn.ADD, scaled, beta == 1 ? c : site.with(BinaryFn.MUL, c, beta));
  }

  static final Map<String, Operator> TABLE =
      Map.of("MatMul", single(MatrixRules::matMul), "Gemm", single(MatrixRules::gemm));
}
