package tessera.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;

/// The house as it is drawn in ARCHITECTURE.md: arrows between packages, input and output only in
/// the command line, no unsafe memory.
class ArchitectureTest {
  private static JavaClasses tessera;

  @BeforeAll
  static void read() {
    tessera =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("tessera");
  }

  @Test
  void modulesHaveNoCycles() {
    slices().matching("tessera.(*)..").should().beFreeOfCycles().check(tessera);
  }

  @Test
  void onlyTheCommandLineTouchesFilesAndConsole() {
    noClasses()
        .that()
        .resideOutsideOfPackage("tessera.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(tessera);
  }

  @Test
  void nobodyUsesUnsafe() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("sun.misc.Unsafe")
        .check(tessera);
  }

  @Test
  void theCheckerIsNotSeenOutside() {
    noClasses()
        .that()
        .resideOutsideOfPackage("tessera.isaspec..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "tessera.isaspec.check..", "tessera.isaspec.parser..", "tessera.isaspec.text..")
        .check(tessera);
  }

  @Test
  void theCompilerDoesNotKnowTheEmulator() {
    noClasses()
        .that()
        .resideInAPackage("tessera.compiler..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("tessera.emulator..")
        .check(tessera);
  }

  @Test
  void boundMeaningIsRecords() {
    classes()
        .that(assignableTo(Expr.class).or(assignableTo(Stmt.class)).or(assignableTo(LValue.class)))
        .and()
        .areNotInterfaces()
        .should()
        .beRecords()
        .check(tessera);
  }
}
