package tessera.compiler.graph;

import java.util.Arrays;
import java.util.Optional;

/// The type of a tensor's elements. All of them fill whole bytes, little-endian; a `bool` is one
/// byte that holds 0 or 1.
public enum DType {
  F32("f32", 4, Kind.FLOAT),
  F64("f64", 8, Kind.FLOAT),
  F16("f16", 2, Kind.FLOAT),
  BF16("bf16", 2, Kind.FLOAT),
  I8("i8", 1, Kind.SIGNED),
  U8("u8", 1, Kind.UNSIGNED),
  I16("i16", 2, Kind.SIGNED),
  U16("u16", 2, Kind.UNSIGNED),
  I32("i32", 4, Kind.SIGNED),
  U32("u32", 4, Kind.UNSIGNED),
  I64("i64", 8, Kind.SIGNED),
  U64("u64", 8, Kind.UNSIGNED),
  BOOL("bool", 1, Kind.BOOL);

  /// How the bits of an element are read.
  public enum Kind {
    FLOAT,
    SIGNED,
    UNSIGNED,
    BOOL
  }

  private final String text;
  private final int bytes;
  private final Kind kind;

  DType(String text, int bytes, Kind kind) {
    this.text = text;
    this.bytes = bytes;
    this.kind = kind;
  }

  /// The type whose text form is `text`, if there is one.
  public static Optional<DType> parse(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
  }

  /// The size of one element in bytes.
  public int bytes() {
    return bytes;
  }

  public Kind kind() {
    return kind;
  }

  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  /// True for the signed and unsigned integers; `bool` is none.
  public boolean isInteger() {
    return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
  }

  /// The value modulo 2 to the width of this integer type, as the `long` that stands for it: sign-
  /// or zero-extended, and for `u64` the same 64 bits.
  public long wrap(long value) {
    int unused = Long.SIZE - 8 * bytes;
    return switch (kind) {
      case SIGNED -> value << unused >> unused;
      case UNSIGNED -> value << unused >>> unused;
      case BOOL -> value != 0 ? 1 : 0;
      case FLOAT -> throw new IllegalArgumentException(text + " is not an integer type");
    };
  }

  /// The least value of an integer type.
  public long least() {
    return kind == Kind.SIGNED ? -1L << 8 * bytes - 1 : wrap(0);
  }

  /// The greatest value of an integer type, as [#wrap] gives it.
  public long greatest() {
    return kind == Kind.SIGNED ? ~least() : wrap(-1);
  }

  @Override
  public String toString() {
    return text;
  }
}
