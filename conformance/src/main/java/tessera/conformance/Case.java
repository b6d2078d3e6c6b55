package tessera.conformance;

import java.util.ArrayList;
import java.util.List;
import tessera.emulator.memory.Memory;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.encoding.Decoder;

/// A state and the words to run in it, from where its pc stands until the first trap: behind the
/// words there are zeros, which no ISA executes.
public final class Case {
  /// How far from an address a register may be that an instruction computes it from.
  private static final int NEAR = 1 << 12;

  private final Snapshot before;
  private final byte[] code;

  private Case(Snapshot before, byte[] code) {
    this.before = before;
    this.code = code;
  }

  /// {@return a case}
  ///
  /// @param before the state
  /// @param code the words, in memory's order
  public static Case of(Snapshot before, byte[] code) {
    return new Case(before, code);
  }

  /// {@return the state}
  public Snapshot before() {
    return before;
  }

  /// {@return the words in memory's order, not to be changed}
  public byte[] code() {
    return code;
  }

  /// A word and where it lies.
  ///
  /// @param at bytes from the first
  public record Placed(int at, long word) {}

  /// {@return the words one after the other}
  public List<Placed> words() {
    List<Placed> words = new ArrayList<>();
    for (int at = 0; at + 2 <= code.length; ) {
      int bytes = Math.min(Decoder.length(Memory.get(code, at, 2)), code.length - at);
      words.add(new Placed(at, Memory.get(code, at, bytes)));
      at += bytes;
    }
    return words;
  }

  /// {@return the same with other code}
  public Case with(byte[] other) {
    return new Case(before, other);
  }

  /// {@return the same from another state}
  public Case with(Snapshot other) {
    return new Case(other, code);
  }

  /// {@return the same with its code at another address, and what general registers hold of its
  /// addresses moved along}
  public Case at(long address) {
    long from = before.pc();
    if (from == address) {
      return this;
    }
    Snapshot moved = before.copy();
    moved.pc(address);
    for (RegisterFile file : before.isa().registerFiles()) {
      long[] values = moved.narrow(file);
      for (int r = 0; file.count() > 1 && r < values.length; r++) {
        if (values[r] >= from - NEAR && values[r] < from + Places.SLOT + NEAR) {
          values[r] += address - from;
        }
      }
    }
    return new Case(moved, code);
  }

  /// {@return the bytes of words one after the other}
  public static byte[] code(List<Long> words) {
    byte[] bytes = new byte[words.stream().mapToInt(Decoder::length).sum()];
    int at = 0;
    for (long word : words) {
      int length = Decoder.length(word);
      Memory.put(bytes, at, length, word);
      at += length;
    }
    return bytes;
  }
}
