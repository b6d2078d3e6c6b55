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

  private final Generator generator;
  private final List<Dut> devices;
  private final int batch;

  private Differential(Generator generator, List<Dut> devices, int batch) {
    this.generator = generator;
    this.devices = devices;
    this.batch = batch;
  }

  /// {@return a comparison of devices}
  ///
  /// @param batch cases that a device gets at once
  public static Differential of(Generator generator, List<Dut> devices, int batch) {
    return new Differential(generator, devices, batch);
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
    for (Dut device : devices) {
      List<Outcome> actual = device.run(cases);
      for (int i = 0; i < n; i++) {
        List<Differences.Row> rows =
            Differences.between(cases.get(i), expected.get(i), actual.get(i), device.visible());
        if (!rows.isEmpty()) {
          findings.add(new Finding(device, cases.get(i), expected.get(i), rows));
        }
      }
    }
    return findings;
  }
}
