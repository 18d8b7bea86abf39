package org.everpost.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The walls of the house. Each failure names the rule of docs/style.md that it breaks. */
class ArchitectureTest {

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.everpost");

  @Test
  void wireIsPure() {
    classes()
        .that()
        .resideInAPackage("org.everpost.wire..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "javax.crypto..", "org.everpost.wire..", "org.jspecify..")
        .because("wire is protocol code without libraries")
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage("org.everpost.wire..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Socket.class, InetAddress.class, Files.class, Thread.class)
        .because("wire does no I/O and knows no threads: octets in, records out")
        .check(HOUSE);
  }

  @Test
  void arrowsPointDown() {
    noClasses()
        .that()
        .resideInAPackage("org.everpost.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.everpost.server..",
            "org.everpost.store.rocksdb..",
            "org.everpost.store.cassandra..")
        .because("core knows storage through its contract only")
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage("org.everpost.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.everpost.core..", "org.everpost.server..", "org.everpost.wire..")
        .because("an engine knows octets, never mail")
        .check(HOUSE);
  }

  @Test
  void enginesKeepTheirLibrariesToThemselves() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.everpost.store.rocksdb..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.rocksdb..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("org.everpost.store.cassandra..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.datastax..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.everpost.server.smtp..",
            "org.everpost.server.imap..",
            "org.everpost.server.pop3..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.everpost.store.rocksdb..", "org.everpost.store.cassandra..")
        .because("sessions never know which engine there is")
        .check(HOUSE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("org.everpost.(*).(*)..")
        .should()
        .beFreeOfCycles()
        .because("a newcomer must be able to read the house from below")
        .check(HOUSE);
  }

  @Test
  void timeAndChanceArePassedIn() {
    DescribedPredicate<JavaClass> seams =
        DescribedPredicate.describe(
            "the classes that wrap them",
            c ->
                c.getPackageName().equals("org.everpost.core.time")
                    || c.getPackageName().startsWith("org.everpost.store.cassandra")
                    || c.getPackageName().startsWith("org.everpost.testkit"));
    noClasses()
        .that(DescribedPredicate.not(seams))
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", Duration.class)
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callMethod(InetAddress.class, "getByName", String.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Executors.class, ThreadLocal.class)
        .because("core.time.Clock and RandomSource are passed in; threads are few and named")
        .check(HOUSE);
  }

  @Test
  void publicClassesAreNotMeantToBeExtended() {
    classes()
        .that()
        .arePublic()
        .and()
        .areNotInterfaces()
        .and()
        .resideOutsideOfPackage("org.everpost.testkit..")
        .should(beFinalOrSealed())
        .because("inheritance is designed or forbidden: final, sealed, a record or an enum")
        .check(HOUSE);
  }

  @Test
  void namesSayWhatAThingIs() {
    Pattern vague = Pattern.compile(".+(Impl|Manager|Helper|Util|Utils|Info)");
    classes()
        .should(
            new ArchCondition<JavaClass>("not be named vaguely") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                String name = item.getSimpleName();
                boolean exempt = name.equals("ConnectionInfo");
                if (vague.matcher(name).matches() && !exempt && !name.startsWith("Abstract")) {
                  events.add(
                      SimpleConditionEvent.violated(item, item.getName() + ": say what it is"));
                }
              }
            })
        .check(HOUSE);
  }

  private static ArchCondition<JavaClass> beFinalOrSealed() {
    return new ArchCondition<>("be final or sealed") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        boolean isFinal = item.getModifiers().contains(JavaModifier.FINAL);
        boolean isSealed = item.reflect().isSealed();
        if (!isFinal && !isSealed && !item.isEnum()) {
          events.add(SimpleConditionEvent.violated(item, item.getName() + " is open"));
        }
      }
    };
  }
}
