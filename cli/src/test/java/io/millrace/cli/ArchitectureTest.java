package io.millrace.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Keeps the arrows of the design (section 8): dependencies go downwards, and the engine stays pure. */
class ArchitectureTest {
    private static final JavaClasses MILLRACE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");

    private static final DescribedPredicate<JavaClass> ENGINE = resideInAnyPackage(
            "io.millrace.engine..",
            "io.millrace.alert..",
            "io.millrace.pipeline..",
            "io.millrace.expression..",
            "io.millrace.schedule..");
    private static final DescribedPredicate<JavaClass> SCHEMAS =
            resideInAnyPackage("io.millrace.schemas..", "io.millrace.event..", "io.millrace.state..");
    private static final DescribedPredicate<JavaClass> AUDIT = resideInAPackage("io.millrace.audit..");
    private static final DescribedPredicate<JavaClass> TESTKIT = resideInAPackage("io.millrace.testkit..");
    private static final DescribedPredicate<JavaClass> COORDINATOR = resideInAPackage("io.millrace.coordinator..");
    private static final DescribedPredicate<JavaClass> WORKER = resideInAPackage("io.millrace.worker..");
    private static final DescribedPredicate<JavaClass> EMBEDDED = resideInAPackage("io.millrace.embedded..");
    private static final DescribedPredicate<JavaClass> BENCH = resideInAPackage("io.millrace.bench..");
    private static final DescribedPredicate<JavaClass> CLI = resideInAPackage("io.millrace.cli..");

    @TestFactory
    Stream<DynamicTest> modulesDependOnlyDownwards() {
        return rules(
                apart(
                        "schemas stand on nothing of ours",
                        SCHEMAS,
                        List.of(ENGINE, AUDIT, TESTKIT, COORDINATOR, WORKER, EMBEDDED, BENCH, CLI)),
                apart(
                        "the engine stands on nothing of ours",
                        ENGINE,
                        List.of(SCHEMAS, AUDIT, TESTKIT, COORDINATOR, WORKER, EMBEDDED, BENCH, CLI)),
                apart(
                        "the test kit stands on the engine alone",
                        TESTKIT,
                        List.of(
                                SCHEMAS,
                                AUDIT,
                                COORDINATOR,
                                WORKER,
                                EMBEDDED,
                                BENCH,
                                CLI,
                                resideInAPackage("org.apache.kafka.."))),
                apart(
                        "the audit trusts no coordinator and no worker",
                        AUDIT,
                        List.of(COORDINATOR, WORKER, EMBEDDED, TESTKIT, BENCH, CLI)),
                apart("the coordinator knows no worker", COORDINATOR, List.of(WORKER, EMBEDDED, TESTKIT, BENCH, CLI)),
                apart(
                        "the worker knows neither coordinator nor engine",
                        WORKER,
                        List.of(COORDINATOR, ENGINE, AUDIT, EMBEDDED, TESTKIT, BENCH, CLI)),
                apart(
                        "who starts runs from a service knows nothing of the worker",
                        resideInAPackage("io.millrace.worker.trigger.."),
                        List.of(resideInAnyPackage("io.millrace.worker..")
                                .and(DescribedPredicate.not(resideInAPackage("io.millrace.worker.trigger.."))))),
                apart(
                        "embedded knows only schemas",
                        EMBEDDED,
                        List.of(ENGINE, AUDIT, COORDINATOR, WORKER, TESTKIT, BENCH, CLI)),
                apart("the bench loads the platform, and shows nothing", BENCH, List.of(AUDIT, TESTKIT, CLI)),
                apart(
                        "nothing but the command of that name knows the bench",
                        resideInAPackage("io.millrace..")
                                .and(DescribedPredicate.not(BENCH))
                                .and(DescribedPredicate.not(JavaClass.Predicates.simpleNameStartingWith("Bench"))),
                        List.of(BENCH)),
                apart(
                        "the bare loop knows nothing of Millrace",
                        resideInAPackage("io.millrace.bench.limit.."),
                        List.of(resideInAnyPackage("io.millrace..")
                                .and(DescribedPredicate.not(resideInAPackage("io.millrace.bench.limit.."))))));
    }

    @Test
    void theEngineIsPure() {
        noClasses()
                .that(ENGINE)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.apache.kafka..",
                        "org.apache.avro..",
                        "io.vertx..",
                        "org.slf4j..",
                        "java.net..",
                        "java.net.http..",
                        "java.nio.file..",
                        "java.sql..",
                        "java.util.logging.."))
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(Thread.class, "start")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class)
                .check(MILLRACE);
    }

    @Test
    void schedulesAndExpressionsKnowNothingElseOfOurs() {
        classes()
                .that()
                .resideInAPackage("io.millrace.schedule..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("io.millrace.schedule..", "java..", "org.jspecify.annotations.."))
                .check(MILLRACE);
        noClasses()
                .that()
                .resideInAPackage("io.millrace.expression..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.millrace..")
                        .and(DescribedPredicate.not(resideInAPackage("io.millrace.expression.."))))
                .check(MILLRACE);
    }

    @TestFactory
    Stream<DynamicTest> packagesDependOnlyDownwards() {
        return Stream.of(
                        downwards("io.millrace.engine", "io.millrace.pipeline", "io.millrace.expression"),
                        downwards("io.millrace.engine", "io.millrace.pipeline", "io.millrace.schedule"),
                        downwards(
                                "io.millrace.coordinator",
                                "io.millrace.coordinator.api",
                                "io.millrace.coordinator.query",
                                "io.millrace.coordinator.topology",
                                "io.millrace.coordinator.intake",
                                "io.millrace.coordinator.catalogue"),
                        downwards(
                                "io.millrace.worker",
                                "io.millrace.worker.claim",
                                "io.millrace.worker.execute",
                                "io.millrace.worker.secret"),
                        downwards("io.millrace.worker.execute", "io.millrace.worker.artifact"),
                        downwards(
                                "io.millrace.audit.reading",
                                "io.millrace.audit.replay",
                                "io.millrace.audit.verify",
                                "io.millrace.audit.log"),
                        downwards(
                                "io.millrace.bench",
                                "io.millrace.bench.workload",
                                "io.millrace.bench.figure",
                                "io.millrace.bench.lab",
                                "io.millrace.bench.role",
                                "io.millrace.bench.limit"),
                        downwards("io.millrace.cli", "io.millrace.cli.command", "io.millrace.cli.client"),
                        downwards("io.millrace.cli.command", "io.millrace.cli.local"),
                        downwards("io.millrace.cli.command", "io.millrace.cli.terminal"))
                .flatMap(rules -> rules);
    }

    @TestFactory
    Stream<DynamicTest> partsOfTheCommandKnowOnlyWhatTheyAreFor() {
        DescribedPredicate<JavaClass> client = resideInAPackage("io.millrace.cli.client..");
        DescribedPredicate<JavaClass> local = resideInAPackage("io.millrace.cli.local..");
        DescribedPredicate<JavaClass> terminal = resideInAPackage("io.millrace.cli.terminal..");
        return rules(
                apart(
                        "the client neither shows nor embeds anything",
                        client,
                        List.of(local, terminal, ENGINE, COORDINATOR, WORKER, EMBEDDED)),
                apart(
                        "the local platform neither shows anything nor asks the API",
                        local,
                        List.of(client, terminal, ENGINE)),
                apart(
                        "what reads crontabs neither shows nor asks anything",
                        resideInAPackage("io.millrace.cli.crontab.."),
                        List.of(
                                client,
                                local,
                                terminal,
                                resideInAPackage("io.millrace.cli.command.."),
                                resideInAPackage("java.nio.file.."),
                                SCHEMAS,
                                COORDINATOR,
                                WORKER,
                                EMBEDDED)),
                apart(
                        "the terminal knows no run",
                        terminal,
                        List.of(client, local, ENGINE, SCHEMAS, COORDINATOR, WORKER, EMBEDDED)));
    }

    @Test
    void whatIsJudgedByKnowsNothingOfHowItIsRead() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.millrace.audit.verify..", "io.millrace.audit.replay..", "io.millrace.audit.log..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.kafka.."))
                .check(MILLRACE);
    }

    @Test
    void noTwoPackagesDependOnEachOther() {
        slices().matching("io.millrace.(**)").should().beFreeOfCycles().check(MILLRACE);
    }

    @Test
    void avroAndTheEngineMeetOnlyAtTheEdge() {
        classes()
                .that(resideInAnyPackage("io.millrace.state.."))
                .should()
                .onlyHaveDependentClassesThat(
                        resideInAnyPackage("io.millrace.state..", "io.millrace.coordinator.topology.."))
                .check(MILLRACE);
    }

    @Test
    void everyPackageOfOursIsNullMarked() {
        Set<String> generated = Set.of("io.millrace.event", "io.millrace.state");
        List<String> unmarked = MILLRACE.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(each -> !generated.contains(each.getName()) && !isMarked(each))
                .map(JavaPackage::getName)
                .collect(Collectors.toList());

        assertThat(unmarked).isEmpty();
    }

    private static boolean isMarked(JavaPackage each) {
        return each.tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(NullMarked.class))
                .orElse(false);
    }

    /** No package of the list depends on one before it. */
    private static Stream<DynamicTest> downwards(String... packages) {
        return Stream.iterate(1, i -> i < packages.length, i -> i + 1)
                .map(i -> apart(
                        packages[i] + " knows none of those above it",
                        resideInAPackage(packages[i] + (i == packages.length - 1 ? ".." : "")),
                        Stream.of(packages)
                                .limit(i)
                                .map(JavaClass.Predicates::resideInAPackage)
                                .toList()))
                .map(ArchitectureTest::test);
    }

    private static ArchRule apart(
            String reason, DescribedPredicate<JavaClass> these, List<DescribedPredicate<JavaClass>> others) {
        DescribedPredicate<JavaClass> any =
                others.stream().reduce((one, other) -> one.or(other)).orElse(resideOutsideOfPackages(".."));
        return noClasses().that(these).should().dependOnClassesThat(any).as(reason);
    }

    private static Stream<DynamicTest> rules(ArchRule... rules) {
        return Stream.of(rules).map(ArchitectureTest::test);
    }

    private static DynamicTest test(ArchRule rule) {
        return DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(MILLRACE));
    }
}
