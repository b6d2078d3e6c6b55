package tessera.elf;

import java.util.Objects;

/// A name for a place.
///
/// @param name may be empty
/// @param type what lies there
/// @param binding who sees it
/// @param visibility who sees it among dynamically linked modules
/// @param variantCc whether it is a function with another calling convention
///   (`STO_RISCV_VARIANT_CC`)
/// @param place where it lies
/// @param value in a relocatable file the offset in the section; otherwise the address; the
///   alignment of a common symbol; the offset in the thread's block for [Type#TLS]
/// @param size in bytes, unsigned, 0 if unknown
public record Symbol(
    String name,
    Type type,
    Binding binding,
    Visibility visibility,
    boolean variantCc,
    Place place,
    long value,
    long size) {
  /// The bit of `st_other` that says [#variantCc].
  static final int VARIANT_CC = 0x80;

  /// What lies at a symbol (`STT_…`).
  public enum Type {
    NOTYPE(0),
    OBJECT(1),
    FUNC(2),
    SECTION(3),
    FILE(4),
    COMMON(5),
    TLS(6),
    GNU_IFUNC(10);

    final int code;

    Type(int code) {
      this.code = code;
    }
  }

  /// Who sees a symbol (`STB_…`).
  public enum Binding {
    LOCAL(0),
    GLOBAL(1),
    WEAK(2),
    GNU_UNIQUE(10);

    final int code;

    Binding(int code) {
      this.code = code;
    }
  }

  /// Who sees a symbol among dynamically linked modules (`STV_…`).
  public enum Visibility {
    DEFAULT(0),
    INTERNAL(1),
    HIDDEN(2),
    PROTECTED(3);

    final int code;

    Visibility(int code) {
      this.code = code;
    }
  }

  /// Where a symbol lies.
  public sealed interface Place {
    /// In another file.
    record Undefined() implements Place {}

    /// Nowhere: the value is a number that no linker moves.
    record Absolute() implements Place {}

    /// Where the linker reserves room, once for all symbols of the name.
    record Common() implements Place {}

    /// In a section.
    ///
    /// @param section an index into [Elf#sections]
    record In(int section) implements Place {
      public In {
        Objects.checkIndex(section, Integer.MAX_VALUE);
      }
    }
  }

  public Symbol {
    Section.requireName(name);
    Objects.requireNonNull(type);
    Objects.requireNonNull(binding);
    Objects.requireNonNull(visibility);
    Objects.requireNonNull(place);
  }

  private static Symbol of(
      String name, Type type, Binding binding, Place place, long value, long size) {
    return new Symbol(name, type, binding, Visibility.DEFAULT, false, place, value, size);
  }

  /// A local label in a section.
  public static Symbol local(String name, int section, long value) {
    return of(name, Type.NOTYPE, Binding.LOCAL, new Place.In(section), value, 0);
  }

  /// A global label in a section.
  public static Symbol global(String name, int section, long value) {
    return of(name, Type.NOTYPE, Binding.GLOBAL, new Place.In(section), value, 0);
  }

  /// A global symbol of another file.
  public static Symbol undefined(String name) {
    return of(name, Type.NOTYPE, Binding.GLOBAL, new Place.Undefined(), 0, 0);
  }

  /// A local name of a number.
  public static Symbol absolute(String name, long value) {
    return of(name, Type.NOTYPE, Binding.LOCAL, new Place.Absolute(), value, 0);
  }

  /// A global object for which the linker reserves room.
  public static Symbol common(String name, long alignment, long size) {
    Section.requirePowerOfTwo(alignment);
    return of(name, Type.OBJECT, Binding.GLOBAL, new Place.Common(), alignment, size);
  }

  /// The name of the source file the local symbols after it come from.
  public static Symbol file(String name) {
    return of(name, Type.FILE, Binding.LOCAL, new Place.Absolute(), 0, 0);
  }

  /// The start of a section, without a name of its own.
  public static Symbol section(int section, long address) {
    return of("", Type.SECTION, Binding.LOCAL, new Place.In(section), address, 0);
  }

  /// The same of another type.
  public Symbol withType(Type type) {
    return new Symbol(name, type, binding, visibility, variantCc, place, value, size);
  }

  /// The same with another binding.
  public Symbol withBinding(Binding binding) {
    return new Symbol(name, type, binding, visibility, variantCc, place, value, size);
  }

  /// The same with another visibility.
  public Symbol withVisibility(Visibility visibility) {
    return new Symbol(name, type, binding, visibility, variantCc, place, value, size);
  }

  /// The same, marked as a function with another calling convention or not.
  public Symbol withVariantCc(boolean variantCc) {
    return new Symbol(name, type, binding, visibility, variantCc, place, value, size);
  }

  /// The same with another value.
  public Symbol withValue(long value) {
    return new Symbol(name, type, binding, visibility, variantCc, place, value, size);
  }

  /// The same with a size.
  public Symbol withSize(long size) {
    return new Symbol(name, type, binding, visibility, variantCc, place, value, size);
  }

  public boolean isLocal() {
    return binding == Binding.LOCAL;
  }

  /// Whether it lies in this file: in a section, or nowhere but with a value.
  public boolean isDefined() {
    return switch (place) {
      case Place.Undefined _, Place.Common _ -> false;
      case Place.Absolute _, Place.In _ -> true;
    };
  }
}
