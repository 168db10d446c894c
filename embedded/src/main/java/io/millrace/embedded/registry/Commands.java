package io.millrace.embedded.registry;

import io.millrace.embedded.registry.Change.IdsUsed;
import io.millrace.embedded.registry.Change.LevelSet;
import io.millrace.embedded.registry.Change.SubjectDeleted;
import io.millrace.embedded.registry.Change.VersionPut;
import io.millrace.embedded.registry.Change.VersionRemoved;
import io.millrace.embedded.registry.TopicWriter.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be changed: each command decides on the newest state, is written, and answers when it can be read back. */
final class Commands {
    private final Catalogue catalogue;
    private final Queries queries;
    private final TopicWriter writer;

    Commands(Catalogue catalogue, Queries queries, TopicWriter writer) {
        this.catalogue = catalogue;
        this.queries = queries;
        this.writer = writer;
    }

    /** The schema's id; a new version of the subject only when no living one has this content. */
    int register(String subject, AvroText schema) {
        Optional<SchemaVersion> known = Queries.newest(catalogue.versions(subject, false), schema);
        if (known.isPresent()) {
            return known.get().id();
        }
        return writer.write(() -> decideRegistration(subject, schema));
    }

    /** The numbers of the versions that are gone. */
    List<Integer> deleteSubject(String subject, boolean permanent) {
        return writer.write(() -> {
            List<SchemaVersion> all = queries.versions(subject, true);
            List<SchemaVersion> living =
                    all.stream().filter(version -> !version.deleted()).toList();
            if (permanent) {
                if (!living.isEmpty()) {
                    throw RegistryProblem.subjectNotSoftDeleted(subject);
                }
                return new Decision<>(removal(all), numbers(all));
            }
            if (living.isEmpty()) {
                throw RegistryProblem.subjectSoftDeleted(subject);
            }
            List<Change> changes = new ArrayList<>();
            changes.add(new SubjectDeleted(subject, all.get(all.size() - 1).version()));
            if (catalogue.ownLevel(subject).isPresent()) {
                changes.add(new LevelSet(subject, null));
            }
            return new Decision<>(changes, numbers(living));
        });
    }

    /** The number of the version that is gone. */
    int deleteVersion(String subject, VersionNumber wanted, boolean permanent) {
        return writer.write(() -> {
            if (permanent) {
                SchemaVersion version = queries.version(subject, wanted, true);
                if (!version.deleted()) {
                    throw RegistryProblem.versionNotSoftDeleted(subject, version.version());
                }
                return new Decision<>(removal(List.of(version)), version.version());
            }
            if (!wanted.isLatest()
                    && wanted.in(catalogue.versions(subject, true))
                            .filter(SchemaVersion::deleted)
                            .isPresent()) {
                throw RegistryProblem.versionSoftDeleted(subject, wanted.number());
            }
            SchemaVersion version = queries.version(subject, wanted, false);
            return new Decision<>(List.of(new VersionPut(version.asDeleted())), version.version());
        });
    }

    /** @param subject null for the level of all that have none of their own */
    CompatibilityLevel setLevel(@Nullable String subject, CompatibilityLevel level) {
        return writer.write(() -> new Decision<>(List.of(new LevelSet(subject, level)), level));
    }

    /** The level that was in force. */
    CompatibilityLevel resetLevel(@Nullable String subject) {
        return writer.write(() -> {
            CompatibilityLevel before = subject == null ? queries.commonLevel() : queries.level(subject, false);
            return new Decision<>(List.of(new LevelSet(subject, null)), before);
        });
    }

    private Decision<Integer> decideRegistration(String subject, AvroText schema) {
        List<SchemaVersion> all = catalogue.versions(subject, true);
        List<SchemaVersion> living =
                all.stream().filter(version -> !version.deleted()).toList();
        Optional<SchemaVersion> known = Queries.newest(living, schema);
        if (known.isPresent()) {
            return new Decision<>(List.of(), known.get().id());
        }
        List<String> objections = queries.objections(subject, schema);
        if (!objections.isEmpty()) {
            throw RegistryProblem.incompatible(subject, objections);
        }
        int id = catalogue.id(schema.text()).orElseGet(() -> catalogue.highestId() + 1);
        int number = all.isEmpty() ? 1 : all.get(all.size() - 1).version() + 1;
        return new Decision<>(
                List.of(new VersionPut(new SchemaVersion(subject, number, id, schema.text(), false))), id);
    }

    private List<Change> removal(List<SchemaVersion> versions) {
        List<Change> changes = new ArrayList<>();
        changes.add(new IdsUsed(catalogue.highestId()));
        versions.forEach(version -> changes.add(new VersionRemoved(version.subject(), version.version())));
        return changes;
    }

    private static List<Integer> numbers(List<SchemaVersion> versions) {
        return versions.stream().map(SchemaVersion::version).toList();
    }
}
