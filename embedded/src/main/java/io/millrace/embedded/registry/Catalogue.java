package io.millrace.embedded.registry;

import io.millrace.embedded.registry.Change.IdsUsed;
import io.millrace.embedded.registry.Change.LevelSet;
import io.millrace.embedded.registry.Change.SubjectDeleted;
import io.millrace.embedded.registry.Change.VersionPut;
import io.millrace.embedded.registry.Change.VersionRemoved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * All subjects, versions, ids and levels in memory: what the topic says up to where it has been read.
 *
 * <p><b>Threading.</b> Changed by the topic's reader alone, read by any thread; one lock guards it all.
 */
final class Catalogue {
    private final Map<String, TreeMap<Integer, SchemaVersion>> subjects = new TreeMap<>();
    private final Map<Integer, String> schemas = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, CompatibilityLevel> subjectLevels = new HashMap<>();
    private Optional<CompatibilityLevel> commonLevel = Optional.empty();
    private int highestId;

    synchronized void apply(Change change) {
        if (change instanceof VersionPut put) {
            put(put.version());
        } else if (change instanceof VersionRemoved removed) {
            remove(removed);
        } else if (change instanceof SubjectDeleted deleted) {
            TreeMap<Integer, SchemaVersion> versions = subjects.get(deleted.subject());
            if (versions != null) {
                versions.headMap(deleted.upToVersion(), true).replaceAll((number, version) -> version.asDeleted());
            }
        } else if (change instanceof LevelSet set) {
            setLevel(set);
        } else if (change instanceof IdsUsed used) {
            highestId = Math.max(highestId, used.highest());
        }
    }

    /** Ascending; those softly deleted only when asked for. */
    synchronized List<SchemaVersion> versions(String subject, boolean withDeleted) {
        return subjects.getOrDefault(subject, new TreeMap<>()).values().stream()
                .filter(version -> withDeleted || !version.deleted())
                .toList();
    }

    /** Every version of every subject, by subject and version. */
    synchronized List<SchemaVersion> versions(boolean withDeleted) {
        return subjects.values().stream()
                .flatMap(versions -> versions.values().stream())
                .filter(version -> withDeleted || !version.deleted())
                .toList();
    }

    synchronized Optional<String> schema(int id) {
        return Optional.ofNullable(schemas.get(id));
    }

    synchronized OptionalInt id(String schema) {
        Integer id = ids.get(schema);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    synchronized int highestId() {
        return highestId;
    }

    synchronized Optional<CompatibilityLevel> ownLevel(String subject) {
        return Optional.ofNullable(subjectLevels.get(subject));
    }

    /** The level of subjects without one of their own. */
    synchronized CompatibilityLevel commonLevel() {
        return commonLevel.orElse(CompatibilityLevel.BACKWARD);
    }

    private void put(SchemaVersion version) {
        subjects.computeIfAbsent(version.subject(), subject -> new TreeMap<>()).put(version.version(), version);
        schemas.put(version.id(), version.schema());
        // Should two ids ever have been given to one content (by another registry on this topic), the older is its id.
        ids.merge(version.schema(), version.id(), Math::min);
        highestId = Math.max(highestId, version.id());
    }

    private void remove(VersionRemoved removed) {
        TreeMap<Integer, SchemaVersion> versions = subjects.get(removed.subject());
        if (versions == null) {
            return;
        }
        SchemaVersion version = versions.remove(removed.version());
        if (version == null) {
            return;
        }
        if (versions.isEmpty()) {
            subjects.remove(removed.subject());
        }
        if (versions(true).stream().noneMatch(other -> other.id() == version.id())) {
            schemas.remove(version.id());
            ids.remove(version.schema(), version.id());
        }
    }

    private void setLevel(LevelSet set) {
        if (set.subject() == null) {
            commonLevel = Optional.ofNullable(set.level());
        } else if (set.level() == null) {
            subjectLevels.remove(set.subject());
        } else {
            subjectLevels.put(set.subject(), set.level());
        }
    }
}
