package tessera.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tessera.isaspec.Instruction;

/// How often each instruction was executed, and how often it trapped; how often each condition was
/// the only one that failed.
public final class Coverage {
  private final Map<String, long[]> counts = new LinkedHashMap<>();
  private final Map<String, Long> refused = new TreeMap<>();

  private Coverage() {}

  /// {@return an empty meter for these instructions}
  public static Coverage of(List<Instruction> instructions) {
    Coverage coverage = new Coverage();
    instructions.forEach(i -> coverage.counts.put(i.name(), new long[3]));
    return coverage;
  }

  /// Counts these too.
  public void know(List<Instruction> instructions) {
    instructions.forEach(i -> counts.computeIfAbsent(i.name(), _ -> new long[3]));
  }

  /// {@return the executions of an instruction; its traps where it does nothing else}
  public long runs(String name) {
    return executions(name) > 0 ? executions(name) : traps(name);
  }

  /// Counts an execution to the end.
  public void executed(Instruction insn) {
    counts.computeIfAbsent(insn.name(), _ -> new long[3])[0]++;
  }

  /// Counts a trap.
  public void trapped(Instruction insn) {
    counts.computeIfAbsent(insn.name(), _ -> new long[3])[1]++;
  }

  /// Counts that no legal operands were found.
  public void missed(Instruction insn) {
    counts.computeIfAbsent(insn.name(), _ -> new long[3])[2]++;
  }

  /// Counts a word that one condition alone refused.
  public void refused(Instruction insn, String condition) {
    refused.merge(insn.name() + ": " + condition, 1L, Long::sum);
  }

  /// {@return how much an instruction has been tried, for choosing the one with least}
  public long weight(Instruction insn) {
    long[] n = counts.getOrDefault(insn.name(), new long[3]);
    return n[0] + n[1] / 8 + n[2] / 4;
  }

  /// {@return the executions of an instruction}
  public long executions(String name) {
    return counts.getOrDefault(name, new long[3])[0];
  }

  /// {@return the traps of an instruction}
  public long traps(String name) {
    return counts.getOrDefault(name, new long[3])[1];
  }

  /// {@return all executions}
  public long executions() {
    return counts.values().stream().mapToLong(n -> n[0]).sum();
  }

  /// {@return all traps}
  public long traps() {
    return counts.values().stream().mapToLong(n -> n[1]).sum();
  }

  /// {@return the instructions counted, in the order of the ISA}
  public List<String> names() {
    return List.copyOf(counts.keySet());
  }

  /// {@return how often each condition refused a word alone: instruction, colon, the condition}
  public Map<String, Long> refused() {
    return refused;
  }

  /// Adds another meter's counts.
  public void add(Coverage other) {
    other.counts.forEach((name, n) -> {
      long[] mine = counts.computeIfAbsent(name, _ -> new long[3]);
      for (int i = 0; i < mine.length; i++) {
        mine[i] += n[i];
      }
    });
    other.refused.forEach((name, n) -> refused.merge(name, n, Long::sum));
  }
}
