package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Format;
import tessera.isaspec.Instruction;
import tessera.isaspec.Machine;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.encoding.Encoding;
import tessera.isaspec.encoding.FieldLayout;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;
import tessera.isaspec.text.Holed;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Term;

/// Makes an instruction of an `insn` with the forms it inherits from.
final class InstructionReader {
  private static final int DEEPEST_FORM = 32;

  private final Definitions defs;
  private final Machine machine;
  private final Binder binder;
  private final OperandClasses classes;
  private final Map<String, Format> formats = new HashMap<>();
  private final List<Deferred> deferred = new ArrayList<>();

  InstructionReader(Definitions defs, Machine machine, OperandClasses classes) {
    this.defs = defs;
    this.machine = machine;
    this.binder = Binder.waiting(defs);
    this.classes = classes;
  }

  /// A short form whose target may stand in a later text.
  private record Deferred(Reading reading, String extension) {}

  /// {@return the instruction; null where the ISA lacks what it requires, and for a short form,
  /// which [#shortForms] gives}
  @Nullable Instruction read(Item.Insn item, Scope scope, String extension) {
    Layers layers = new Layers();
    Item.Format format = inherit(item.base(), item.args(), scope, layers, item.span(), 0);
    layers.add(item.sections(), scope);
    if (!defs.active.containsAll(layers.requires)) {
      return null;
    }
    Reading reading = new Reading(item, scope, layers, format, format(format));
    if (layers.expands != null) {
      deferred.add(new Deferred(reading, extension));
      return null;
    }
    return reading.instruction(extension, null);
  }

  /// {@return the short forms among what was read, in order}
  ///
  /// @param targets the other instructions, by name
  List<Instruction> shortForms(Map<String, Instruction> targets, Findings findings) {
    List<Instruction> all = new ArrayList<>();
    for (Deferred d : deferred) {
      findings.attempt(() -> all.add(d.reading().instruction(d.extension(), targets)));
    }
    return all;
  }

  /// Checks definitions that perhaps no instruction uses, as far as they mean something alone.
  void checkUnused(List<Item> items, Findings findings) {
    for (Item item : items) {
      switch (item) {
        case Item.Format f -> findings.attempt(() -> format(f));
        case Item.Operand o -> findings.attempt(() -> classes.named(o.name(), o.span()));
        case Item.Const c -> findings.attempt(() -> defs.get(c.name(), binder));
        case Item.Table t -> findings.attempt(() -> defs.get(t.name(), binder));
        case Item.ListOf l -> findings.attempt(() -> defs.get(l.name(), binder));
        case Item.FloatType f -> findings.attempt(() -> defs.floatFormat(f.name()));
        case Item.Function f -> findings.attempt(() -> Functions.checkAlone(f, defs));
        default -> {}
      }
    }
  }

  // Forms

  /// Adds the sections of a form and its bases, innermost base first.
  private Item.Format inherit(
      String base, List<Term.Arg> args, Scope scope, Layers layers, Span span, int depth) {
    if (depth > DEEPEST_FORM) {
      throw new SpecError(
          "recursion", span, "forms are nested more than " + DEEPEST_FORM + " deep");
    }
    Value named = scope.get(base);
    if (named == null && defs.forms.containsKey(base)) {
      named = new Value.FormOf(defs.forms.get(base), Scope.top());
    }
    if (named instanceof Value.FormOf(var form, var defined)) {
      Scope inner = formScope(form, defined, args, scope, span);
      Item.Format format = inherit(form.base(), form.args(), inner, layers, form.span(), depth + 1);
      layers.add(form.sections(), inner);
      return format;
    }
    Item.Format format =
        named instanceof Value.FormatOf(var given) ? given : defs.formats.get(base);
    if (format == null) {
      List<String> known = new ArrayList<>(defs.forms.keySet());
      known.addAll(defs.formats.keySet());
      String near = Suggestion.nearest(base, known);
      Diagnostic d =
          Diagnostic.error("form-missing", span, "there is no form or format '" + base + "'");
      throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
    }
    if (!args.isEmpty()) {
      throw new SpecError("form-missing", span, "the format '" + base + "' takes no arguments");
    }
    return format;
  }

  private Scope formScope(
      Item.Form form, Scope defined, List<Term.Arg> args, Scope scope, Span span) {
    Scope inner = defined.inner();
    Map<String, Term> named = named(form, args, span);
    for (Item.Parameter p : form.parameters()) {
      Term term = named.get(p.name());
      if (term == null && p.preset() == null) {
        throw new SpecError(
            Diagnostic.error(
                    "form-missing",
                    span,
                    "the form '" + form.name() + "' needs an argument for '" + p.name() + "'")
                .note(p.span(), "the parameter is here"));
      }
      Value value =
          term != null
              ? binder.argument(term, scope)
              : binder.argument(Objects.requireNonNull(p.preset()), inner);
      inner.put(p.name(), typed(value, p, inner, span));
    }
    return inner;
  }

  private static Map<String, Term> named(Item.Form form, List<Term.Arg> args, Span span) {
    int count = form.parameters().size();
    if (args.size() > count) {
      throw new SpecError(
          Diagnostic.error(
                  "form-missing",
                  span,
                  "the form '"
                      + form.name()
                      + "' takes "
                      + count
                      + " arguments, got "
                      + args.size())
              .note(form.span(), "the form is here"));
    }
    Map<String, Term> named = new HashMap<>();
    for (int i = 0; i < args.size(); i++) {
      switch (args.get(i)) {
        case Term.Arg.Plain(var term) -> named.put(form.parameters().get(i).name(), term);
        case Term.Arg.Named(var name, var term, var at) -> {
          if (form.parameters().stream().noneMatch(p -> p.name().equals(name))) {
            throw new SpecError(
                "form-missing", at, "the form '" + form.name() + "' has no '" + name + "'");
          }
          named.put(name, term);
        }
        case Term.Arg.Over over ->
            throw new SpecError("syntax", over.span(), "expected a plain argument");
      }
    }
    return named;
  }

  private Value typed(Value value, Item.Parameter p, Scope inner, Span span) {
    if (p.type() == null || value instanceof Value.Func || value instanceof Value.Later) {
      return value;
    }
    Type type = binder.type(p.type(), inner);
    return type instanceof Type.Int && value instanceof Value.Num
        ? value
        : new Value.Dyn(binder.convert.coerce(value, type, span));
  }

  // Formats

  /// {@return the checked format}
  private Format format(Item.Format item) {
    Format known = formats.get(item.name());
    if (known == null) {
      known = checked(item);
      formats.put(item.name(), known);
    }
    return known;
  }

  private Format checked(Item.Format item) {
    if (item.length() != 16 && item.length() != 32) {
      throw new SpecError("width", item.span(), "a word has 16 or 32 bits, got " + item.length());
    }
    Findings findings = Findings.collected();
    long seen = 0;
    long ignored = 0;
    List<FieldLayout> fields = new ArrayList<>();
    Map<String, Item.Field> byName = new HashMap<>();
    for (Item.Field f : item.fields()) {
      FieldLayout layout = layout(f, item.length());
      long twice = seen & layout.mask();
      if (twice != 0) {
        findings.add(overlap(item, f, twice));
      }
      Item.Field earlier = f.name().equals("_") ? null : byName.putIfAbsent(f.name(), f);
      if (earlier != null) {
        findings.add(
            Diagnostic.error("name-twice", f.span(), "the field '" + f.name() + "' stands twice")
                .note(earlier.span(), "the first is here"));
      }
      findings.attempt(() -> checkField(f, layout));
      seen |= layout.mask();
      ignored |= f.ignored() ? layout.mask() : 0;
      fields.add(layout);
    }
    long all = (1L << item.length()) - 1;
    if (seen != all) {
      int bit = 63 - Long.numberOfLeadingZeros(all & ~seen);
      findings.add(
          Diagnostic.error(
                  "unused-bits",
                  item.span(),
                  "bit " + bit + " of the format '" + item.name() + "' belongs to no field")
              .help("name it, fix it (_ @" + bit + " = 0) or let it be ignored"));
    }
    findings.orThrow();
    return new Format(item.name(), item.length(), fields, ignored, item.span());
  }

  private static Diagnostic overlap(Item.Format item, Item.Field f, long twice) {
    int bit = Long.numberOfTrailingZeros(twice);
    Diagnostic d =
        Diagnostic.error(
            "field-overlap",
            f.span(),
            "the field '" + f.name() + "' overlaps another one at bit " + bit);
    for (Item.Field other : item.fields()) {
      boolean here =
          !other.equals(f)
              && other.chunks().stream()
                  .anyMatch(c -> c.width() == 0 && c.lo() <= bit && bit <= c.hi());
      if (here) {
        return d.note(other.span(), "'" + other.name() + "' has this bit too");
      }
    }
    return d;
  }

  private void checkField(Item.Field f, FieldLayout layout) {
    if (f.fixed() != null) {
      fits(BigInteger.valueOf(f.fixed()), layout, f.span());
    } else if (f.name().equals("_") && !f.ignored()) {
      throw new SpecError(
          "unused-bits",
          f.span(),
          "these bits have no name and no value",
          "write _ … = 0 or _ … ignored");
    }
    if (f.operandClass() != null) {
      sameWidth(f, layout, classes.of(f.operandClass()), f.span());
    }
  }

  private static void sameWidth(Item.Field f, FieldLayout layout, OperandClass c, Span at) {
    if (c.width() != layout.width()) {
      throw new SpecError(
          "width",
          at,
          "the field '"
              + f.name()
              + "' has "
              + layout.width()
              + " bits, its class '"
              + c.name()
              + "' has "
              + c.width());
    }
  }

  /// {@return the field's bits for a constant}
  private static long fits(BigInteger n, FieldLayout layout, Span at) {
    int width = layout.width();
    boolean fits = Arithmetic.fits(n, Type.bits(width));
    long bits = n.longValue() & (width >= 64 ? -1L : (1L << width) - 1);
    if (!fits) {
      throw new SpecError(
          "literal-fit", at, n + " does not fit the " + width + " bits of '" + layout.name() + "'");
    }
    if (layout.extract(layout.insert(0, bits)) != bits) {
      throw new SpecError("literal-fit", at, "the field '" + layout.name() + "' can not hold " + n);
    }
    return bits;
  }

  private static FieldLayout layout(Item.Field f, int length) {
    List<FieldLayout.Part> parts = new ArrayList<>();
    int width = 0;
    for (Item.Chunk c : f.chunks()) {
      if (c.width() > 0) {
        parts.add(new FieldLayout.Part.Constant(c.constant(), c.width()));
        width += c.width();
      } else if (c.lo() < 0 || c.hi() < c.lo() || c.hi() >= length) {
        throw new SpecError(
            "undef-field",
            f.span(),
            "bits " + c.hi() + ":" + c.lo() + " do not exist in a word of " + length);
      } else {
        parts.add(new FieldLayout.Part.Word(c.hi(), c.lo()));
        width += c.hi() - c.lo() + 1;
      }
    }
    if (width > 32) {
      throw new SpecError(
          "width", f.span(), "a field has at most 32 bits, '" + f.name() + "' has " + width);
    }
    return new FieldLayout(f.name(), parts);
  }

  /// One instruction being read.
  private final class Reading {
    private static final int MOST_SPELLINGS = 4096;

    private final Item.Insn item;
    private final Scope scope;
    private final Layers layers;
    private final Item.Format formatItem;
    private final Format format;
    private final Map<String, Long> fixed = new HashMap<>();
    private final Map<String, OperandClass> classOf = new LinkedHashMap<>();
    private final Map<String, Meanings.FieldOf> fields = new LinkedHashMap<>();
    private final List<Operand> operands = new ArrayList<>();
    private long mask;
    private long match;

    Reading(Item.Insn item, Scope scope, Layers layers, Item.Format formatItem, Format format) {
      this.item = item;
      this.scope = scope;
      this.layers = layers;
      this.formatItem = formatItem;
      this.format = format;
    }

    /// @param targets what a short form may run as, by name; null for what is none
    Instruction instruction(String extension, @Nullable Map<String, Instruction> targets) {
      Findings findings = Findings.collected();
      unknownFields(findings);
      for (int i = 0; i < formatItem.fields().size(); i++) {
        Item.Field f = formatItem.fields().get(i);
        FieldLayout layout = format.fields().get(i);
        findings.attempt(() -> field(f, layout));
      }
      findings.orThrow();
      Template mnemonic = mnemonic();
      String name = plain(item.name());
      List<Template> templates = templates();
      everyOperandIsWritten(mnemonic, templates);
      Meanings meanings =
          new Meanings(defs, machine, layers, fields, operands, name, item.nameSpan(), item.span());
      Encoding encoding = new Encoding(format.length(), mask, match);
      Instruction.Text text =
          new Instruction.Text(
              name, mnemonic, templates, intrinsic(name), layers.doc, item.nameSpan());
      ShortForm shortForm = targets == null ? null : ShortForm.of(meanings, operands, targets);
      return new Instruction(
          text,
          extension,
          format,
          encoding,
          operands,
          new Instruction.Words(meanings.wordCondition(), meanings.hintCondition()),
          shortForm == null ? meanings : shortForm,
          shortForm == null ? null : shortForm.expansion());
    }

    private void unknownFields(Findings findings) {
      Map<String, Span> named = new LinkedHashMap<>();
      layers.values.forEach((field, in) -> named.put(field, in.section().span()));
      layers.classes.forEach((field, in) -> named.putIfAbsent(field, in.section().span()));
      named.forEach((field, at) -> {
        if (format.field(field) == null) {
          findings.add(unknownField(field, at));
        }
      });
    }

    private Diagnostic unknownField(String field, Span at) {
      String near =
          Suggestion.nearest(field, format.fields().stream().map(FieldLayout::name).toList());
      Diagnostic d =
          Diagnostic.error(
                  "undef-field",
                  at,
                  "the format '" + format.name() + "' has no field '" + field + "'")
              .note(format.span(), "the format is here");
      return near == null ? d : d.help("did you mean '" + near + "'?");
    }

    private void field(Item.Field f, FieldLayout layout) {
      Long value = f.fixed() != null ? f.fixed() : encoded(f, layout);
      if (value != null) {
        fix(f, layout, value);
      } else if (!f.name().equals("_")) {
        OperandClass c = operandClass(f, layout);
        classOf.put(f.name(), c);
        operands.add(new Operand(layout, c));
        fields.put(f.name(), new Meanings.FieldOf(valueType(c), null));
      }
    }

    private void fix(Item.Field f, FieldLayout layout, long value) {
      mask |= layout.mask();
      match = layout.insert(match, value);
      if (f.name().equals("_")) {
        return;
      }
      fixed.put(f.name(), value);
      boolean classed = f.operandClass() != null || layers.classes.containsKey(f.name());
      OperandClass c = classed ? operandClass(f, layout) : OperandClasses.bare(layout.width());
      classOf.put(f.name(), c);
      long meant = c.fromField(value);
      if (c.file() != null && meant < 0) {
        throw new SpecError(
            "literal-fit", item.nameSpan(), value + " names no register of " + c.file());
      }
      fields.put(f.name(), new Meanings.FieldOf(valueType(c), BigInteger.valueOf(meant)));
    }

    private @Nullable Long encoded(Item.Field f, FieldLayout layout) {
      Layers.In<Section.EncPart> in = layers.values.get(f.name());
      if (in == null) {
        return null;
      }
      Value.Num n = binder.constant(Objects.requireNonNull(in.section().value()), in.scope());
      if (!n.whole()) {
        throw new SpecError(
            "literal-fit", in.section().span(), "expected a whole number, got " + n);
      }
      return fits(n.numerator(), layout, in.section().span());
    }

    private OperandClass operandClass(Item.Field f, FieldLayout layout) {
      Layers.In<Section.EncPart> override = layers.classes.get(f.name());
      if (override != null) {
        Section.EncPart part = override.section();
        OperandClass c = classes.named(Objects.requireNonNull(part.operandClass()), part.span());
        sameWidth(f, layout, c, part.span());
        return stepped(c, layout);
      }
      return f.operandClass() == null
          ? OperandClasses.bare(layout.width())
          : stepped(classes.of(f.operandClass()), layout);
    }

    /// Where the low bits of a field are always 0, its values are multiples.
    private static OperandClass stepped(OperandClass c, FieldLayout layout) {
      int zeros = 0;
      for (FieldLayout.Part part : layout.parts().reversed()) {
        if (!(part instanceof FieldLayout.Part.Constant(var value, var width)) || value != 0) {
          break;
        }
        zeros += width;
      }
      return c.step() % (1L << zeros) == 0 ? c : c.step(1L << zeros);
    }

    private static Type valueType(OperandClass c) {
      if (c.file() != null) {
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, c.file().count() - 1));
        return Type.uint(Math.max(c.width(), bits));
      }
      return c.signed() ? Type.sint(c.width()) : Type.uint(c.width());
    }

    // Texts

    private Template mnemonic() {
      Holed holed = layers.mnemonic != null ? layers.mnemonic.section().name() : item.name();
      Scope in = layers.mnemonic != null ? layers.mnemonic.scope() : scope;
      Template template = template(holed, in);
      long spellings = 1;
      for (String hole : template.holes()) {
        OperandClass c = classOf.get(hole);
        if (c == null || !c.finite()) {
          throw new SpecError(
              "operand-missing",
              holed.span(),
              "only an operand with finitely many texts can be a suffix, '" + hole + "' is none");
        }
        spellings *= suffixes(c, holed.span());
      }
      if (spellings > MOST_SPELLINGS) {
        throw new SpecError("too-large", holed.span(), "this name has too many spellings");
      }
      StringBuilder plain = new StringBuilder();
      for (Template.Piece piece : template.pieces()) {
        if (piece instanceof Template.Piece.Text(var text)) {
          plain.append(text);
        }
      }
      wellFormed(plain.toString(), holed.span());
      return template;
    }

    private static int suffixes(OperandClass c, Span span) {
      if (c.readings().getFirst() instanceof OperandClass.Reading.Texts(var texts)) {
        for (OperandClass.Text t : texts) {
          if (!t.text().matches("[A-Za-z0-9_.]*")) {
            throw new SpecError(
                "syntax", span, "the text \"" + t.text() + "\" can not be a part of a name");
          }
        }
        return texts.size();
      }
      return 1;
    }

    private static void wellFormed(String name, Span span) {
      if (!name.matches("[A-Za-z][A-Za-z0-9_.]{0,63}")) {
        throw new SpecError(
            "syntax",
            span,
            "'" + name + "' is no name of an instruction",
            "letters, digits, dots and underscores, at most 64");
      }
    }

    /// The instruction's own name: columns filled, suffix holes left out.
    private String plain(Holed holed) {
      StringBuilder out = new StringBuilder();
      for (Template.Piece piece : template(holed, scope).pieces()) {
        if (piece instanceof Template.Piece.Text(var text)) {
          out.append(text);
        }
      }
      wellFormed(out.toString(), item.nameSpan());
      return out.toString();
    }

    private List<Template> templates() {
      if (layers.asm == null) {
        throw new SpecError(
            "form-missing",
            item.nameSpan(),
            "'" + item.name().raw() + "' has no `asm`",
            "say how it is written: asm \"{rd}, {rs1}\";");
      }
      Scope in = layers.asm.scope();
      return layers.asm.section().templates().stream().map(t -> template(t, in)).toList();
    }

    /// A hole that names a column is filled first, the others are operands; a text cell is spliced
    /// in before the template is read.
    private Template template(Holed holed, Scope in) {
      List<Template.Piece> pieces = new ArrayList<>();
      for (Holed.Piece piece : holed.pieces()) {
        switch (piece) {
          case Holed.Piece.Chars(var text) -> text(text, pieces);
          case Holed.Piece.Hole(var raw, var term) -> hole(raw, term, in, holed.span(), pieces);
        }
      }
      return new Template(pieces);
    }

    private void hole(String raw, Term term, Scope in, Span span, List<Template.Piece> pieces) {
      boolean name = term instanceof Term.Name;
      if (!name || in.get(raw) != null) {
        splice(binder.shown(binder.bind(term, in, null), span), span, pieces);
      } else if (fixed.containsKey(raw)) {
        OperandClass c = Objects.requireNonNull(classOf.get(raw));
        text(Objects.requireNonNull(OperandClasses.print(c, fixed.get(raw))), pieces);
      } else if (classOf.containsKey(raw)) {
        pieces.add(new Template.Piece.Hole(raw));
      } else if (defs.get(raw, binder) instanceof Value.Num n) {
        text(n.toString(), pieces);
      } else {
        String near = Suggestion.nearest(raw, classOf.keySet());
        Diagnostic d =
            Diagnostic.error(
                "undef-field",
                span,
                "the hole {" + raw + "} names no field of '" + format.name() + "'");
        throw new SpecError(near == null ? d : d.help("did you mean {" + near + "}?"));
      }
    }

    private void splice(String text, Span span, List<Template.Piece> pieces) {
      int done = 0;
      for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', done)) {
        int close = text.indexOf('}', open);
        if (close < 0) {
          break;
        }
        text(text.substring(done, open), pieces);
        String raw = text.substring(open + 1, close);
        hole(raw, new Term.Name(raw, span), Scope.closed(), span, pieces);
        done = close + 1;
      }
      text(text.substring(done), pieces);
    }

    private static void text(String text, List<Template.Piece> pieces) {
      if (text.isEmpty()) {
        return;
      }
      if (!pieces.isEmpty() && pieces.getLast() instanceof Template.Piece.Text(var before)) {
        pieces.set(pieces.size() - 1, new Template.Piece.Text(before + text));
      } else {
        pieces.add(new Template.Piece.Text(text));
      }
    }

    private void everyOperandIsWritten(Template mnemonic, List<Template> templates) {
      Set<String> written = new HashSet<>(mnemonic.holes());
      templates.forEach(t -> written.addAll(t.holes()));
      Findings findings = Findings.collected();
      for (Operand operand : operands) {
        boolean ignored = (operand.field().mask() & format.ignored()) != 0;
        if (!written.contains(operand.name()) && !ignored) {
          findings.add(
              Diagnostic.error(
                      "operand-missing",
                      item.nameSpan(),
                      "nothing says the field '"
                          + operand.name()
                          + "' of '"
                          + item.name().raw()
                          + "'")
                  .help("write {" + operand.name() + "} in `asm`, or fix it in `enc`"));
        }
      }
      findings.orThrow();
    }

    private @Nullable String intrinsic(String name) {
      if (layers.intrinsic == null) {
        return null;
      }
      StringBuilder out = new StringBuilder();
      for (Holed.Piece piece : layers.intrinsic.section().prototype().pieces()) {
        switch (piece) {
          case Holed.Piece.Chars(var text) -> out.append(text);
          case Holed.Piece.Hole(var raw, _) ->
              out.append(raw.equals("name") ? name.replace('.', '_') : raw);
        }
      }
      return out.toString();
    }
  }
}
