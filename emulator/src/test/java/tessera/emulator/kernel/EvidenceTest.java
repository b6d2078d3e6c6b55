package tessera.emulator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.syntax.Operand;

/// A kernel stands for the words that it was verified against, and for no others.
final class EvidenceTest {
  private static final Isa ISA = Isa.bundled("edge16");

  private static List<ShapeCall> products(Isa isa) {
    List<ShapeCall> calls = new ArrayList<>();
    for (Instruction insn : isa.instructions()) {
      if (insn.name().startsWith("ta.mma")) {
        Map<String, BigInteger> statics = new HashMap<>();
        for (Operand o : insn.operands()) {
          statics.put(o.name(), BigInteger.ZERO);
        }
        isa.modes().forEach(m -> statics.put(m.name(), BigInteger.ONE));
        find(insn.bind(statics).body(), calls);
      }
    }
    return calls;
  }

  private static void find(Stmt stmt, List<ShapeCall> calls) {
    switch (stmt) {
      case Stmt.Block(var statements) -> statements.forEach(s -> find(s, calls));
      case Stmt.CallShape call -> calls.add(new ShapeCall(call, OptionalLong.empty()));
      default -> {}
    }
  }

  /// When this fails because a text was changed on purpose: let the other tests of this package
  /// pass, and write the hashes of this message into `Matmul.Step`.
  @Test
  void theBundledTextIsTheOneThatWasVerified() {
    Map<String, String> bundled = new TreeMap<>();
    Map<String, String> declared = new TreeMap<>();
    for (ShapeCall call : products(ISA)) {
      MatmulCall matmul = MatmulCall.of(call);
      assertNotNull(matmul, call.signature());
      bundled.put(matmul.step().name(), call.evidence());
      declared.put(matmul.step().name(), matmul.step().evidence());
    }
    assertEquals(3, bundled.size());
    assertEquals(bundled, declared);
  }

  @Test
  void everyProductOfTheBundledTextHasAKernel() {
    List<Diagnostic> told = new ArrayList<>();
    Kernels kernels = Matmul.kernels(told::add);
    List<ShapeCall> calls = products(ISA);
    assertEquals(6, calls.size());
    calls.forEach(call -> assertNotNull(kernels.attach(call), call.signature()));
    assertEquals(List.of(), told);
  }

  /// The same ISA from texts in which some words differ.
  private static Isa changed(String from, String to) {
    Isa.Request request = Isa.Request.bundled("edge16");
    List<Source> sources = new ArrayList<>();
    int changes = 0;
    for (Source source : request.sources()) {
      changes += source.text().contains(from) ? 1 : 0;
      sources.add(new Source(source.name(), source.text().replace(from, to)));
    }
    assertEquals(1, changes, from);
    Isa.Request other = new Isa.Request(sources, List.of(), "edge16", null, Map.of(), false);
    return Isa.load(other).orThrow();
  }

  @Test
  void aChangedStepDisablesItsKernelsAndOnlyThese() {
    List<Diagnostic> told = new ArrayList<>();
    Kernels kernels = Matmul.kernels(told::add);
    Isa other = changed("wrap(acc + sum(terms))", "wrap(sum(terms) + acc)");
    for (int times = 0; times < 2; times++) {
      for (ShapeCall call : products(other)) {
        if ("modular".equals(call.function("step"))) {
          assertNull(kernels.attach(call));
        } else {
          assertNotNull(kernels.attach(call));
        }
      }
    }
    assertEquals(4, told.size(), "once for each signature");
    assertTrue(told.stream().allMatch(d -> d.code().equals("stale-kernel")));
  }

  @Test
  void aChangedHelperDisablesAllThatReachIt() {
    List<Diagnostic> told = new ArrayList<>();
    Kernels kernels = Matmul.kernels(told::add);
    Isa other = changed("neg == 1 ? -e : e", "neg != 0 ? -e : e");
    products(other).forEach(call -> assertNull(kernels.attach(call)));
    assertEquals(6, told.size());
  }

  @Test
  void layoutAndCommentsDoNotMatter() {
    Isa other = changed("// rule 1: any order", "   // in whatever\n  ");
    for (ShapeCall call : products(other)) {
      assertNotNull(Matmul.kernels(_ -> {}).attach(call));
    }
  }
}
