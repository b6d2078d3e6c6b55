package tessera.assembler.relocate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.elf.RelocationType;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.FieldLayout;

/// A stretch of a section. Only [Layout] knows the sizes of those that depend on addresses.
public abstract sealed class Fragment {
  private final AsmSection section;
  private @Nullable Fragment next;
  private long address;

  Fragment(AsmSection section) {
    this.section = section;
  }

  /// {@return the section it lies in}
  public AsmSection section() {
    return section;
  }

  /// {@return its offset in the section, once laid out}
  public long address() {
    return address;
  }

  void address(long offset) {
    address = offset;
  }

  /// {@return the one after it in its subsection, or null}
  @Nullable Fragment next() {
    return next;
  }

  void next(Fragment follower) {
    next = follower;
  }

  /// {@return its bytes, as far as known}
  abstract long size();

  /// {@return whether its size never changes}
  abstract boolean fixed();

  /// Bytes, with places to fill in.
  public static final class Data extends Fragment {
    private byte[] bytes = new byte[16];
    private int length;
    private final List<Fixup> fixups = new ArrayList<>();

    Data(AsmSection section) {
      super(section);
    }

    /// Appends the low `count` bytes of `value`, little-endian.
    void append(long value, int count) {
      reserve(count);
      for (int i = 0; i < count; i++) {
        bytes[length++] = (byte) (i < 8 ? value >> 8 * i : 0);
      }
    }

    void append(byte[] more) {
      reserve(more.length);
      System.arraycopy(more, 0, bytes, length, more.length);
      length += more.length;
    }

    private void reserve(int more) {
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
      }
    }

    void add(Fixup fixup) {
      fixups.add(fixup);
    }

    List<Fixup> fixups() {
      return fixups;
    }

    int length() {
      return length;
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, length);
    }

    @Override
    long size() {
      return length;
    }

    @Override
    boolean fixed() {
      return true;
    }
  }

  /// A branch or jump that takes the shortest of several forms that reaches its target.
  public static final class Branch extends Fragment {

    /// One instruction of a form.
    ///
    /// @param word without the target
    /// @param field where the target's distance goes; null: the word is complete
    public record Step(
        long word, int bytes, @Nullable RelocationType type, @Nullable FieldLayout field) {}

    /// Instructions, the last of which reaches the target.
    ///
    /// @param reach the bits of a signed distance from the form's start that is sure to fit; 64:
    ///   any
    public record Form(List<Step> steps, int reach) {
      int bytes() {
        return steps.stream().mapToInt(Step::bytes).sum();
      }
    }

    private final List<Form> forms;
    private final Expression target;
    private final @Nullable Span span;
    private int chosen;

    Branch(AsmSection section, List<Form> forms, Expression target, @Nullable Span span) {
      super(section);
      this.forms = forms;
      this.target = target;
      this.span = span;
    }

    List<Form> forms() {
      return forms;
    }

    Expression target() {
      return target;
    }

    @Nullable Span span() {
      return span;
    }

    Form form() {
      return forms.get(chosen);
    }

    int chosen() {
      return chosen;
    }

    void choose(int index) {
      chosen = index;
    }

    @Override
    long size() {
      return form().bytes();
    }

    @Override
    boolean fixed() {
      return forms.size() == 1;
    }
  }

  /// Padding up to a multiple of a power of two.
  public static final class Alignment extends Fragment {
    private final int power;
    private final Padding padding;
    private final long most;
    private long size;

    /// @param most the largest padding; if more were needed there is none
    Alignment(AsmSection section, int power, Padding padding, long most) {
      super(section);
      this.power = power;
      this.padding = padding;
      this.most = most;
    }

    /// Sets the size for this address.
    void fit() {
      long needed = -address() & (1L << power) - 1;
      size = needed > most ? 0 : needed;
    }

    Padding padding() {
      return padding;
    }

    @Override
    long size() {
      return size;
    }

    @Override
    boolean fixed() {
      return false;
    }
  }

  /// What padding consists of.
  public sealed interface Padding {
    /// A pattern of 1 to 8 bytes, repeated; what is less than a pattern is zeros before it.
    record Fill(long value, int bytes) implements Padding {}

    /// Instructions that do nothing: as many of 4 bytes as fit, before them one of 2 bytes, before
    /// that a zero byte. Where a linker may move code GNU as puts zeros.
    record Nops(long nop) implements Padding {}
  }

  /// A repeated pattern, as often as an expression says.
  public static final class Repeat extends Fragment {
    private final Expression count;
    private final Padding.Fill pattern;
    private final @Nullable Span span;
    private long size;

    Repeat(AsmSection section, Expression count, Padding.Fill pattern, @Nullable Span span) {
      super(section);
      this.count = count;
      this.pattern = pattern;
      this.span = span;
      this.size = count instanceof Expression.Constant(var n) ? n * pattern.bytes() : 0;
    }

    Expression count() {
      return count;
    }

    Padding.Fill pattern() {
      return pattern;
    }

    @Nullable Span span() {
      return span;
    }

    void resize(long bytes) {
      size = bytes;
    }

    @Override
    long size() {
      return size;
    }

    @Override
    boolean fixed() {
      return count instanceof Expression.Constant;
    }
  }

  /// Padding up to an offset in the section (`.org`).
  public static final class Origin extends Fragment {
    private final Expression target;
    private final int fill;
    private final @Nullable Span span;
    private long size;

    Origin(AsmSection section, Expression target, int fill, @Nullable Span span) {
      super(section);
      this.target = target;
      this.fill = fill;
      this.span = span;
    }

    Expression target() {
      return target;
    }

    int fill() {
      return fill;
    }

    @Nullable Span span() {
      return span;
    }

    void resize(long bytes) {
      size = bytes;
    }

    @Override
    long size() {
      return size;
    }

    @Override
    boolean fixed() {
      return false;
    }
  }

  /// A number in LEB128 whose value is not known before the layout.
  public static final class Leb extends Fragment {
    private final Expression value;
    private final boolean signed;
    private final @Nullable Span span;
    private byte[] bytes = new byte[1];

    Leb(AsmSection section, Expression value, boolean signed, @Nullable Span span) {
      super(section);
      this.value = value;
      this.signed = signed;
      this.span = span;
    }

    Expression value() {
      return value;
    }

    @Nullable Span span() {
      return span;
    }

    /// Writes the number in at least as many bytes as before, so that the layout settles.
    void encode(long number) {
      bytes = encode(number, signed, bytes.length);
    }

    byte[] bytes() {
      return bytes;
    }

    /// {@return the number in LEB128, padded to `least` bytes}
    static byte[] encode(long number, boolean signed, int least) {
      byte[] out = new byte[Math.max(10, least)];
      int n = 0;
      long rest = number;
      boolean more = true;
      while (more || n < least) {
        int part = (int) rest & 0x7f;
        rest = signed ? rest >> 7 : rest >>> 7;
        more = signed ? !(rest == 0 && part < 0x40 || rest == -1 && part >= 0x40) : rest != 0;
        out[n++] = (byte) (more || n < least ? part | 0x80 : part);
      }
      return Arrays.copyOf(out, n);
    }

    @Override
    long size() {
      return bytes.length;
    }

    @Override
    boolean fixed() {
      return false;
    }
  }

  /// How far the row before holds in a table of frames (`DW_CFA_advance_loc`), in as few bytes as
  /// the distance takes.
  public static final class Advance extends Fragment {
    private static final int ADVANCE = 0x40;
    private static final int ADVANCE_1 = 2;
    private static final int ADVANCE_2 = 3;
    private static final int ADVANCE_4 = 4;

    private final AsmSymbol from;
    private final AsmSymbol to;
    private final boolean known;
    private byte[] bytes = new byte[0];

    /// @param known whether no linker changes the distance
    Advance(AsmSection section, AsmSymbol from, AsmSymbol to, boolean known) {
      super(section);
      this.from = from;
      this.to = to;
      this.known = known;
    }

    AsmSymbol from() {
      return from;
    }

    AsmSymbol to() {
      return to;
    }

    boolean known() {
      return known;
    }

    byte[] bytes() {
      return bytes;
    }

    /// Writes the distance.
    void encode(long distance) {
      bytes =
          distance == 0
              ? new byte[0]
              : distance < ADVANCE
                  ? coded(ADVANCE | (int) distance, 0, 0)
                  : distance < 1L << 8
                      ? coded(ADVANCE_1, distance, 1)
                      : distance < 1L << 16
                          ? coded(ADVANCE_2, distance, 2)
                          : coded(ADVANCE_4, distance, 4);
    }

    private static byte[] coded(int opcode, long distance, int size) {
      byte[] out = new byte[1 + size];
      out[0] = (byte) opcode;
      for (int i = 0; i < size; i++) {
        out[1 + i] = (byte) (distance >> 8 * i);
      }
      return out;
    }

    @Override
    long size() {
      return bytes.length;
    }

    @Override
    boolean fixed() {
      return false;
    }
  }

  /// A step of a table of lines over a distance that a linker may change.
  public static final class LineAdvance extends Fragment {
    private final AsmSymbol from;
    private final AsmSymbol to;
    private byte[] bytes = LineTable.advanceOpcode(0);

    LineAdvance(AsmSection section, AsmSymbol from, AsmSymbol to) {
      super(section);
      this.from = from;
      this.to = to;
    }

    AsmSymbol from() {
      return from;
    }

    AsmSymbol to() {
      return to;
    }

    void fit(long distance) {
      bytes = LineTable.advanceOpcode(distance);
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    long size() {
      return bytes.length;
    }

    @Override
    boolean fixed() {
      return false;
    }
  }
}
