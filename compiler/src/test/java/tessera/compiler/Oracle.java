package tessera.compiler;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Foreign tools that tests compare with.
public final class Oracle {
  private Oracle() {}

  /// Skips the test unless the tool is there; fails it if `-Doracles=required`.
  ///
  /// @param debianPackage what to install
  public static void require(boolean present, String debianPackage) {
    String message = "needs the Debian package " + debianPackage;
    if (System.getProperty("oracles", "optional").equals("required")) {
      Assertions.assertTrue(present, message);
    }
    Assumptions.assumeTrue(present, message);
  }
}
