package tessera.isaspec.encoding;

import java.util.List;

/// Where the bits of a field lie in a word. A scattered immediate is a list of parts, high end
/// first; a constant part (the 0 below a branch offset) takes no bits of the word.
///
/// @param name the field's name; `_` for bits without one
public record FieldLayout(String name, List<Part> parts) {

  /// A stretch of a field.
  public sealed interface Part {
    /// {@return the number of bits}
    int width();

    /// Bits `hi` to `lo` of the word.
    record Word(int hi, int lo) implements Part {
      @Override
      public int width() {
        return hi - lo + 1;
      }
    }

    /// Bits that are always `value`.
    record Constant(long value, int width) implements Part {}
  }

  public FieldLayout {
    parts = List.copyOf(parts);
  }

  /// {@return the number of bits of the field's value}
  public int width() {
    return parts.stream().mapToInt(Part::width).sum();
  }

  /// {@return the bits of the word that belong to the field}
  public long mask() {
    long mask = 0;
    for (Part part : parts) {
      if (part instanceof Part.Word(int hi, int lo)) {
        mask |= ones(hi - lo + 1) << lo;
      }
    }
    return mask;
  }

  /// {@return the field's bits in `word`, zero-extended}
  public long extract(long word) {
    long value = 0;
    for (Part part : parts) {
      value <<= part.width();
      value |=
          switch (part) {
            case Part.Word(int hi, int lo) -> word >>> lo & ones(hi - lo + 1);
            case Part.Constant(long bits, _) -> bits;
          };
    }
    return value;
  }

  /// {@return `word` with the low bits of `value` in this field}
  public long insert(long word, long value) {
    long rest = value;
    long result = word;
    for (int i = parts.size() - 1; i >= 0; i--) {
      Part part = parts.get(i);
      if (part instanceof Part.Word(int hi, int lo)) {
        long ones = ones(hi - lo + 1);
        result = result & ~(ones << lo) | (rest & ones) << lo;
      }
      rest >>>= part.width();
    }
    return result;
  }

  private static long ones(int n) {
    return n >= 64 ? -1 : (1L << n) - 1;
  }
}
