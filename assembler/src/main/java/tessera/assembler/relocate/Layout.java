package tessera.assembler.relocate;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tessera.elf.Symbol;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;

/// Gives every fragment its address: branches start as short as they can be and grow until all
/// reach, as GNU as does it. Branches only ever grow, so this ends.
public final class Layout {
  private static final int MOST_PASSES = 200;

  private final Program program;
  private final Diagnostics diagnostics;
  private final Evaluation late = Evaluation.late();

  private Layout(Program program) {
    this.program = program;
    this.diagnostics = program.diagnostics();
  }

  /// Lays a program out; what it finds wrong is added to the program's diagnostics.
  public static void run(Program program) {
    new Layout(program).run();
  }

  private void run() {
    for (AsmSection section : program.sections()) {
      padCode(section);
    }
    boolean changed = true;
    for (int pass = 0; changed && pass < MOST_PASSES; pass++) {
      changed = pass();
    }
    if (changed) {
      diagnostics.add(
          Diagnostic.error(
              "layout-unstable", null, "the sizes of this program depend on each other"));
    }
    program.sections().forEach(program::mapPadding);
    complain();
  }

  /// GNU as fills a code section up to its alignment.
  private void padCode(AsmSection section) {
    List<Fragment> fragments = section.fragments();
    boolean empty = fragments.stream().allMatch(f -> f.fixed() && f.size() == 0);
    if (section.isCode() && !empty && section.alignment() > 0) {
      section.lastPart().add(program.codePadding(section));
    }
  }

  private boolean pass() {
    boolean changed = false;
    for (AsmSection section : program.sections()) {
      changed |= place(section);
    }
    for (AsmSection section : program.sections()) {
      for (Fragment fragment : section.fragments()) {
        changed |= fit(fragment);
      }
    }
    return changed;
  }

  private static boolean place(AsmSection section) {
    boolean changed = false;
    long address = 0;
    for (Fragment fragment : section.fragments()) {
      changed |= fragment.address() != address;
      fragment.address(address);
      if (fragment instanceof Fragment.Alignment alignment) {
        alignment.fit();
      }
      address += fragment.size();
    }
    changed |= section.size() != address;
    section.size(address);
    return changed;
  }

  private boolean fit(Fragment fragment) {
    long before = fragment.size();
    switch (fragment) {
      case Fragment.Branch branch -> branch.choose(form(branch));
      case Fragment.Repeat repeat -> {
        if (!repeat.fixed()) {
          repeat.resize(
              Math.clamp(late.number(repeat.count()).orElse(0), 0, Program.MOST_BYTES)
                  * repeat.pattern().bytes());
        }
      }
      case Fragment.Origin origin -> {
        Long target = target(origin);
        origin.resize(
            target == null ? 0 : Math.clamp(target - origin.address(), 0, Program.MOST_BYTES));
      }
      case Fragment.Leb leb -> leb.encode(late.number(leb.value()).orElse(0));
      case Fragment.Advance advance ->
          advance.encode(late.distance(advance.from(), advance.to()).orElse(0));
      case Fragment.LineAdvance advance ->
          advance.fit(late.distance(advance.from(), advance.to()).orElse(0));
      case Fragment.Data _, Fragment.Alignment _ -> {}
    }
    return fragment.size() != before;
  }

  /// The first form, not before the one chosen so far, that reaches the target.
  private int form(Fragment.Branch branch) {
    int last = branch.forms().size() - 1;
    OptionalLong distance = distance(branch);
    for (int i = branch.chosen(); i < last; i++) {
      if (distance.isPresent() && fits(distance.getAsLong(), branch.forms().get(i).reach())) {
        return i;
      }
    }
    return last;
  }

  static boolean fits(long distance, int bits) {
    return bits >= 64 || distance >= -(1L << (bits - 1)) && distance < 1L << (bits - 1);
  }

  /// The distance from a branch to its target, if no other file has a say in it.
  private OptionalLong distance(Fragment.Branch branch) {
    if (!(late.value(branch.target()) instanceof Value.Sum sum)
        || sum.plus() == null
        || sum.minus() != null
        || sum.plus().binding() == Symbol.Binding.WEAK) {
      return OptionalLong.empty();
    }
    Evaluation.Place place = late.place(sum.plus());
    return place == null || place.section() != branch.section()
        ? OptionalLong.empty()
        : OptionalLong.of(place.address() + sum.addend() - branch.address());
  }

  /// The offset that `.org` goes to: a number, or a place in its own section.
  private @Nullable Long target(Fragment.Origin origin) {
    if (!(late.value(origin.target()) instanceof Value.Sum sum) || sum.minus() != null) {
      return null;
    }
    if (sum.plus() == null) {
      return sum.addend();
    }
    Evaluation.Place place = late.place(sum.plus());
    return place == null || place.section() != origin.section()
        ? null
        : Long.valueOf(place.address() + sum.addend());
  }

  private void complain() {
    List<Fragment> all = new ArrayList<>();
    program.sections().forEach(s -> all.addAll(s.fragments()));
    for (Fragment fragment : all) {
      switch (fragment) {
        case Fragment.Repeat repeat -> complainCount(repeat);
        case Fragment.Origin origin -> complainOrigin(origin);
        case Fragment.Leb leb -> require(leb.value(), leb.span());
        case Fragment.Data _,
            Fragment.Alignment _,
            Fragment.Branch _,
            Fragment.Advance _,
            Fragment.LineAdvance _ -> {}
      }
    }
  }

  private void complainCount(Fragment.Repeat repeat) {
    if (repeat.fixed() || !require(repeat.count(), repeat.span())) {
      return;
    }
    long count = late.number(repeat.count()).orElse(0);
    if (count < 0 || count > Program.MOST_BYTES) {
      diagnostics.add(
          Diagnostic.error("too-large", repeat.span(), "a count of " + count + " bytes"));
    }
  }

  private void complainOrigin(Fragment.Origin origin) {
    Long target = target(origin);
    if (target == null) {
      diagnostics.add(
          Diagnostic.error(
              "absolute-expression",
              origin.span(),
              ".org wants a number or a place in this section"));
    } else if (target < origin.address() || target - origin.address() > Program.MOST_BYTES) {
      diagnostics.add(
          Diagnostic.error(
              "org-backwards",
              origin.span(),
              String.format(
                  ".org to 0x%x, but 0x%x bytes are there already", target, origin.address())));
    }
  }

  private boolean require(Expression value, @Nullable Span at) {
    if (late.number(value).isPresent()) {
      return true;
    }
    String reason =
        late.value(value) instanceof Value.Bad(var why) ? why : "the value is not a plain number";
    diagnostics.add(Diagnostic.error("absolute-expression", at, reason));
    return false;
  }
}
