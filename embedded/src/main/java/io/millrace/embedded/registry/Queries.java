package io.millrace.embedded.registry;

import java.util.List;
import java.util.Optional;

/** What can be asked of the catalogue, with the errors that Confluent's registry answers. Nothing is changed. */
final class Queries {
    private final Catalogue catalogue;

    Queries(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** Names that have a version, in order. */
    List<String> subjects(String prefix, boolean withDeleted) {
        return catalogue.versions(withDeleted).stream()
                .map(SchemaVersion::subject)
                .filter(subject -> subject.startsWith(prefix))
                .distinct()
                .toList();
    }

    List<SchemaVersion> versions(String subject, boolean withDeleted) {
        List<SchemaVersion> versions = catalogue.versions(subject, withDeleted);
        if (versions.isEmpty()) {
            throw RegistryProblem.subjectNotFound(subject);
        }
        return versions;
    }

    SchemaVersion version(String subject, VersionNumber wanted, boolean withDeleted) {
        List<SchemaVersion> versions = versions(subject, withDeleted);
        return wanted.in(versions).orElseThrow(() -> RegistryProblem.versionNotFound(wanted.number()));
    }

    String schema(int id) {
        return catalogue.schema(id).orElseThrow(() -> RegistryProblem.schemaNotFound(id));
    }

    /** The versions that have this id. */
    List<SchemaVersion> versionsOf(int id, boolean withDeleted) {
        schema(id);
        return catalogue.versions(withDeleted).stream()
                .filter(version -> version.id() == id)
                .toList();
    }

    int highestId() {
        return catalogue.highestId();
    }

    /** Every version of the subjects with this prefix. */
    List<SchemaVersion> all(String prefix, boolean withDeleted, boolean latestOnly) {
        return subjects(prefix, withDeleted).stream()
                .map(subject -> catalogue.versions(subject, withDeleted))
                .flatMap(versions ->
                        (latestOnly ? versions.subList(versions.size() - 1, versions.size()) : versions).stream())
                .toList();
    }

    /** The newest version of the subject that has exactly this schema. */
    SchemaVersion find(String subject, AvroText schema, boolean withDeleted) {
        List<SchemaVersion> versions = versions(subject, withDeleted);
        return newest(versions, schema).orElseThrow(RegistryProblem::schemaNotFound);
    }

    CompatibilityLevel commonLevel() {
        return catalogue.commonLevel();
    }

    CompatibilityLevel level(String subject, boolean defaultToGlobal) {
        Optional<CompatibilityLevel> own = catalogue.ownLevel(subject);
        if (own.isEmpty() && !defaultToGlobal) {
            throw RegistryProblem.noSubjectConfig(subject);
        }
        return own.orElseGet(catalogue::commonLevel);
    }

    /** The reasons against the schema as the next version of its subject; none for a subject without versions. */
    List<String> objections(String subject, AvroText schema) {
        return level(subject, true).objections(schema.schema(), catalogue.versions(subject, false));
    }

    /** The reasons against the schema by the subject's level, seen against one version. */
    List<String> objections(String subject, AvroText schema, VersionNumber against) {
        Optional<SchemaVersion> version = against.in(catalogue.versions(subject, false));
        if (version.isEmpty() && !against.isLatest()) {
            throw RegistryProblem.versionNotFound(against.number());
        }
        return level(subject, true)
                .objections(schema.schema(), version.map(List::of).orElse(List.of()));
    }

    static Optional<SchemaVersion> newest(List<SchemaVersion> versions, AvroText schema) {
        return versions.stream()
                .filter(version -> version.schema().equals(schema.text()))
                .reduce((older, newer) -> newer);
    }
}
