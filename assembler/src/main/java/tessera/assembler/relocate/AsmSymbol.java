package tessera.assembler.relocate;

import org.jspecify.annotations.Nullable;
import tessera.elf.Symbol;
import tessera.isaspec.diagnostic.Span;

/// A name, and what is known of it so far. Two are the same only if they are one: a redefinition by
/// `.set` makes a new one, and what was said before keeps the old.
public final class AsmSymbol {

  /// What a name stands for.
  public sealed interface Definition {
    /// Nothing yet; at the end, something in another file.
    record Undefined() implements Definition {}

    /// A place.
    record At(Fragment fragment, long offset) implements Definition {}

    /// Another expression (`.set`).
    record Equal(Expression value) implements Definition {}

    /// Room that the linker reserves.
    record Common(long size, long alignment) implements Definition {}
  }

  /// How a symbol table knows it.
  public enum Kind {
    /// by its name, always
    NAMED,
    /// a label that starts with `.L`, a numeric one, or one without a name: only where a relocation
    /// needs it
    TEMPORARY,
    /// marks where instructions and data begin (psABI, "Mapping Symbol")
    MAPPING
  }

  private static final Definition UNDEFINED = new Definition.Undefined();

  private final String name;
  private final Kind kind;
  private Definition definition = UNDEFINED;
  private @Nullable Span definedAt;
  private @Nullable Span usedAt;
  private Symbol.@Nullable Binding binding;
  private Symbol.Type type = Symbol.Type.NOTYPE;
  private Symbol.Visibility visibility = Symbol.Visibility.DEFAULT;
  private boolean variantCc;
  private @Nullable Expression size;
  private boolean related;
  private boolean redefinable;

  public AsmSymbol(String name, Kind kind) {
    this.name = name;
    this.kind = kind;
  }

  /// {@return a symbol of that name: temporary if it starts with `.L`}
  public static AsmSymbol named(String name) {
    return new AsmSymbol(name, name.startsWith(".L") ? Kind.TEMPORARY : Kind.NAMED);
  }

  public String name() {
    return name;
  }

  public Kind kind() {
    return kind;
  }

  public Definition definition() {
    return definition;
  }

  public boolean isDefined() {
    return !(definition instanceof Definition.Undefined);
  }

  /// Says what it stands for.
  public void define(Definition meaning, @Nullable Span at) {
    definition = meaning;
    definedAt = at;
  }

  /// {@return where it was defined}
  public @Nullable Span definedAt() {
    return definedAt;
  }

  /// {@return where it was first used}
  public @Nullable Span usedAt() {
    return usedAt;
  }

  /// Notes a use.
  public void used(@Nullable Span at) {
    if (usedAt == null) {
      usedAt = at;
    }
  }

  /// {@return whether it may be defined again (`.set`)}
  public boolean redefinable() {
    return redefinable;
  }

  public void redefinable(boolean may) {
    redefinable = may;
  }

  /// {@return the binding that was asked for, or null}
  public Symbol.@Nullable Binding asked() {
    return binding;
  }

  /// {@return who sees it: what was asked for, else this file, or all files if it is undefined}
  public Symbol.Binding binding() {
    if (binding != null) {
      return binding;
    }
    return switch (definition) {
      case Definition.Undefined _, Definition.Common _ -> Symbol.Binding.GLOBAL;
      case Definition.At _, Definition.Equal _ -> Symbol.Binding.LOCAL;
    };
  }

  public void binding(Symbol.Binding asked) {
    binding = asked;
  }

  public Symbol.Type type() {
    return type;
  }

  public void type(Symbol.Type meaning) {
    type = meaning;
  }

  public Symbol.Visibility visibility() {
    return visibility;
  }

  public void visibility(Symbol.Visibility seen) {
    visibility = seen;
  }

  /// {@return whether it is a function with another calling convention (`.variant_cc`)}
  public boolean variantCc() {
    return variantCc;
  }

  /// Says that it is called otherwise than the ABI has it, with vectors in registers.
  public void varyConvention() {
    variantCc = true;
  }

  /// {@return its size in bytes, or null}
  public @Nullable Expression size() {
    return size;
  }

  public void size(Expression bytes) {
    size = bytes;
  }

  /// {@return whether a relocation names it}
  public boolean related() {
    return related;
  }

  /// Notes that a relocation names it.
  public void relate() {
    related = true;
  }

  /// Takes over what was said of an older symbol of this name, but for its meaning.
  public void inherit(AsmSymbol older) {
    binding = older.binding;
    type = older.type;
    visibility = older.visibility;
    variantCc = older.variantCc;
    size = older.size;
  }

  /// Takes over what lies at another symbol, of which this becomes a second name.
  public void standFor(AsmSymbol other) {
    type = type == Symbol.Type.NOTYPE ? other.type : type;
    size = size == null ? other.size : size;
  }

  @Override
  public String toString() {
    return name;
  }
}
