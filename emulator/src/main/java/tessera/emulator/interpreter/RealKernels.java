package tessera.emulator.interpreter;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.emulator.Hart;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Isa;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Rounding;
import tessera.isaspec.semantics.Type;

/// Says which `real` functions are a quotient or a square root: those of that name that agree with
/// it on a set of samples. A text that means something else by the name is believed, not the name.
final class RealKernels {
  private final Evaluator evaluator;
  private final Hart hart;
  private final Map<Place, Boolean> quotients = new HashMap<>();
  private final Map<Place, Boolean> roots = new HashMap<>();

  /// Where a function stands in the texts, which tells it apart however often it is bound.
  private record Place(String source, int offset) {
    static Place of(Expr.RealFunction function) {
      return new Place(function.span().source().name(), function.span().from());
    }
  }

  RealKernels(Isa isa, Evaluator evaluator) {
    this.evaluator = evaluator;
    // Samples are constants, so any hart will do.
    this.hart = Hart.of(isa, Memory.of(0, Memory.PAGE, Memory.PAGE), 0);
  }

  boolean isQuotient(Expr.RealFunction function, FloatFormat format) {
    return function.name().equals("quotient")
        && function.parameters().size() == 2
        && quotients.computeIfAbsent(Place.of(function), _ -> agreesAsQuotient(function, format));
  }

  boolean isRoot(Expr.RealFunction function, FloatFormat format) {
    return function.name().equals("root")
        && function.parameters().size() == 1
        && roots.computeIfAbsent(Place.of(function), _ -> agreesAsRoot(function, format));
  }

  private boolean agreesAsQuotient(Expr.RealFunction function, FloatFormat format) {
    Floats.Op2 divide = Floats.divide(format, Rounding.RNE);
    List<Long> samples = samples(format);
    for (int i = 0; i < samples.size(); i++) {
      long a = samples.get(i);
      long b = samples.get((i * 3 + 1) % samples.size());
      long expected = ask(function, format, List.of(a, b));
      if (divide.apply(new Frame(hart), a, b) != expected) {
        return false;
      }
    }
    return true;
  }

  private boolean agreesAsRoot(Expr.RealFunction function, FloatFormat format) {
    Floats.Op1 root = Floats.root(format, Rounding.RNE);
    for (long a : samples(format)) {
      if (root.apply(new Frame(hart), a) != ask(function, format, List.of(a))) {
        return false;
      }
    }
    return true;
  }

  private long ask(Expr.RealFunction function, FloatFormat format, List<Long> operands) {
    Type type = new Type.Floating(format);
    List<Expr> arguments = new ArrayList<>();
    for (long bits : operands) {
      BigInteger value = Constant.low(BigInteger.valueOf(bits), format.width());
      arguments.add(new Expr.ToExact(new Expr.Literal(type, value)));
    }
    Expr call = new Expr.RealCall(function, arguments);
    return evaluator.value(new Expr.Round(call, Rounding.RNE, type), hart).longValue();
  }

  /// Zeros, an infinity, a subnormal number, the largest, and what needs many bits.
  private static List<Long> samples(FloatFormat format) {
    long one = format.bias() * (1L << format.fraction());
    long sign = 1L << format.width() - 1;
    return List.of(
        one + (1L << format.fraction()) / 3,
        one + 1,
        0L,
        3L,
        one * 5 / 4 | sign,
        format.infinity().longValue(),
        sign,
        format.largest().longValue());
  }
}
