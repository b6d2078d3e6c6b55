package tessera.elf;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What a file says about the machine it was made for: the contents of the section
/// `.riscv.attributes` (psABI, "Attributes"). Numbers have even tags, texts odd ones, so that
/// unknown ones can be read and kept.
///
/// @param entries in the order of the file, each tag once
public record Attributes(List<Attribute> entries) {
  /// The name of the section.
  public static final String SECTION = ".riscv.attributes";

  public static final int STACK_ALIGN = 4;
  public static final int ARCH = 5;
  public static final int UNALIGNED_ACCESS = 6;
  public static final int PRIV_SPEC = 8;
  public static final int PRIV_SPEC_MINOR = 10;
  public static final int PRIV_SPEC_REVISION = 12;
  public static final int ATOMIC_ABI = 14;
  public static final int X3_REG_USAGE = 16;

  private static final int FORMAT_VERSION = 'A';
  private static final String VENDOR = "riscv";
  private static final int WHOLE_FILE = 1;

  /// One thing said.
  public sealed interface Attribute {
    /// What it is about.
    int tag();

    /// A number.
    ///
    /// @param tag even
    /// @param value unsigned
    record Numeric(int tag, long value) implements Attribute {
      public Numeric {
        requireTag(tag, 0);
      }
    }

    /// A text.
    ///
    /// @param tag odd
    /// @param value without a zero byte
    record Text(int tag, String value) implements Attribute {
      public Text {
        requireTag(tag, 1);
        Section.requireName(value);
      }
    }

    private static void requireTag(int tag, int parity) {
      if (tag < 0 || (tag & 1) != parity) {
        throw new IllegalArgumentException("tag " + tag);
      }
    }
  }

  public Attributes {
    entries = List.copyOf(entries);
    if (entries.stream().mapToInt(Attribute::tag).distinct().count() != entries.size()) {
      throw new IllegalArgumentException("a tag is there twice");
    }
  }

  /// Attributes that say the instruction set (as [Arch] prints it) and, as all programs of the
  /// psABI's LP64 calling conventions have, a stack aligned to 16 bytes.
  public static Attributes of(String arch) {
    return new Attributes(
        List.of(new Attribute.Numeric(STACK_ALIGN, 16), new Attribute.Text(ARCH, arch)));
  }

  /// The same with `attribute` in place of what had its tag, or at the end.
  public Attributes with(Attribute attribute) {
    boolean known = entries.stream().anyMatch(entry -> entry.tag() == attribute.tag());
    return new Attributes(
        known
            ? entries.stream()
                .map(entry -> entry.tag() == attribute.tag() ? attribute : entry)
                .toList()
            : Stream.concat(entries.stream(), Stream.of(attribute)).toList());
  }

  /// The instruction set (`Tag_RISCV_arch`), such as `rv64i2p1_m2p0`; [Arch#parse] takes it apart.
  public Optional<String> arch() {
    return entries.stream()
        .filter(entry -> entry.tag() == ARCH)
        .map(entry -> ((Attribute.Text) entry).value())
        .findFirst();
  }

  /// The number of an even tag, if it is there.
  public OptionalLong number(int tag) {
    return entries.stream()
        .filter(entry -> entry.tag() == tag)
        .flatMap(
            entry -> entry instanceof Attribute.Numeric number ? Stream.of(number) : Stream.empty())
        .mapToLong(Attribute.Numeric::value)
        .findFirst();
  }

  /// The bytes the stack pointer is aligned to (`Tag_RISCV_stack_align`).
  public OptionalLong stackAlign() {
    return number(STACK_ALIGN);
  }

  /// Whether the code makes unaligned accesses (`Tag_RISCV_unaligned_access`).
  public boolean unalignedAccess() {
    return number(UNALIGNED_ACCESS).orElse(0) != 0;
  }

  /// The same in tag order, as linkers write them.
  public Attributes sorted() {
    return new Attributes(
        entries.stream().sorted(Comparator.comparingInt(Attribute::tag)).toList());
  }

  /// The contents of the section.
  public Bytes write() {
    var inner = new ByteSink();
    for (var entry : entries) {
      inner.uleb128(entry.tag());
      switch (entry) {
        case Attribute.Numeric(_, var value) -> inner.uleb128(value);
        case Attribute.Text(_, var value) -> inner.bytes(Bytes.utf8(value)).u8(0);
      }
    }
    int fileLength = 1 + 4 + inner.length();
    byte[] vendor = VENDOR.getBytes(StandardCharsets.UTF_8);
    return new ByteSink()
        .u8(FORMAT_VERSION)
        .i32(4 + vendor.length + 1 + fileLength)
        .bytes(vendor)
        .u8(0)
        .u8(WHOLE_FILE)
        .i32(fileLength)
        .bytes(inner.toBytes())
        .toBytes();
  }

  /// Reads the contents of the section. What other vendors say, and what is said about single
  /// sections or symbols, is left out; of a tag said twice the last counts, as for linkers.
  public static ElfResult<Attributes> read(Bytes bytes) {
    return new AttributesReader(bytes).read();
  }

  /// A reader that stops at the first problem, since after a wrong length all that follows is
  /// noise.
  private static final class AttributesReader {
    private final Bytes bytes;
    private final Problems problems = new Problems();
    private final Map<Integer, Attribute> entries = new LinkedHashMap<>();
    private int at;

    AttributesReader(Bytes bytes) {
      this.bytes = bytes;
    }

    ElfResult<Attributes> read() {
      if (bytes.isEmpty() || bytes.u8(0) != FORMAT_VERSION) {
        problems.add(
            0, "format version", "'A'", bytes.isEmpty() ? "nothing" : Problems.hex(bytes.u8(0)));
        return problems.failed();
      }
      at = 1;
      while (problems.isEmpty() && at < bytes.length()) {
        vendorSubsection();
      }
      return problems.isEmpty()
          ? new ElfResult.Ok<>(new Attributes(List.copyOf(entries.values())))
          : problems.failed();
    }

    private void vendorSubsection() {
      int end = lengthAt(at, at, "vendor subsection");
      if (end < 0) {
        return;
      }
      int nameEnd = bytes.slice(0, end).indexOf((byte) 0, at + 4);
      if (nameEnd < 0) {
        problems.add(at + 4, "vendor name", "a zero byte at its end", "none");
        return;
      }
      boolean ours = bytes.slice(at + 4, nameEnd).text().equals(VENDOR);
      at = nameEnd + 1;
      while (ours && problems.isEmpty() && at < end) {
        taggedSubsection(end);
      }
      at = end;
    }

    private void taggedSubsection(int outerEnd) {
      int start = at;
      long scope = uleb128(outerEnd);
      if (!problems.isEmpty()) {
        return;
      }
      int end = lengthAt(at, start, "attribute subsection");
      if (end < 0) {
        return;
      }
      if (end > outerEnd) {
        problems.add(
            at,
            "attribute subsection",
            "at most " + (outerEnd - start) + " bytes",
            (end - start) + " bytes");
        return;
      }
      at += 4;
      while (scope == WHOLE_FILE && problems.isEmpty() && at < end) {
        attribute(end);
      }
      at = end;
    }

    private void attribute(int end) {
      int start = at;
      long tag = uleb128(end);
      if (problems.isEmpty() && (tag < 0 || tag > Integer.MAX_VALUE)) {
        problems.add(start, "attribute tag", "at most 31 bits", Problems.hex(tag));
      }
      if (!problems.isEmpty()) {
        return;
      }
      if ((tag & 1) == 0) {
        long value = uleb128(end);
        if (problems.isEmpty()) {
          entries.put((int) tag, new Attribute.Numeric((int) tag, value));
        }
        return;
      }
      int zero = bytes.slice(0, end).indexOf((byte) 0, at);
      if (zero < 0) {
        problems.add(at, "text of attribute " + tag, "a zero byte at its end", "none");
        return;
      }
      entries.put((int) tag, new Attribute.Text((int) tag, bytes.slice(at, zero).text()));
      at = zero + 1;
    }

    /// The end of a part that starts at `start` and whose length, counted from there, stands at
    /// `field`; -1 if wrong.
    private int lengthAt(int field, int start, String what) {
      if (bytes.length() - field < 4) {
        problems.add(field, what, "4 bytes of length", (bytes.length() - field) + " bytes");
        return -1;
      }
      long length = bytes.u32(field);
      if (length < field + 4 - start || length > bytes.length() - start) {
        problems.add(
            field,
            what,
            "a length of " + (field + 4 - start) + " to " + (bytes.length() - start),
            Long.toString(length));
        return -1;
      }
      return start + (int) length;
    }

    private long uleb128(int end) {
      long value = 0;
      for (int shift = 0; shift < 64 && at < end; shift += 7) {
        int part = bytes.u8(at++);
        if (shift == 63 && part > 1) {
          break;
        }
        value |= (long) (part & 0x7f) << shift;
        if ((part & 0x80) == 0) {
          return value;
        }
      }
      problems.add(at, "uleb128 number", "at most 64 bits, then a byte below 0x80", "neither");
      return 0;
    }
  }
}
