package io.millrace.cli.client;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import java.util.Optional;
import java.util.Set;

/**
 * Which events of the audit log to show; what is empty lets all pass.
 *
 * @param run the events of this run
 * @param pipeline the events of this pipeline's runs
 * @param types events of one of these types
 */
public record EventFilter(Optional<String> run, Optional<String> pipeline, Set<RunEventType> types) {
    /** Lets everything pass. */
    public static final EventFilter ALL = new EventFilter(Optional.empty(), Optional.empty(), Set.of());

    /** The events of one run. */
    public static EventFilter ofRun(String runId) {
        return new EventFilter(Optional.of(runId), Optional.empty(), Set.of());
    }

    boolean passesKey(String key) {
        return run.isEmpty() || run.get().equals(key);
    }

    /** A record that cannot be decoded passes where nothing is asked for but its key. */
    boolean passes(TopicEntry<RunEvent> entry) {
        return entry.value()
                .map(event -> (pipeline.isEmpty() || pipeline.get().equals(event.getPipeline()))
                        && (types.isEmpty() || types.contains(event.getType())))
                .orElse(pipeline.isEmpty() && types.isEmpty());
    }
}
