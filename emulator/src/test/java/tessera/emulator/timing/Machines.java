package tessera.emulator.timing;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Hart;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Machine;
import tessera.isaspec.Machine.Unit;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.UnitKind;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Type;

/// Machines and register files made by hand, as the specification's texts would make them.
final class Machines {
  static final Span NOWHERE = new Span(new Source("test", ""), 0, 0);

  static final RegisterFile X = file("x", 0, 32, 64, 0);
  static final RegisterFile F = file("f", 1, 32, 64, null);
  static final RegisterFile MT = file("mt", 2, 8, 8 * 16 * 64, null);
  static final RegisterFile MC = file("mc", 3, 4, 32 * 16 * 16, null);

  static final Csr TM = size("tm", 0x800, 0);
  static final Csr TN = size("tn", 0x801, 1);
  static final Csr TK = size("tk", 0x802, 2);

  static final long PAD = 0x4000_0000L;

  private Machines() {}

  private static Csr size(String name, int number, int ordinal) {
    Csr csr = new Csr(name, number, ordinal, false, false, NOWHERE);
    CsrField field = new CsrField("size", 31, 0);
    Local old = new Local(0, "old", Type.uint(32));
    field.rule(new CsrField.Rule.Stored(old, old, null));
    csr.define(List.of(field), null, List.of());
    return csr;
  }

  private static RegisterFile file(
      String name, int ordinal, int count, int width, @Nullable Integer zero) {
    return new RegisterFile(name, ordinal, count, width, zero, BigInteger.ZERO, List.of(), NOWHERE);
  }

  static Unit unit(String name, UnitKind kind, Object... keys) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    Map<String, String> words = new LinkedHashMap<>();
    for (int i = 0; i < keys.length; i += 2) {
      if (keys[i + 1] instanceof Integer n) {
        numbers.put((String) keys[i], n.longValue());
      } else {
        words.put((String) keys[i], (String) keys[i + 1]);
      }
    }
    return new Unit(name, kind, numbers, words);
  }

  /// machines.md 2
  static Machine edge16() {
    return new Machine(
        "edge16",
        "rv64imf_zicsr_xta",
        Map.of("TMMAX", 16L, "TNMAX", 16L, "TKB", 64L, "SPM", 262144L),
        List.of(),
        List.of(
            unit("clock", UnitKind.CLOCK, "hz", 1_000_000_000),
            unit(
                "core",
                UnitKind.SCALAR,
                "issue",
                1,
                "predict",
                "backward",
                "redirect",
                3,
                "indirect",
                3,
                "load_use",
                2,
                "csr",
                3),
            unit("ALU", UnitKind.PIPE, "group", "sc"),
            unit("MUL", UnitKind.PIPE, "group", "sc"),
            unit("DIV", UnitKind.PIPE, "group", "sc", "pipelined", 0),
            unit("BRU", UnitKind.PIPE, "group", "sc"),
            unit("LSU", UnitKind.PIPE, "group", "sc"),
            unit("CSR", UnitKind.PIPE, "group", "sc"),
            unit(
                "MXU",
                UnitKind.ARRAY,
                "rows",
                16,
                "columns",
                16,
                "stationary",
                "output",
                "overlap",
                "skew",
                "smin",
                4,
                "queue",
                8),
            unit("TEW", UnitKind.LANES, "group", "tew", "elements", 64, "special", 16, "queue", 8),
            unit("TLSU", UnitKind.TILEPORT, "reads", 128, "writes", 64, "queue", 8, "ram", "L2"),
            unit("SPM", UnitKind.SCRATCHPAD, "banks", 16, "width", 16, "latency", 3),
            unit("L2", UnitKind.CACHE, "bytes", 524288, "hit", 12, "width", 64)),
        Map.of(),
        NOWHERE);
  }

  static Isa isa(Machine machine, Instruction... instructions) {
    return new Isa(
        new Isa.Parts(
            machine.isa(),
            List.of(),
            List.of(X, F, MT, MC),
            List.of(TM, TN, TK),
            List.of(),
            List.of(),
            List.of(instructions),
            List.of(),
            List.of(),
            machine));
  }

  /// {@return a hart of the ISA with memory and a scratchpad}
  static Hart hart(Isa isa) {
    Memory memory = Memory.of(0x8000_0000L, 1L << 24, 1L << 26);
    memory.map(
        Region.memory(
            "scratchpad", Region.Kind.SCRATCHPAD, PAD, 1 << 18, Region.READ | Region.WRITE));
    return Hart.of(isa, memory, 0);
  }
}
