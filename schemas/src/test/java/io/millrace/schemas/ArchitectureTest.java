package io.millrace.schemas;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of this module. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void packagesKnowOnlyWhatTheyStandOn() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("table")
                .definedBy("io.millrace.schemas.table")
                .layer("wire")
                .definedBy("io.millrace.schemas.wire")
                .layer("registry")
                .definedBy("io.millrace.schemas.registry")
                .layer("config")
                .definedBy("io.millrace.schemas.config")
                .layer("catalogue")
                .definedBy("io.millrace.schemas")
                .layer("records")
                .definedBy("io.millrace.event", "io.millrace.state")
                .whereLayer("table")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("wire")
                .mayOnlyBeAccessedByLayers("table")
                .whereLayer("registry")
                .mayOnlyBeAccessedByLayers("wire", "table")
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("table")
                .whereLayer("catalogue")
                .mayOnlyBeAccessedByLayers("table", "wire", "config")
                .whereLayer("records")
                .mayOnlyBeAccessedByLayers("catalogue")
                .check(CLASSES);
    }

    @Test
    void onlyTheCatalogueAndTheTablesTalkToKafka() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.millrace.schemas.wire", "io.millrace.schemas.registry", "io.millrace.schemas.config")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka.clients.."))
                .check(CLASSES);
    }

    @Test
    void onlyTheRegistrysClientTalksHttpAndJson() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.schemas.registry")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net.http..", "com.fasterxml.jackson.."))
                .check(CLASSES);
    }
}
