package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  private final Definitions defs;
  private final Binder binder;
  private final Map<String, OperandClass> known = new HashMap<>();

  OperandClasses(Definitions defs) {
    this.defs = defs;
    this.binder = Binder.global(defs);
  }

  /// {@return the class of a field without one: its bits as a number}
  static OperandClass bare(int width) {
    return new OperandClass(
        "uint<" + width + ">",
        false,
        width,
        List.of(new Reading.Immediate()),
        null,
        1,
        List.of(),
        false,
        null);
  }

  /// {@return the class that a format's field names: an operand class, a register file or a type}
  OperandClass of(Term term, int width) {
    if (term instanceof Term.Name(var name, var span)) {
      if (defs.operands.containsKey(name) || defs.files.containsKey(name)) {
        return named(name, span);
      }
      Type type = defs.type(name, binder);
      if (type == null) {
        return unknown(name, span);
      }
    }
    return typed(binder.type(term, Scope.top()), term.span());
  }

  private static OperandClass typed(Type type, Span span) {
    if (!(type instanceof Type.Bits(var reading, int width))) {
      throw new SpecError("type", span, "an operand is bits, uint or sint, not " + type);
    }
    boolean signed = reading == Type.Reading.SINT;
    return new OperandClass(
        type.toString(),
        signed,
        width,
        List.of(new Reading.Immediate()),
        null,
        1,
        List.of(),
        false,
        null);
  }

  private OperandClass unknown(String name, Span span) {
    List<String> all = new ArrayList<>(defs.operands.keySet());
    all.addAll(defs.files.keySet());
    Diagnostic d =
        Diagnostic.error(
            "unknown-name",
            span,
            "there is no operand class or register file '" + name + "' in this ISA");
    String near = Suggestion.nearest(name, all);
    throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
  }

  /// {@return the operand class of that name, or the one of a register file}
  OperandClass named(String name, Span span) {
    OperandClass c = known.get(name);
    if (c == null) {
      if (defs.operands.containsKey(name)) {
        c = read(defs.operands.get(name));
      } else if (defs.files.containsKey(name)) {
        c = registers(defs.files.get(name));
      } else {
        c = unknown(name, span);
      }
      known.put(name, c);
    }
    return c;
  }

  private static OperandClass registers(RegisterFile file) {
    int width = Math.max(1, 32 - Integer.numberOfLeadingZeros(file.count() - 1));
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 1 << width; i++) {
      numbers.add(i < file.count() ? i : -1);
    }
    return new OperandClass(
        file.name(),
        false,
        width,
        List.of(new Reading.Register(file, numbers)),
        null,
        1,
        List.of(),
        false,
        null);
  }

  private OperandClass read(Item.Operand item) {
    Type type = binder.type(item.type(), Scope.top());
    if (!(type instanceof Type.Bits(var reading, int width))) {
      throw new SpecError("type", item.span(), "an operand is bits, uint or sint, not " + type);
    }
    Builder builder = new Builder(item, width);
    item.parts().forEach(builder::add);
    return builder.build(reading == Type.Reading.SINT);
  }

  private final class Builder {
    private final Item.Operand item;
    private final int width;
    private final List<Reading> readings = new ArrayList<>();
    private final List<OperandClass.Part> parts = new ArrayList<>();
    private @Nullable Long preset;
    private long step = 1;
    private List<String> relocations = List.of();
    private boolean hex;
    private @Nullable Long modulo;

    Builder(Item.Operand item, int width) {
      this.item = item;
      this.width = width;
    }

    void add(Item.OperandPart part) {
      switch (part) {
        case Item.OperandPart.Texts(var texts) -> readings.add(texts(texts));
        case Item.OperandPart.Flags(var letters) -> flags(letters);
        case Item.OperandPart.None(var text) -> none(text);
        case Item.OperandPart.Register r -> readings.add(register(r));
        case Item.OperandPart.CsrName _ -> readings.add(new Reading.CsrName());
        case Item.OperandPart.Integer(var inHex, var of) -> {
          readings.add(new Reading.Immediate());
          hex = inHex;
          modulo =
              of == null ? null : binder.constant(of, Scope.top()).numerator().longValueExact();
        }
        case Item.OperandPart.Pcrel _ -> readings.add(new Reading.PcRelative());
        case Item.OperandPart.Step(var value) ->
            step = binder.constant(value, Scope.top()).numerator().longValueExact();
        case Item.OperandPart.Default(var value) ->
            preset = binder.constant(value, Scope.top()).numerator().longValueExact();
        case Item.OperandPart.Relocation(var functions) -> relocations = functions;
        case Item.OperandPart.Nested n -> parts.add(nested(n));
        case Item.OperandPart.Asm(var templates) ->
            readings.add(new Reading.Parts(List.copyOf(parts), template(templates.getFirst())));
      }
    }

    private void flags(String letters) {
      if (letters.length() != width) {
        throw new SpecError(
            "width",
            item.span(),
            width + " bits have " + width + " flags, got \"" + letters + "\"");
      }
      readings.add(new Reading.Flags(letters, null));
    }

    private void none(String text) {
      if (!readings.isEmpty() && readings.getLast() instanceof Reading.Flags(var letters, _)) {
        readings.set(readings.size() - 1, new Reading.Flags(letters, text));
      }
    }

    private Reading texts(List<Item.OperandText> texts) {
      List<OperandClass.Text> all = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      for (Item.OperandText t : texts) {
        List<Scope> scopes = new ArrayList<>();
        if (t.index() == null) {
          scopes.add(Scope.top());
        } else {
          for (Value v :
              binder.values(java.util.Objects.requireNonNull(t.range()), Scope.top(), t.span())) {
            scopes.add(Scope.top().inner().put(t.index(), v));
          }
        }
        for (Scope scope : scopes) {
          BigInteger value = binder.constant(t.value(), scope).numerator();
          String text = binder.fill(t.text(), scope);
          if (value.signum() < 0 || value.bitLength() > width) {
            throw new SpecError(
                "literal-fit", t.span(), value + " does not fit " + width + " bits");
          }
          if (!seen.add(text)) {
            throw new SpecError(
                "text-twice",
                t.span(),
                "the text \"" + text + "\" of '" + item.name() + "' has two values",
                "an assembler could not know which is meant");
          }
          all.add(new OperandClass.Text(text, value.longValue()));
        }
      }
      return new Reading.Texts(List.copyOf(all));
    }

    private Reading register(Item.OperandPart.Register r) {
      RegisterFile file = defs.files.get(r.file());
      if (file == null) {
        unknown(r.file(), r.span());
      }
      List<Integer> numbers = new ArrayList<>();
      for (int code = 0; code < 1 << width; code++) {
        Scope scope = Scope.top().inner().put("code", Value.Num.of(code));
        numbers.add(r.number() == null ? code : binder.whole(r.number(), scope));
      }
      return new Reading.Register(java.util.Objects.requireNonNull(file), List.copyOf(numbers));
    }

    private OperandClass.Part nested(Item.OperandPart.Nested n) {
      return new OperandClass.Part(n.name(), n.hi(), n.lo(), named(n.operandClass(), n.span()));
    }

    private static Template template(Holed holed) {
      List<Template.Piece> pieces = new ArrayList<>();
      for (Holed.Piece piece : holed.pieces()) {
        pieces.add(
            switch (piece) {
              case Holed.Piece.Chars(var text) -> new Template.Piece.Text(text);
              case Holed.Piece.Hole(var raw, _) -> new Template.Piece.Hole(raw);
            });
      }
      return new Template(pieces);
    }

    OperandClass build(boolean signed) {
      if (readings.isEmpty()) {
        throw new SpecError(
            "form-missing",
            item.span(),
            "the operand class '" + item.name() + "' says no way of writing",
            "text, register, integer, pcrel, flags, csr, or parts with asm");
      }
      return new OperandClass(
          item.name(), signed, width, readings, preset, step, relocations, hex, modulo);
    }
  }

  /// {@return how a field's bits are written; null where they have no text}
  static @Nullable String print(@Nullable OperandClass c, @Nullable Long bits) {
    if (c == null || bits == null) {
      return null;
    }
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
          return file.registerName(numbers.get(bits.intValue()));
        }
        case Reading.Immediate _,
            Reading.Flags _,
            Reading.CsrName _,
            Reading.PcRelative _,
            Reading.Parts _ -> {
          return Long.toString(c.fromField(bits));
        }
      }
    }
    return Long.toString(bits);
  }
}
