package tessera.assembler.relocate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.elf.RelocationType;
import tessera.isaspec.encoding.FieldLayout;
import tessera.isaspec.encoding.FieldLayout.Part;

/// Writes the values that relocations say (psABI, "Relocations").
final class Patch {
  private static final FieldLayout I = layout(new Part.Word(31, 20));
  private static final FieldLayout S = layout(new Part.Word(31, 25), new Part.Word(11, 7));
  private static final FieldLayout U = layout(new Part.Word(31, 12));
  private static final FieldLayout B =
      layout(
          new Part.Word(31, 31),
          new Part.Word(7, 7),
          new Part.Word(30, 25),
          new Part.Word(11, 8),
          new Part.Constant(0, 1));
  private static final FieldLayout J =
      layout(
          new Part.Word(31, 31),
          new Part.Word(19, 12),
          new Part.Word(20, 20),
          new Part.Word(30, 21),
          new Part.Constant(0, 1));
  private static final FieldLayout CB =
      layout(
          new Part.Word(12, 12),
          new Part.Word(6, 5),
          new Part.Word(2, 2),
          new Part.Word(11, 10),
          new Part.Word(4, 3),
          new Part.Constant(0, 1));
  private static final FieldLayout CJ =
      layout(
          new Part.Word(12, 12),
          new Part.Word(8, 8),
          new Part.Word(10, 9),
          new Part.Word(6, 6),
          new Part.Word(7, 7),
          new Part.Word(2, 2),
          new Part.Word(11, 11),
          new Part.Word(5, 3),
          new Part.Constant(0, 1));
  private static final FieldLayout CI = layout(new Part.Word(12, 12), new Part.Word(6, 2));

  private final byte[] bytes;
  private final int at;

  Patch(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  private static FieldLayout layout(Part... parts) {
    return new FieldLayout("", List.of(parts));
  }

  private long get(int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xff;
    }
    return value;
  }

  private void put(long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >> 8 * i);
    }
  }

  private void field(FieldLayout layout, int size, long value) {
    put(layout.insert(get(size), value), size);
  }

  /// Writes a field or number; {@return null, or why the value does not fit}
  ///
  /// @param value what the formula of the type gives, before it is cut to the field
  @Nullable String write(RelocationType type, long value) {
    switch (type) {
      case BRANCH -> {
        return target(B, 4, 13, value);
      }
      case JAL -> {
        return target(J, 4, 21, value);
      }
      case RVC_BRANCH -> {
        return target(CB, 2, 9, value);
      }
      case RVC_JUMP -> {
        return target(CJ, 2, 12, value);
      }
      case HI20, TPREL_HI20 -> {
        return high(value, "lui sign-extends; use la, which is relative to the instruction");
      }
      case PCREL_HI20, GOT_HI20, TLS_GOT_HI20 -> {
        return high(value, "it is more than 2 GiB away");
      }
      case CALL, CALL_PLT -> {
        String problem = high(value, "it is more than 2 GiB away");
        new Patch(bytes, at + 4).field(I, 4, value);
        return problem;
      }
      case RVC_LUI -> field(CI, 2, value + 0x800 >> 12);
      case LO12_I, PCREL_LO12_I, TPREL_LO12_I -> field(I, 4, value);
      case LO12_S, PCREL_LO12_S, TPREL_LO12_S -> field(S, 4, value);
      default -> {
        return number(type, value);
      }
    }
    return null;
  }

  private @Nullable String target(FieldLayout layout, int size, int bits, long distance) {
    if (!Layout.fits(distance, bits)) {
      return "the target is " + distance + " bytes away, and the field has " + bits + " bits";
    }
    if ((distance & 1) != 0) {
      return "the target is " + distance + " bytes away, an odd distance";
    }
    field(layout, size, distance);
    return null;
  }

  private @Nullable String high(long value, String reason) {
    field(U, 4, value + 0x800 >> 12);
    return Layout.fits(value + 0x800, 32)
        ? null
        : String.format("0x%x does not fit: %s", value, reason);
  }

  private @Nullable String number(RelocationType type, long value) {
    switch (type) {
      case R64 -> put(value, 8);
      case R32 -> {
        put(value, 4);
        return Numbers.fits(value, 4) ? null : String.format("0x%x does not fit 4 bytes", value);
      }
      case R32_PCREL -> put(value, 4);
      case ADD8 -> put(get(1) + value, 1);
      case ADD16 -> put(get(2) + value, 2);
      case ADD32 -> put(get(4) + value, 4);
      case ADD64 -> put(get(8) + value, 8);
      case SUB8 -> put(get(1) - value, 1);
      case SUB16 -> put(get(2) - value, 2);
      case SUB32 -> put(get(4) - value, 4);
      case SUB64 -> put(get(8) - value, 8);
      case SUB6 -> put(get(1) & 0xc0 | get(1) - value & 0x3f, 1);
      case SET6 -> put(get(1) & 0xc0 | value & 0x3f, 1);
      case SET8 -> put(value, 1);
      case SET16 -> put(value, 2);
      case SET32 -> put(value, 4);
      default -> {
        return "relocation " + type + " can not be linked here";
      }
    }
    return null;
  }
}
