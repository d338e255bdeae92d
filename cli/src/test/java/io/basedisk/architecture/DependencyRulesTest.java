package io.basedisk.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.regex.Pattern;

/** Dependencies point inward only. */
@AnalyzeClasses(
    packages = "io.basedisk",
    importOptions = {ImportOption.DoNotIncludeTests.class, NoTestJars.class})
class DependencyRulesTest {

  private static final String DOMAIN = "io.basedisk.domain..";
  private static final String QCOW2 = "io.basedisk.qcow2..";
  private static final String SQLITE = "io.basedisk.sqlite..";
  private static final String OCI = "io.basedisk.oci..";
  private static final String APP = "io.basedisk.app..";
  private static final String CLI = "io.basedisk.cli..";

  private static final String GUEST = "io.basedisk.qcow2.guest..";
  private static final String DEMO = "io.basedisk.cli.demo..";

  private static final String PLACES = "io.basedisk.oci.place";
  private static final String REGISTRY_OPTIONS = "io.basedisk.oci.registry";

  /** The forms of other programs, and where an archive goes to. */
  private static final String[] FORMS = {
    "io.basedisk.oci.image", "io.basedisk.oci.boxlite", "io.basedisk.oci.archive"
  };

  private static final String WIRING = "io.basedisk.app.wiring..";

  /** The classes that Dagger generates: factories beside their classes, and components. */
  private static final Pattern GENERATED =
      Pattern.compile(".*_Factory(\\$.*)?|.*\\.Dagger\\w+Component(\\$.*)?");

  @ArchTest
  static final ArchRule domain_depends_on_the_jdk_guava_and_annotations_alone =
      classes()
          .that(resideInAPackage(DOMAIN).and(isWritten()))
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              DOMAIN,
              "java..",
              "javax.inject..",
              "com.google.common..",
              "org.jspecify.annotations..",
              "com.google.errorprone.annotations..");

  @ArchTest
  static final ArchRule domain_does_no_io_no_sql_and_no_logging =
      noClasses()
          .that()
          .resideInAPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.net..",
              "java.sql..",
              "java.util.logging..",
              "java.nio.channels..",
              "com.google.common.io..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Files.class);

  @ArchTest
  static final ArchRule domain_has_no_clock_and_no_streams_of_its_own =
      noClasses()
          .that()
          .resideInAPackage(DOMAIN)
          .should()
          .accessTargetWhere(outsideWorld())
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class);

  @ArchTest
  static final ArchRule domain_has_no_cycles_among_its_packages =
      slices().matching("io.basedisk.(domain..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule the_qcow2_adapter_depends_on_the_ports_of_the_domain_alone =
      classes().that().resideInAPackage(QCOW2).should().onlyDependOnClassesThat(portsOr(QCOW2));

  @ArchTest
  static final ArchRule the_sqlite_adapter_depends_on_the_ports_of_the_domain_alone =
      classes().that().resideInAPackage(SQLITE).should().onlyDependOnClassesThat(portsOr(SQLITE));

  @ArchTest
  static final ArchRule the_oci_adapter_depends_on_the_ports_of_the_domain_alone =
      classes().that().resideInAPackage(OCI).should().onlyDependOnClassesThat(portsOr(OCI));

  @ArchTest
  static final ArchRule the_oci_adapter_has_no_cycles_among_its_packages =
      slices().matching("io.basedisk.(oci..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule the_layers_of_the_qcow2_adapter =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("format")
          .definedBy("io.basedisk.qcow2.format..")
          .layer("os")
          .definedBy("io.basedisk.qcow2.os..")
          .layer("file")
          .definedBy("io.basedisk.qcow2.file..")
          .layer("image")
          .definedBy("io.basedisk.qcow2.image..")
          .layer("write")
          .definedBy("io.basedisk.qcow2.write..")
          .layer("check")
          .definedBy("io.basedisk.qcow2.check..")
          .layer("resize")
          .definedBy("io.basedisk.qcow2.resize..")
          .layer("operation")
          .definedBy("io.basedisk.qcow2.operation..")
          .layer("ports")
          .definedBy("io.basedisk.qcow2")
          .whereLayer("format")
          .mayNotAccessAnyLayer()
          .whereLayer("os")
          .mayNotAccessAnyLayer()
          .whereLayer("file")
          .mayOnlyAccessLayers("os")
          .whereLayer("image")
          .mayOnlyAccessLayers("format", "os")
          .whereLayer("write")
          .mayOnlyAccessLayers("format", "os", "image")
          .whereLayer("check")
          .mayOnlyAccessLayers("format", "os", "file", "image")
          .whereLayer("resize")
          .mayOnlyAccessLayers("format", "image")
          .whereLayer("operation")
          .mayOnlyAccessLayers("format", "os", "file", "image", "write", "check", "resize")
          .whereLayer("ports")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule the_embedding_api_does_not_know_the_command_line_nor_its_libraries =
      noClasses()
          .that()
          .resideInAPackage(APP)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              CLI, "picocli..", "me.tongfei..", "org.jline..", "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule the_command_line_depends_on_what_embedders_use_alone =
      classes()
          .that()
          .resideInAPackage(CLI)
          .should()
          .onlyDependOnClassesThat(
              ours(CLI)
                  .or(resideInAnyPackage(APP, GUEST, PLACES, REGISTRY_OPTIONS))
                  .or(resideInAnyPackage(FORMS)));

  @ArchTest
  static final ArchRule the_embedding_api_does_not_need_the_oci_adapter =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN, QCOW2, SQLITE, APP)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(OCI);

  @ArchTest
  static final ArchRule the_wiring_alone_knows_the_adapters =
      noClasses()
          .that(resideOutsideOfPackages(WIRING, QCOW2, SQLITE, DEMO).and(isWritten()))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(QCOW2, SQLITE);

  @ArchTest
  static final ArchRule the_demonstration_alone_plays_a_guest =
      noClasses()
          .that()
          .resideOutsideOfPackages(GUEST, DEMO)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(GUEST);

  @ArchTest
  static final ArchRule app_has_no_cycles_among_its_packages =
      slices().matching("io.basedisk.(app..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule the_command_line_has_no_cycles_among_its_packages =
      slices().matching("io.basedisk.(cli..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule sql_stays_in_the_sqlite_adapter =
      noClasses()
          .that()
          .resideOutsideOfPackage(SQLITE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.jooq..", "org.flywaydb..", "org.sqlite..");

  /** The module itself, what an adapter may see of the domain, and all that is not basedisk's. */
  private static DescribedPredicate<JavaClass> portsOr(String adapter) {
    return resideInAPackage(adapter)
        .or(
            resideInAnyPackage(
                "io.basedisk.domain.model",
                "io.basedisk.domain.model.artifact",
                "io.basedisk.domain.model.intent",
                "io.basedisk.domain.port",
                "io.basedisk.domain.error",
                "io.basedisk.domain.event",
                "io.basedisk.domain.image",
                // How a backing chain is read: each adapter of images needs it.
                "io.basedisk.domain.chain"))
        .or(resideOutsideOfPackages("io.basedisk.."));
  }

  /** External packages, the domain, and the module itself. */
  private static DescribedPredicate<JavaClass> ours(String module) {
    return resideInAPackage(module)
        .or(resideInAPackage(DOMAIN))
        .or(resideOutsideOfPackages("io.basedisk.."));
  }

  private static DescribedPredicate<JavaClass> isWritten() {
    return DescribedPredicate.describe(
        "are not generated", type -> !GENERATED.matcher(type.getName()).matches());
  }

  private static DescribedPredicate<JavaAccess<?>> outsideWorld() {
    return DescribedPredicate.describe(
        "a standard stream or the system's clock",
        access ->
            (access.getTargetOwner().isEquivalentTo(System.class)
                    && !access.getName().equals("arraycopy"))
                || (access.getTargetOwner().isEquivalentTo(Instant.class)
                    && access.getName().equals("now")));
  }
}
