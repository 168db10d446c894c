package io.millrace.worker.files;

import io.millrace.event.FileWatch;
import io.millrace.event.PipelineDefinition;
import io.millrace.schemas.QueueName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A trigger of the current version of a pipeline that waits for files.
 *
 * @param name whose it is
 * @param version the version of the pipeline
 * @param watch what it says
 */
record Watched(TriggerName name, int version, FileWatch watch) {
    String directory() {
        return watch.getDirectory();
    }

    Duration every() {
        return Duration.ofMillis(watch.getEveryMillis());
    }

    Duration settled() {
        return Duration.ofMillis(watch.getSettledMillis());
    }

    /** Whether a worker that watches for one of them watches for the other just so. */
    boolean isLike(Watched other) {
        return name.equals(other.name) && watch.equals(other.watch);
    }

    /** All of current versions, by name. */
    static Map<TriggerName, Watched> among(Collection<PipelineDefinition> definitions) {
        Map<String, PipelineDefinition> current = new HashMap<>();
        for (PipelineDefinition each : definitions) {
            current.merge(
                    each.getPipeline(), each, (one, other) -> one.getVersion() > other.getVersion() ? one : other);
        }
        Map<TriggerName, Watched> all = new LinkedHashMap<>();
        for (PipelineDefinition each : current.values()) {
            for (FileWatch watch : each.getWatches()) {
                TriggerName name = new TriggerName(each.getPipeline(), watch.getTrigger());
                all.put(name, new Watched(name, each.getVersion(), watch));
            }
        }
        return all;
    }

    /** Whether a worker of these queues watches for it. */
    boolean isFor(Set<QueueName> queues) {
        return queues.stream().anyMatch(queue -> queue.value().equals(watch.getQueue()));
    }
}
