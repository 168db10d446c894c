package io.millrace.coordinator.catalogue;

import io.millrace.event.PipelineDefinition;
import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PipelineParser;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that are known, by pipeline and number; each is parsed when it is first asked for, and then kept.
 *
 * <p><b>Threading.</b> One thread enters what it reads from the topic; any number of threads look up. Two of them may
 * parse the same version at the same time, with the same result.
 */
final class VersionIndex {
    private static final Logger log = LoggerFactory.getLogger(VersionIndex.class);

    private final Map<String, ConcurrentSkipListMap<Integer, Entry>> pipelines = new ConcurrentHashMap<>();
    /** The pipelines of which a version came or went, in that order; some more than once. */
    private final List<String> changes = new ArrayList<>();

    /** A record of the topic was read; null when its key was removed. Keys are {@code <pipeline id>/<version>}. */
    void enter(String key, @Nullable PipelineDefinition definition) {
        Optional<VersionKey> parsed = VersionKey.parse(key);
        if (parsed.isEmpty()) {
            log.warn(
                    "The topic of pipelines has a record with the key '{}', which is not <pipeline id>/<version>", key);
            return;
        }
        VersionKey version = parsed.get();
        pipelines.compute(version.pipeline(), (id, before) -> {
            ConcurrentSkipListMap<Integer, Entry> versions = before == null ? new ConcurrentSkipListMap<>() : before;
            if (definition == null) {
                versions.remove(version.number());
            } else {
                versions.put(version.number(), new Entry(definition));
            }
            return versions.isEmpty() ? null : versions;
        });
        synchronized (changes) {
            changes.add(version.pipeline());
        }
    }

    /** The pipelines of which a version came or went after so many changes, in that order; each change counts. */
    List<String> changesAfter(int count) {
        synchronized (changes) {
            return count >= changes.size() ? List.of() : List.copyOf(changes.subList(count, changes.size()));
        }
    }

    Optional<PipelineVersion> version(PipelineId id, int number) {
        return Optional.ofNullable(pipelines.get(id.value()))
                .flatMap(versions -> Optional.ofNullable(versions.get(number)))
                .flatMap(Entry::parsed);
    }

    Optional<PipelineVersion> current(PipelineId id) {
        return currentEntry(id.value()).flatMap(Entry::parsed);
    }

    /** As it was applied, whether or not this Millrace can read it. */
    Optional<PipelineDefinition> currentDefinition(PipelineId id) {
        return currentEntry(id.value()).map(entry -> entry.definition);
    }

    Collection<String> pipelines() {
        return pipelines.keySet();
    }

    private Optional<Entry> currentEntry(String id) {
        return Optional.ofNullable(pipelines.get(id))
                .flatMap(versions -> Optional.ofNullable(versions.lastEntry()))
                .map(Map.Entry::getValue);
    }

    /** One version, parsed at most a few times. */
    private static final class Entry {
        private final PipelineDefinition definition;
        private volatile @Nullable Optional<PipelineVersion> parsed;

        Entry(PipelineDefinition definition) {
            this.definition = definition;
        }

        Optional<PipelineVersion> parsed() {
            Optional<PipelineVersion> known = parsed;
            if (known == null) {
                known = parse();
                parsed = known;
            }
            return known;
        }

        /** Every version was checked before it was written, but perhaps by a Millrace that knows more than this one. */
        private Optional<PipelineVersion> parse() {
            ParsedPipeline result = PipelineParser.parse(definition.getPipeline() + ".yaml", definition.getSource());
            if (result.pipeline().isEmpty()) {
                log.error(
                        "Version {} of pipeline {} cannot be read by this Millrace and is taken as unknown: {}",
                        definition.getVersion(),
                        definition.getPipeline(),
                        result.problems());
            }
            return result.pipeline().map(pipeline -> new PipelineVersion(definition, pipeline));
        }
    }
}
