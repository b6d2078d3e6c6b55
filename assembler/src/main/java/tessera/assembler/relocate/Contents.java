package tessera.assembler.relocate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.elf.RelocationType;
import tessera.elf.Symbol;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.FieldLayout;

/// The bytes of a section that is laid out, and what a linker still has to fill in.
final class Contents {

  /// A relocation of a symbol that has no number yet.
  record Entry(long offset, RelocationType type, @Nullable AsmSymbol symbol, long addend) {
    void addTo(Collection<AsmSymbol> symbols) {
      if (symbol != null) {
        symbols.add(symbol);
      }
    }
  }

  /// The canonical C.NOP (unprivileged manual, "C.NOP").
  private static final long SHORT_NOP = 1;

  private final AsmSection section;
  private final boolean relax;
  private final Diagnostics diagnostics;
  private final Evaluation late = Evaluation.late();
  private final byte[] bytes;
  private final List<Entry> relocations = new ArrayList<>();
  private final List<@Nullable Span> spans = new ArrayList<>();

  private Contents(AsmSection section, Program program) {
    this.section = section;
    this.relax = program.relax();
    this.diagnostics = program.diagnostics();
    this.bytes = new byte[section.isZeros() ? 0 : Math.toIntExact(section.size())];
  }

  /// {@return the contents of a section that is laid out}
  static Contents of(AsmSection section, Program program) {
    Contents contents = new Contents(section, program);
    if (!section.isZeros()) {
      section.fragments().forEach(contents::write);
    }
    return contents;
  }

  AsmSection section() {
    return section;
  }

  byte[] bytes() {
    return bytes;
  }

  List<Entry> relocations() {
    return relocations;
  }

  List<@Nullable Span> spans() {
    return spans;
  }

  private void write(Fragment fragment) {
    int at = Math.toIntExact(fragment.address());
    switch (fragment) {
      case Fragment.Data data -> {
        byte[] from = data.bytes();
        System.arraycopy(from, 0, bytes, at, from.length);
        data.fixups().forEach(f -> apply(f, at + f.offset()));
      }
      case Fragment.Branch branch -> branch(branch, at);
      case Fragment.Alignment alignment -> pad(alignment.padding(), at, alignment.size());
      case Fragment.Repeat repeat -> fill(repeat.pattern(), at, repeat.size());
      case Fragment.Origin origin ->
          fill(new Fragment.Padding.Fill(origin.fill(), 1), at, origin.size());
      case Fragment.Advance advance -> advance(advance, at);
      case Fragment.LineAdvance advance -> lineAdvance(advance, at);
      case Fragment.Leb leb -> System.arraycopy(leb.bytes(), 0, bytes, at, leb.bytes().length);
    }
  }

  private void advance(Fragment.Advance advance, int at) {
    byte[] from = advance.bytes();
    System.arraycopy(from, 0, bytes, at, from.length);
    RelocationType set = advance.known() ? null : FrameTable.set(from.length);
    if (set != null) {
      int place = from.length == 1 ? at : at + 1;
      relate(place, set, advance.to(), 0, null);
      relate(place, FrameTable.subtract(from.length), advance.from(), 0, null);
    }
  }

  private void lineAdvance(Fragment.LineAdvance advance, int at) {
    byte[] from = advance.bytes();
    System.arraycopy(from, 0, bytes, at, from.length);
    if (from.length > 3) {
      relate(at + 3, RelocationType.R64, advance.to(), 0, null);
    } else {
      relate(at + 1, RelocationType.ADD16, advance.to(), 0, null);
      relate(at + 1, RelocationType.SUB16, advance.from(), 0, null);
    }
  }

  private void put(int at, long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >> 8 * i);
    }
  }

  private long get(int at, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xff;
    }
    return value;
  }

  private void pad(Fragment.Padding padding, int at, long size) {
    switch (padding) {
      case Fragment.Padding.Fill fill -> fill(fill, at, size);
      case Fragment.Padding.Nops(var nop) -> {
        if (!relax) {
          nops(nop, at, at + Math.toIntExact(size));
        }
      }
    }
  }

  private void nops(long nop, int at, int to) {
    int from = to - (to - at) / 4 * 4;
    if (from - at >= 2) {
      put(from - 2, SHORT_NOP, 2);
    }
    for (int i = from; i < to; i += 4) {
      put(i, nop, 4);
    }
  }

  /// A pattern that does not divide the size leaves zeros before the first one.
  private void fill(Fragment.Padding.Fill fill, int at, long size) {
    int to = at + Math.toIntExact(size);
    for (int i = to - fill.bytes(); i >= at && fill.value() != 0; i -= fill.bytes()) {
      put(i, fill.value(), fill.bytes());
    }
  }

  private void relate(
      int at, RelocationType type, @Nullable AsmSymbol symbol, long addend, @Nullable Span span) {
    if (symbol != null) {
      symbol.relate();
    }
    relocations.add(new Entry(at, type, symbol, addend));
    spans.add(span);
  }

  private void apply(Fixup fixup, int at) {
    switch (fixup.kind()) {
      case Fixup.Kind.Mark(var type) ->
          relate(at, type, null, number(fixup.target()), fixup.span());
      case Fixup.Kind.Number(var size) -> number(fixup, size, at);
      case Fixup.Kind.Relative() -> relative(fixup, at);
      case Fixup.Kind.Field field -> field(fixup, field, at);
    }
  }

  private long number(Expression target) {
    return late.number(target).orElseThrow(() -> new AssertionError(target));
  }

  private Value.@Nullable Sum sum(Expression target, @Nullable Span span) {
    return switch (late.value(target)) {
      case Value.Sum sum -> sum;
      case Value.Bad(var reason) -> {
        diagnostics.add(Diagnostic.error("bad-expression", span, reason));
        yield null;
      }
    };
  }

  // Data

  private void number(Fixup fixup, int size, int at) {
    Value.Sum sum = sum(fixup.target(), fixup.span());
    if (sum == null) {
      return;
    }
    AsmSymbol plus = sum.plus();
    AsmSymbol minus = sum.minus();
    if (plus != null && minus != null) {
      difference(fixup, plus, minus, sum.addend(), size, at);
    } else if (plus != null) {
      address(fixup, plus, sum.addend(), size, at);
    } else if (minus != null) {
      diagnostics.add(
          Diagnostic.error(
              "no-relocation",
              fixup.span(),
              "no relocation can say a number minus the address of '" + minus.name() + "'"));
    } else {
      Numbers.warnTruncated(sum.addend(), size, fixup.span(), diagnostics);
      put(at, sum.addend(), size);
    }
  }

  /// A distance from its own place, in 4 bytes.
  private void relative(Fixup fixup, int at) {
    Value.Sum sum = sum(fixup.target(), fixup.span());
    if (sum != null && sum.minus() == null) {
      relate(at, RelocationType.R32_PCREL, sum.plus(), sum.addend(), fixup.span());
    } else if (sum != null) {
      diagnostics.add(
          Diagnostic.error(
              "no-relocation", fixup.span(), "a target is a place, not a difference of places"));
    }
  }

  private void address(Fixup fixup, AsmSymbol symbol, long addend, int size, int at) {
    RelocationType type = Numbers.address(size);
    if (type == null) {
      diagnostics.add(
          Diagnostic.error(
              "no-relocation",
              fixup.span(),
              "an address does not fit "
                  + size
                  + " bytes, and no relocation can say its low part"));
    } else {
      relate(at, type, symbol, addend, fixup.span());
    }
  }

  /// A linker may still move code, so only distances in data are numbers already.
  private void difference(
      Fixup fixup, AsmSymbol plus, AsmSymbol minus, long addend, int size, int at) {
    Evaluation.Place place = late.place(plus);
    var distance = late.distance(minus, plus);
    if (distance.isPresent() && place != null && !place.section().isCode()) {
      long value = distance.getAsLong() + addend;
      Numbers.warnTruncated(value, size, fixup.span(), diagnostics);
      put(at, value, size);
    } else {
      relate(at, Numbers.add(size), plus, addend, fixup.span());
      relate(at, Numbers.subtract(size), minus, 0, fixup.span());
    }
  }

  // Instructions

  private void field(Fixup fixup, Fixup.Kind.Field kind, int at) {
    Value.Sum sum = sum(fixup.target(), fixup.span());
    if (sum == null) {
      return;
    }
    if (sum.minus() != null) {
      diagnostics.add(
          Diagnostic.error(
              "no-relocation", fixup.span(), "no relocation can say this difference of symbols"));
      return;
    }
    long part = Functions.part(kind.type(), sum.addend());
    put(at, kind.layout().insert(get(at, kind.length()), part), kind.length());
    if (sum.plus() == null && Functions.isAbsolute(kind.type())) {
      return;
    }
    if (sum.plus() != null && Functions.isThreadLocal(kind.type())) {
      sum.plus().type(Symbol.Type.TLS);
    }
    relate(at, kind.type(), sum.plus(), sum.addend(), fixup.span());
    if (fixup.relax() && sum.plus() != null && Functions.mayRelax(kind.type())) {
      // GNU as writes the addend here as well, and linkers ignore it.
      relate(at, RelocationType.RELAX, null, sum.addend(), fixup.span());
    }
  }

  private void branch(Fragment.Branch branch, int start) {
    int at = start;
    for (Fragment.Branch.Step step : branch.form().steps()) {
      put(at, step.word(), step.bytes());
      FieldLayout field = step.field();
      if (field != null) {
        target(branch, step, field, at);
      }
      at += step.bytes();
    }
  }

  private void target(
      Fragment.Branch branch, Fragment.Branch.Step step, FieldLayout field, int at) {
    Value.Sum sum = sum(branch.target(), branch.span());
    if (sum == null) {
      return;
    }
    AsmSymbol symbol = sum.plus();
    if (sum.minus() != null) {
      diagnostics.add(
          Diagnostic.error(
              "no-relocation", branch.span(), "a target is a place, not a difference of places"));
      return;
    }
    Evaluation.Place place = symbol == null ? null : late.place(symbol);
    boolean here = place != null && place.section() == section;
    if (step.type() == null && !here) {
      diagnostics.add(
          Diagnostic.error(
              "no-relocation",
              branch.span(),
              "no relocation exists for this operand, so its target must lie in this section"));
      return;
    }
    if (symbol != null) {
      // For a reader of the bytes, as GNU as does it: the linker fills the field in again.
      long distance = (place == null ? 0 : place.address()) + sum.addend() - at;
      check(branch, step, field, distance, here);
      put(at, field.insert(get(at, step.bytes()), distance), step.bytes());
    }
    if (step.type() != null) {
      relate(at, step.type(), symbol, sum.addend(), branch.span());
    }
  }

  private void check(
      Fragment.Branch branch,
      Fragment.Branch.Step step,
      FieldLayout field,
      long distance,
      boolean here) {
    if (here && (step.type() == null) && !Layout.fits(distance, field.width())) {
      diagnostics.add(
          Diagnostic.error(
              "target-range",
              branch.span(),
              "the target is " + distance + " bytes away, out of reach for this operand"));
    }
  }
}
