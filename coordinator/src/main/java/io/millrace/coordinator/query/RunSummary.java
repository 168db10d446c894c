package io.millrace.coordinator.query;

import io.millrace.engine.RunStatus;
import io.millrace.event.Trigger;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as a list shows it.
 *
 * @param trigger what started it; empty only when the event did not say
 * @param endedAt empty while it is running
 * @param reason why it failed or was cancelled, in one sentence
 * @param tasksTotal the tasks of its pipeline's version; 0 when that version is not known any more
 */
public record RunSummary(
        String id,
        String pipeline,
        int version,
        RunStatus status,
        Optional<Trigger> trigger,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<String> reason,
        int tasksTotal) {

    RunSummary ended(RunStatus newStatus, Instant at, Optional<String> why) {
        return new RunSummary(id, pipeline, version, newStatus, trigger, startedAt, Optional.of(at), why, tasksTotal);
    }

    RunSummary ofTasks(int total) {
        return new RunSummary(id, pipeline, version, status, trigger, startedAt, endedAt, reason, total);
    }
}
