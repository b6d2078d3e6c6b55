package tessera.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tessera.conformance.dut.Dut;
import tessera.conformance.dut.InProcess;
import tessera.emulator.Reference;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;

/// Makes a case on which a device differs smaller: one instruction where that is enough, and as
/// much of the state zero as can be.
///
/// Candidates are tried in batches, since a foreign device costs a process each.
public final class Shrinker {
  private static final int ROUNDS = 6;
  private static final int MOST = 4_000;
  private static final List<String> CONFIGURATION = List.of("vtype", "vl", "vstart");

  private final Isa isa;
  private final Dut evaluator;
  private final Dut device;
  private final Predicate<Differential.Finding> waived;

  private Shrinker(Isa isa, Dut device, Predicate<Differential.Finding> waived) {
    this.isa = isa;
    this.evaluator = InProcess.of("evaluator", isa, () -> Reference.of(isa));
    this.device = device;
    this.waived = waived;
  }

  /// {@return a shrinker of cases on which `device` differs from the plain evaluator}
  ///
  /// @param waived what a case must not become
  public static Shrinker of(Isa isa, Dut device, Predicate<Differential.Finding> waived) {
    return new Shrinker(isa, device, waived);
  }

  /// {@return the first instruction that differs, alone in the state before it; the shortest
  /// beginning of the case where it needs those before it}
  public Differential.Finding isolate(Differential.Finding finding) {
    return isolate(List.of(finding)).getFirst();
  }

  /// {@return each isolated, all in as few runs of the device as one}
  public List<Differential.Finding> isolate(List<Differential.Finding> findings) {
    List<List<Case>> beginnings = findings.stream().map(f -> beginnings(f.given())).toList();
    List<Tried> tried = tryAll(beginnings.stream().flatMap(List::stream).toList());
    List<Differential.Finding> isolated = new ArrayList<>(findings);
    List<Case> alone = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < findings.size(); i++) {
      List<Tried> own = tried.subList(from, from + beginnings.get(i).size());
      from += own.size();
      int first = first(own);
      if (first >= 0) {
        isolated.set(i, finding(own.get(first)));
      }
      Case single = first > 0 ? alone(own.get(first - 1), findings.get(i).given()) : null;
      if (single != null) {
        alone.add(single);
        owners.add(i);
      }
    }
    List<Tried> singles = tryAll(alone);
    for (int i = 0; i < singles.size(); i++) {
      if (!singles.get(i).rows().isEmpty()) {
        isolated.set(owners.get(i), finding(singles.get(i)));
      }
    }
    return isolated;
  }

  private static int first(List<Tried> beginnings) {
    for (int k = 0; k < beginnings.size(); k++) {
      if (!beginnings.get(k).rows().isEmpty()) {
        return k;
      }
    }
    return -1;
  }

  private static List<Case> beginnings(Case given) {
    List<Case> beginnings = new ArrayList<>();
    for (Case.Placed word : given.words()) {
      int length = word.at() + (word.at() + 2 == given.code().length ? 2 : length(word));
      beginnings.add(given.with(Arrays.copyOf(given.code(), length)));
    }
    return beginnings;
  }

  private static int length(Case.Placed word) {
    return tessera.isaspec.encoding.Decoder.length(word.word());
  }

  /// The instruction that follows a beginning, from the state which that leaves.
  private static @Nullable Case alone(Tried beginning, Case given) {
    if (!(beginning.expected() instanceof Outcome.Stopped stopped)) {
      return null;
    }
    Snapshot state = stopped.after();
    long at = state.pc() - beginning.given().before().pc();
    for (Case.Placed word : given.words()) {
      if (word.at() == at) {
        return Case.of(state, Case.code(List.of(word.word())));
      }
    }
    return null;
  }

  private Differential.Finding finding(Tried tried) {
    return new Differential.Finding(device, tried.given(), tried.expected(), tried.rows());
  }

  /// A case with what came of it.
  private record Tried(Case given, Outcome expected, List<Differences.Row> rows) {}

  private List<Tried> tryAll(List<Case> candidates) {
    List<Tried> tried = new ArrayList<>();
    for (int from = 0; from < candidates.size(); from += MOST) {
      tried.addAll(tryBatch(candidates.subList(from, Math.min(candidates.size(), from + MOST))));
    }
    return tried;
  }

  private List<Tried> tryBatch(List<Case> candidates) {
    List<Case> placed = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      placed.add(candidates.get(i).at(Places.code(i)));
    }
    List<Outcome> expected = evaluator.run(placed);
    List<Outcome> actual = device.run(placed);
    List<Tried> tried = new ArrayList<>();
    for (int i = 0; i < placed.size(); i++) {
      List<Differences.Row> rows =
          isNoCase(placed.get(i), expected.get(i))
              ? List.of()
              : Differences.between(
                  placed.get(i), expected.get(i), actual.get(i), device.visible());
      tried.add(new Tried(placed.get(i), expected.get(i), rows));
    }
    return tried;
  }

  /// Whether it does not end, or only where other cases' code lies.
  private static boolean isNoCase(Case given, Outcome expected) {
    if (!(expected instanceof Outcome.Stopped stopped)) {
      return true;
    }
    long at = stopped.after().pc() - given.before().pc();
    return !stopped.trap().equals("access_fault") && (at < 0 || at >= Places.SLOT);
  }

  // ------------------------------------------------------------------ less state, fewer words

  /// {@return a case that differs in the same way and has less in it}
  public Differential.Finding shrink(Differential.Finding finding) {
    Differential.Finding best = finding;
    for (int round = 0; round < ROUNDS; round++) {
      Differential.Finding less = pass(best);
      if (Objects.equals(less, best)) {
        break;
      }
      best = less;
    }
    return best;
  }

  private Differential.Finding pass(Differential.Finding finding) {
    Case given = finding.given();
    List<Case> candidates = new ArrayList<>(withoutOneWord(given));
    int words = candidates.size();
    List<Consumer<Snapshot>> changes = simplifications(given.before());
    changes.forEach(change -> candidates.add(changed(given, List.of(change))));
    if (candidates.isEmpty()) {
      return finding;
    }
    List<Tried> tried = tryAll(candidates);
    for (int i = 0; i < words; i++) {
      if (isLike(finding, tried.get(i))) {
        return finding(tried.get(i));
      }
    }
    List<Consumer<Snapshot>> good = new ArrayList<>();
    for (int i = words; i < tried.size(); i++) {
      if (isLike(finding, tried.get(i))) {
        good.add(changes.get(i - words));
      }
    }
    return good.isEmpty() ? finding : together(finding, good);
  }

  /// As many of the changes at once as keep the difference.
  private Differential.Finding together(
      Differential.Finding finding, List<Consumer<Snapshot>> good) {
    List<Case> candidates = new ArrayList<>();
    for (int n = good.size(); n > 0; n = n > 4 ? n / 2 : n - 1) {
      candidates.add(changed(finding.given(), good.subList(0, n)));
    }
    for (Tried tried : tryAll(candidates)) {
      if (isLike(finding, tried)) {
        return finding(tried);
      }
    }
    return finding;
  }

  /// Whether the same kind of thing differs: a trap, the device itself, or a result.
  private boolean isLike(Differential.Finding finding, Tried tried) {
    return !tried.rows().isEmpty()
        && kind(finding.rows()).equals(kind(tried.rows()))
        && !waived.test(finding(tried));
  }

  private static String kind(List<Differences.Row> rows) {
    Differences.Row first = rows.getFirst();
    return switch (first.what()) {
      case "trap" -> "trap " + first.expected() + " " + first.actual();
      case "device" -> "device";
      default -> "result";
    };
  }

  private static List<Case> withoutOneWord(Case given) {
    List<Case.Placed> words = given.words();
    List<Case> shorter = new ArrayList<>();
    for (int i = 0; words.size() > 1 && i < words.size(); i++) {
      List<Long> rest = new ArrayList<>();
      for (int k = 0; k < words.size(); k++) {
        if (k != i) {
          rest.add(words.get(k).word());
        }
      }
      shorter.add(given.with(Case.code(rest)));
    }
    return shorter;
  }

  private static Case changed(Case given, List<Consumer<Snapshot>> changes) {
    Snapshot state = given.before().copy();
    changes.forEach(c -> c.accept(state));
    return given.with(state);
  }

  private List<Consumer<Snapshot>> simplifications(Snapshot before) {
    List<Consumer<Snapshot>> all = new ArrayList<>();
    for (RegisterFile file : device.visible().files()) {
      if (file.count() == 1) {
        continue;
      }
      for (int r = 0; r < file.count(); r++) {
        int register = r;
        if (file.width() <= 64) {
          if (before.narrow(file)[r] != 0) {
            all.add(s -> s.narrow(file)[register] = 0);
          }
        } else {
          wide(file, before, r, all);
        }
      }
    }
    for (Csr csr : device.visible().csrs()) {
      // With another configuration it would be another case.
      boolean kept = csr.name().startsWith("m") || CONFIGURATION.contains(csr.name());
      if (before.csr(csr) != 0 && !kept) {
        all.add(s -> s.csr(csr, 0));
        all.add(s -> s.csr(csr, s.csr(csr) & s.csr(csr) - 1));
      }
    }
    if (!Arrays.equals(before.arena(), new byte[Places.ARENA_BYTES])) {
      all.add(s -> s.arena(new byte[Places.ARENA_BYTES]));
    }
    return all;
  }

  private static void wide(
      RegisterFile file, Snapshot before, int r, List<Consumer<Snapshot>> all) {
    int bytes = file.width() / 8;
    int from = r * bytes;
    byte[] held = before.wide(file);
    boolean zero = true;
    for (int i = from; i < from + bytes; i++) {
      zero &= held[i] == 0;
    }
    if (!zero) {
      all.add(s -> Arrays.fill(s.wide(file), from, from + bytes, (byte) 0));
    }
  }

  public Isa isa() {
    return isa;
  }
}
