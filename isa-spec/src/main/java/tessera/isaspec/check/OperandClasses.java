package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.OperandClass.Reading;
import tessera.isaspec.syntax.Template;
import tessera.isaspec.text.Holed;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// Makes operand classes: the named ones, register files, bare types.
final class OperandClasses {
  private static final int WIDEST = 32;
  private static final int WIDEST_REGISTER = 12;

  private final Definitions defs;
  private final Binder binder;
  private final Map<String, OperandClass> known = new HashMap<>();
  private final Set<String> reading = new HashSet<>();

  OperandClasses(Definitions defs) {
    this.defs = defs;
    this.binder = Binder.global(defs);
  }

  /// {@return the class of a field without one: its bits as a number}
  static OperandClass bare(int width) {
    return number("uint<" + width + ">", false, width);
  }

  private static OperandClass number(String name, boolean signed, int width) {
    List<Reading> readings = List.of(new Reading.Immediate());
    return new OperandClass(name, signed, width, readings, null, 1, List.of(), false, null);
  }

  /// {@return the class that a format's field names: an operand class, a register file or a type}
  OperandClass of(Term term) {
    if (term instanceof Term.Name(var name, var span)) {
      if (defs.operands.containsKey(name) || defs.files.containsKey(name)) {
        return named(name, span);
      }
      if (defs.type(name, binder) == null) {
        throw unknown(name, span);
      }
    }
    Type.Bits bits = bits(binder.type(term, Scope.closed()), term.span());
    return number(bits.toString(), bits.reading() == Type.Reading.SINT, bits.width());
  }

  private static Type.Bits bits(Type type, Span span) {
    if (!(type instanceof Type.Bits bits) || bits.width() > WIDEST) {
      throw new SpecError(
          "type",
          span,
          "an operand is bits, uint or sint of at most " + WIDEST + " bits, not " + type);
    }
    return bits;
  }

  private SpecError unknown(String name, Span span) {
    if (defs.isBroken(name)) {
      return SpecError.reported();
    }
    List<String> all = new ArrayList<>(defs.operands.keySet());
    all.addAll(defs.files.keySet());
    Diagnostic d =
        Diagnostic.error(
            "unknown-name",
            span,
            "there is no operand class or register file '" + name + "' in this ISA");
    String near = Suggestion.nearest(name, all);
    return new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
  }

  /// {@return the operand class of that name, or the one of a register file}
  OperandClass named(String name, Span span) {
    OperandClass c = known.get(name);
    if (c == null) {
      if (defs.operands.containsKey(name)) {
        c = read(defs.operands.get(name));
      } else if (defs.files.containsKey(name)) {
        c = registers(defs.files.get(name), span);
      } else {
        throw unknown(name, span);
      }
      known.put(name, c);
    }
    return c;
  }

  private static OperandClass registers(RegisterFile file, Span span) {
    int width = Math.max(1, 32 - Integer.numberOfLeadingZeros(file.count() - 1));
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 1 << width; i++) {
      numbers.add(i < file.count() ? i : -1);
    }
    if (width > WIDEST_REGISTER) {
      throw new SpecError("too-large", span, "too many registers to be operands");
    }
    List<Reading> readings = List.of(new Reading.Register(file, List.copyOf(numbers)));
    return new OperandClass(file.name(), false, width, readings, null, 1, List.of(), false, null);
  }

  private OperandClass read(Item.Operand item) {
    if (!reading.add(item.name())) {
      throw new SpecError("recursion", item.span(), "'" + item.name() + "' is a part of itself");
    }
    try {
      return new Builder(item, bits(binder.type(item.type(), Scope.closed()), item.span())).build();
    } finally {
      reading.remove(item.name());
    }
  }

  private final class Builder {
    private final Item.Operand item;
    private final Type.Bits type;
    private final int width;
    private final List<Reading> readings = new ArrayList<>();
    private final List<OperandClass.Part> parts = new ArrayList<>();
    private final Set<String> texts = new HashSet<>();
    private @Nullable Long preset;
    private long step = 1;
    private List<String> relocations = List.of();
    private boolean hex;
    private @Nullable Long modulo;

    Builder(Item.Operand item, Type.Bits type) {
      this.item = item;
      this.type = type;
      this.width = type.width();
    }

    OperandClass build() {
      for (Item.OperandPart part : item.parts()) {
        if (part instanceof Item.OperandPart.Nested nested) {
          parts.add(nested(nested));
        }
      }
      item.parts().forEach(this::add);
      if (readings.isEmpty()) {
        throw new SpecError(
            "form-missing",
            item.span(),
            "the operand class '" + item.name() + "' says no way of writing",
            "text, register, integer, pcrel, flags, csr, or parts with asm");
      }
      boolean signed = type.reading() == Type.Reading.SINT;
      OperandClass c =
          new OperandClass(
              item.name(), signed, width, readings, preset, step, relocations, hex, modulo);
      if (preset != null && c.toField(preset) < 0) {
        throw new SpecError(
            "literal-fit", item.span(), "the default " + preset + " is no value of this class");
      }
      return c;
    }

    private void add(Item.OperandPart part) {
      switch (part) {
        case Item.OperandPart.Texts(var all) -> readings.add(texts(all));
        case Item.OperandPart.Flags(var letters) -> flags(letters);
        case Item.OperandPart.None(var text) -> none(text);
        case Item.OperandPart.Register r -> readings.add(register(r));
        case Item.OperandPart.CsrName _ -> readings.add(new Reading.CsrName());
        case Item.OperandPart.Integer(var inHex, var of) -> {
          readings.add(new Reading.Immediate());
          hex = inHex;
          modulo = of == null ? null : constant(of, 1);
        }
        case Item.OperandPart.Pcrel _ -> readings.add(new Reading.PcRelative());
        case Item.OperandPart.Step(var value) -> step = constant(value, 1);
        case Item.OperandPart.Default(var value) -> preset = constant(value, Long.MIN_VALUE);
        case Item.OperandPart.Relocation(var functions) -> relocations = functions;
        case Item.OperandPart.Nested _ -> {} // read before
        case Item.OperandPart.Asm(var templates) -> readings.add(parts(templates));
      }
    }

    private long constant(Term term, long least) {
      Value.Num n = binder.constant(term, Scope.closed());
      if (!n.whole() || n.numerator().bitLength() > 62 || n.numerator().longValue() < least) {
        throw new SpecError("literal-fit", term.span(), n + " can not stand here");
      }
      return n.numerator().longValue();
    }

    // Texts

    private Reading texts(List<Item.OperandText> given) {
      List<OperandClass.Text> all = new ArrayList<>();
      for (Item.OperandText t : given) {
        for (Scope scope : scopes(t)) {
          BigInteger value = binder.constant(t.value(), scope).numerator();
          if (value.signum() < 0 || value.bitLength() > width) {
            throw new SpecError(
                "literal-fit", t.span(), value + " does not fit " + width + " bits");
          }
          String text = binder.fill(t.text(), scope);
          unique(text, t.span());
          all.add(new OperandClass.Text(text, value.longValue()));
        }
      }
      return new Reading.Texts(List.copyOf(all));
    }

    private List<Scope> scopes(Item.OperandText t) {
      String index = t.index();
      if (index == null) {
        return List.of(Scope.closed());
      }
      List<Scope> scopes = new ArrayList<>();
      for (Value v : binder.values(Objects.requireNonNull(t.range()), Scope.closed(), t.span())) {
        scopes.add(Scope.closed().put(index, v));
      }
      return scopes;
    }

    private void unique(String text, Span span) {
      if (!texts.add(text)) {
        throw new SpecError(
            "text-twice",
            span,
            "the text \"" + text + "\" of '" + item.name() + "' has two values",
            "an assembler could not know which is meant");
      }
    }

    private void flags(String letters) {
      if (letters.length() != width) {
        throw new SpecError(
            "width",
            item.span(),
            width + " bits have " + width + " flags, got \"" + letters + "\"");
      }
      letters.chars().forEach(c -> unique(Character.toString(c), item.span()));
      readings.add(new Reading.Flags(letters, null));
    }

    private void none(String text) {
      if (readings.isEmpty() || !(readings.getLast() instanceof Reading.Flags(var letters, _))) {
        throw new SpecError("syntax", item.span(), "`none` follows `flags`");
      }
      unique(text, item.span());
      readings.set(readings.size() - 1, new Reading.Flags(letters, text));
    }

    // Registers

    private Reading register(Item.OperandPart.Register r) {
      RegisterFile file = defs.files.get(r.file());
      if (file == null) {
        throw unknown(r.file(), r.span());
      }
      if (width > WIDEST_REGISTER) {
        throw new SpecError(
            "width", r.span(), "a register's field has at most " + WIDEST_REGISTER + " bits");
      }
      List<Integer> numbers = new ArrayList<>();
      for (int code = 0; code < 1 << width; code++) {
        Scope scope = Scope.closed().put("code", Value.Num.of(code));
        int number = r.number() == null ? code : binder.whole(r.number(), scope);
        numbers.add(number >= 0 && number < file.count() ? number : -1);
      }
      if (numbers.stream().allMatch(n -> n < 0)) {
        throw new SpecError("index-range", r.span(), "no code names a register of " + file);
      }
      return new Reading.Register(file, List.copyOf(numbers));
    }

    // Parts

    private OperandClass.Part nested(Item.OperandPart.Nested n) {
      OperandClass c = named(n.operandClass(), n.span());
      boolean inside = n.lo() >= 0 && n.hi() >= n.lo() && n.hi() < width;
      if (!inside || c.width() != n.hi() - n.lo() + 1) {
        throw new SpecError(
            "width",
            n.span(),
            "the class '"
                + c.name()
                + "' has "
                + c.width()
                + " bits, not those of "
                + n.hi()
                + ":"
                + n.lo());
      }
      for (OperandClass.Part other : parts) {
        if (n.lo() <= other.hi() && other.lo() <= n.hi()) {
          throw new SpecError(
              "field-overlap",
              n.span(),
              "the parts '" + n.name() + "' and '" + other.name() + "' overlap");
        }
      }
      return new OperandClass.Part(n.name(), n.hi(), n.lo(), c);
    }

    private Reading parts(List<Holed> templates) {
      Holed text = templates.getFirst();
      List<Template.Piece> pieces = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (Holed.Piece piece : text.pieces()) {
        switch (piece) {
          case Holed.Piece.Chars(var chars) -> pieces.add(new Template.Piece.Text(chars));
          case Holed.Piece.Hole(var raw, _) -> {
            names.add(raw);
            pieces.add(new Template.Piece.Hole(raw));
          }
        }
      }
      Set<String> known = new HashSet<>();
      parts.forEach(p -> known.add(p.name()));
      if (!known.equals(names) || templates.size() > 1) {
        throw new SpecError(
            "operand-missing",
            text.span(),
            "the `asm` of '" + item.name() + "' is one text that shows each of its parts once");
      }
      return new Reading.Parts(List.copyOf(parts), new Template(pieces));
    }
  }

  /// {@return how a field's bits are written; null where they name no register}
  static @Nullable String print(OperandClass c, long bits) {
    for (Reading reading : c.readings()) {
      switch (reading) {
        case Reading.Texts(var texts) -> {
          for (OperandClass.Text t : texts) {
            if (t.value() == bits) {
              return t.text();
            }
          }
        }
        case Reading.Register(var file, var numbers) -> {
          int number = numbers.get((int) bits);
          return number < 0 ? null : file.registerName(number);
        }
        case Reading.Flags(var letters, var none) -> {
          return flags(letters, none, bits);
        }
        case Reading.Immediate _, Reading.CsrName _, Reading.PcRelative _, Reading.Parts _ -> {
          return Long.toString(c.fromField(bits));
        }
      }
    }
    return Long.toString(bits);
  }

  private static String flags(String letters, @Nullable String none, long bits) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < letters.length(); i++) {
      if ((bits >> (letters.length() - 1 - i) & 1) != 0) {
        out.append(letters.charAt(i));
      }
    }
    return out.isEmpty() && none != null ? none : out.toString();
  }
}
