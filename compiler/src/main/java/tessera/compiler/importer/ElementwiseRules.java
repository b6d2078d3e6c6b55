package tessera.compiler.importer;

import static tessera.compiler.importer.Operator.single;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.UnaryFn;
import tessera.compiler.onnx.ElementType;

/// Operators that work element by element.
final class ElementwiseRules {
  private ElementwiseRules() {}

  static Operator unary(UnaryFn fn) {
    return single(site -> site.unary(fn, site.input(0)));
  }

  static Operator binary(BinaryFn fn) {
    return single(site -> site.binary(fn, site.input(0), aligned(site)));
  }

  /// `fn` with its operands the other way round: `a > b` is `b < a`.
  static Operator swapped(BinaryFn fn) {
    return single(site -> site.binary(fn, site.input(1), site.input(0)));
  }

  /// The second operand. Before operator set 7 it broadcasts only if told so, and its axes may be
  /// matched with the first operand's from `axis` on.
  private static int aligned(Site site) {
    int b = site.input(1);
    if (site.opset() >= 7 || !site.flag("broadcast", false)) {
      return b;
    }
    int rank = site.shape(site.input(0)).rank();
    int own = site.shape(b).rank();
    int first = site.size(site.integer("axis", rank - own));
    int behind = site.size(rank - first - own);
    return site.reshape(b, site.shape(b).then(new Shape(Collections.nCopies(behind, 1))));
  }

  /// `fn` from the left over any number of operands.
  static Operator variadic(BinaryFn fn) {
    return single(site -> fold(site, fn));
  }

  private static int fold(Site site, BinaryFn fn) {
    return site.all().stream()
        .reduce((a, b) -> site.binary(fn, a, b))
        .orElseThrow(() -> Refusal.invalid("it has no operands"));
  }

  static int mean(Site site) {
    return site.with(BinaryFn.DIV, fold(site, BinaryFn.ADD), site.inputs());
  }

  /// The exponent may have another type than the base, which decides the result's.
  static int pow(Site site) {
    int base = site.input(0);
    int exponent = site.input(1);
    if (!site.dtype(base).isFloat() && site.dtype(exponent).isFloat()) {
      int power =
          site.binary(BinaryFn.POW, site.cast(base, DType.F32), site.cast(exponent, DType.F32));
      return site.cast(power, site.dtype(base));
    }
    return site.binary(BinaryFn.POW, base, site.cast(exponent, site.dtype(base)));
  }

  /// With `fmod` the remainder has the dividend's sign, else the divisor's, as in Python.
  static int mod(Site site) {
    int a = site.input(0);
    int b = site.input(1);
    int remainder = site.binary(BinaryFn.REM, a, b);
    if (site.flag("fmod", false)) {
      return remainder;
    }
    int zero = site.scalar(a, 0);
    int opposed =
        site.binary(
            BinaryFn.XOR,
            site.binary(BinaryFn.LT, remainder, zero),
            site.binary(BinaryFn.LT, b, zero));
    int inexact = site.unary(UnaryFn.NOT, site.binary(BinaryFn.EQ, remainder, zero));
    int moved = site.binary(BinaryFn.ADD, remainder, b);
    return site.select(site.binary(BinaryFn.AND, opposed, inexact), moved, remainder);
  }

  static int isNan(Site site) {
    int x = site.input(0);
    return site.unary(UnaryFn.NOT, site.binary(BinaryFn.EQ, x, x));
  }

  static int isInf(Site site) {
    int x = site.input(0);
    boolean positive = site.flag("detect_positive", true);
    boolean negative = site.flag("detect_negative", true);
    int tested = positive && negative ? site.unary(UnaryFn.ABS, x) : x;
    double infinity = positive ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    int equal = site.with(BinaryFn.EQ, tested, infinity);
    int never = site.constant(Tensor.of(DType.BOOL, Shape.SCALAR, 0));
    return positive || negative ? equal : site.binary(BinaryFn.AND, equal, never);
  }

  static int cast(Site site) {
    site.ignore("round_mode");
    // Only float8 types do not saturate.
    site.ignore("saturate");
    return site.cast(site.input(0), type(site.integer("to", 0)));
  }

  static int castLike(Site site) {
    site.ignore("round_mode");
    site.ignore("saturate");
    return site.cast(site.input(0), site.dtype(site.input(1)));
  }

  private static DType type(long code) {
    ElementType type =
        ElementType.of(code)
            .orElseThrow(() -> Refusal.invalid("attribute to=" + code + " is no element type"));
    return type.dtype()
        .orElseThrow(
            () -> Refusal.unsupported("to=" + type + " (supported: " + Operators.TYPES + ")"));
  }

  /// Bounds are attributes before operator set 11 and optional inputs since.
  static int clip(Site site) {
    int x = site.input(0);
    boolean attributes = site.opset() < 11;
    if (attributes) {
      x = site.with(BinaryFn.MAX, x, site.real("min", -Float.MAX_VALUE));
      return site.with(BinaryFn.MIN, x, site.real("max", Float.MAX_VALUE));
    }
    if (site.has(1)) {
      x = site.binary(BinaryFn.MAX, x, site.input(1));
    }
    return site.has(2) ? site.binary(BinaryFn.MIN, x, site.input(2)) : x;
  }

  static int where(Site site) {
    return site.select(site.input(0), site.input(1), site.input(2));
  }

  /// At inference nothing is dropped; the mask is all true.
  static List<Integer> dropout(Site site) {
    site.ignore("ratio");
    site.ignore("seed");
    if (site.has(2) && site.knownIntegers(2, "training_mode").getFirst() != 0) {
      throw Refusal.unsupported("training_mode=1 (supported: 0)");
    }
    int x = site.input(0);
    int yes = site.constant(Tensor.of(DType.BOOL, Shape.SCALAR, 1));
    return List.of(x, site.broadcast(yes, site.shape(x)));
  }

  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          Map.entry("Neg", unary(UnaryFn.NEG)),
          Map.entry("Abs", unary(UnaryFn.ABS)),
          Map.entry("Sign", unary(UnaryFn.SIGN)),
          Map.entry("Sqrt", unary(UnaryFn.SQRT)),
          Map.entry("Reciprocal", unary(UnaryFn.RECIP)),
          Map.entry("Floor", unary(UnaryFn.FLOOR)),
          Map.entry("Ceil", unary(UnaryFn.CEIL)),
          Map.entry("Round", unary(UnaryFn.ROUND)),
          Map.entry("Exp", unary(UnaryFn.EXP)),
          Map.entry("Log", unary(UnaryFn.LOG)),
          Map.entry("Tanh", unary(UnaryFn.TANH)),
          Map.entry("Sigmoid", unary(UnaryFn.SIGMOID)),
          Map.entry("Erf", unary(UnaryFn.ERF)),
          Map.entry("Sin", unary(UnaryFn.SIN)),
          Map.entry("Cos", unary(UnaryFn.COS)),
          Map.entry("Not", unary(UnaryFn.NOT)),
          Map.entry("BitwiseNot", unary(UnaryFn.NOT)),
          Map.entry("Add", binary(BinaryFn.ADD)),
          Map.entry("Sub", binary(BinaryFn.SUB)),
          Map.entry("Mul", binary(BinaryFn.MUL)),
          Map.entry("Div", binary(BinaryFn.DIV)),
          Map.entry("And", binary(BinaryFn.AND)),
          Map.entry("Or", binary(BinaryFn.OR)),
          Map.entry("Xor", binary(BinaryFn.XOR)),
          Map.entry("BitwiseAnd", binary(BinaryFn.AND)),
          Map.entry("BitwiseOr", binary(BinaryFn.OR)),
          Map.entry("BitwiseXor", binary(BinaryFn.XOR)),
          Map.entry("Equal", binary(BinaryFn.EQ)),
          Map.entry("Less", binary(BinaryFn.LT)),
          Map.entry("LessOrEqual", binary(BinaryFn.LE)),
          Map.entry("Greater", swapped(BinaryFn.LT)),
          Map.entry("GreaterOrEqual", swapped(BinaryFn.LE)),
          Map.entry("Max", variadic(BinaryFn.MAX)),
          Map.entry("Min", variadic(BinaryFn.MIN)),
          Map.entry("Sum", variadic(BinaryFn.ADD)),
          Map.entry("Mean", single(ElementwiseRules::mean)),
          Map.entry("Pow", single(ElementwiseRules::pow)),
          Map.entry("Mod", single(ElementwiseRules::mod)),
          Map.entry("IsNaN", single(ElementwiseRules::isNan)),
          Map.entry("IsInf", single(ElementwiseRules::isInf)),
          Map.entry("Cast", single(ElementwiseRules::cast)),
          Map.entry("CastLike", single(ElementwiseRules::castLike)),
          Map.entry("Clip", single(ElementwiseRules::clip)),
          Map.entry("Where", single(ElementwiseRules::where)),
          Map.entry("Identity", single(site -> site.input(0))),
          Map.entry("Dropout", ElementwiseRules::dropout));
}
