package tessera.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import tessera.conformance.dut.Dut;

/// Compares devices with the plain evaluator on random cases, batch by batch.
public final class Differential {
  /// A case on which a device differs.
  ///
  /// @param rows what differs
  public record Finding(Dut device, Case given, Outcome expected, List<Differences.Row> rows) {}

  /// What has been done so far.
  ///
  /// @param cases the number of cases
  /// @param findings what differs, of the last batch
  public record Progress(long cases, List<Finding> findings) {}

  /// A device, and how many of the cases it gets.
  ///
  /// @param oneIn 1: all of them, 8: one in eight
  public record Lane(Dut device, int oneIn) {}

  private final Generator generator;
  private final List<Lane> devices;
  private final int batch;

  private Differential(Generator generator, List<Lane> devices, int batch) {
    this.generator = generator;
    this.devices = devices;
    this.batch = batch;
  }

  /// {@return a comparison of devices}
  ///
  /// @param batch cases that a device gets at once
  public static Differential of(Generator generator, List<Lane> devices, int batch) {
    return new Differential(generator, devices, Math.min(batch, Places.MOST));
  }

  /// Runs batches.
  ///
  /// @param seed the same seed gives the same cases
  /// @param cases at most so many
  /// @param more asked before each batch
  /// @param told what each batch gave
  /// @return the cases run
  public long run(long seed, long cases, BooleanSupplier more, Consumer<Progress> told) {
    Randomness random = Randomness.of(seed);
    long done = 0;
    while (done < cases && more.getAsBoolean()) {
      int n = (int) Math.min(batch, cases - done);
      List<Finding> findings = batch(n, random.split());
      done += n;
      told.accept(new Progress(done, findings));
    }
    return done;
  }

  private List<Finding> batch(int n, Randomness random) {
    byte[] arena = Setting.arena(random);
    List<Case> cases = new ArrayList<>();
    List<Outcome> expected = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Generator.Made made = generator.make(Places.code(i), arena, random);
      cases.add(made.given());
      expected.add(made.expected());
    }
    List<Finding> findings = new ArrayList<>();
    for (Lane lane : devices) {
      int from = random.below(lane.oneIn());
      List<Case> some = every(cases, from, lane.oneIn());
      List<Outcome> want = every(expected, from, lane.oneIn());
      List<Outcome> actual = some.isEmpty() ? List.of() : lane.device().run(some);
      for (int i = 0; i < actual.size(); i++) {
        List<Differences.Row> rows =
            Differences.between(some.get(i), want.get(i), actual.get(i), lane.device().visible());
        if (!rows.isEmpty()) {
          findings.add(new Finding(lane.device(), some.get(i), want.get(i), rows));
        }
      }
    }
    return findings;
  }

  private static <T> List<T> every(List<T> all, int from, int step) {
    List<T> some = new ArrayList<>();
    for (int i = from; i < all.size(); i += step) {
      some.add(all.get(i));
    }
    return some;
  }
}
