package tessera.isaspec.encoding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Instruction;

/// Finds the instruction of a word: a table over the bits that most instructions fix, then the few
/// candidates of an entry.
public final class Decoder {
  private static final int OPCODE_BITS = 7;
  private static final int FUNCT3_SHIFT = 12;

  private final List<List<Instruction>> longTable;
  private final List<List<Instruction>> shortTable;

  private Decoder(List<List<Instruction>> longTable, List<List<Instruction>> shortTable) {
    this.longTable = longTable;
    this.shortTable = shortTable;
  }

  /// {@return a decoder for these instructions, whose words are disjoint}
  public static Decoder of(List<Instruction> instructions) {
    List<List<Instruction>> longTable = buckets(1 << (OPCODE_BITS + 3));
    List<List<Instruction>> shortTable = buckets(1 << 5);
    for (Instruction insn : instructions) {
      boolean isLong = insn.encoding().length() == 32;
      List<List<Instruction>> table = isLong ? longTable : shortTable;
      for (int i = 0; i < table.size(); i++) {
        long probe = isLong ? longProbe(i) : shortProbe(i);
        long keyBits = isLong ? 0x707fL : 0xe003L;
        long known = insn.encoding().mask() & keyBits;
        if ((probe & known) == (insn.encoding().match() & known)) {
          table.get(i).add(insn);
        }
      }
    }
    return new Decoder(longTable, shortTable);
  }

  /// {@return the bytes of the instruction that starts with this 16-bit parcel, 2 or 4}
  public static int length(long parcel) {
    return (parcel & 3) == 3 ? 4 : 2;
  }

  /// {@return the instruction of `word` (its low 16 bits where they say so), or null}
  public @Nullable Decoded decode(long word) {
    boolean isLong = (word & 3) == 3;
    long bits = isLong ? word & 0xffffffffL : word & 0xffffL;
    List<Instruction> candidates =
        isLong
            ? longTable.get((int) (bits & 0x7f | (bits >> FUNCT3_SHIFT & 7) << OPCODE_BITS))
            : shortTable.get((int) (bits & 3 | (bits >> 13 & 7) << 2));
    for (Instruction insn : candidates) {
      if (insn.accepts(bits)) {
        return new Decoded(insn, bits);
      }
    }
    return null;
  }

  private static long longProbe(int index) {
    return index & 0x7f | (long) (index >> OPCODE_BITS) << FUNCT3_SHIFT;
  }

  private static long shortProbe(int index) {
    return index & 3 | (long) (index >> 2) << 13;
  }

  private static List<List<Instruction>> buckets(int n) {
    List<List<Instruction>> result = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      result.add(new ArrayList<>());
    }
    return result;
  }
}
