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
 * @param finishing how it will end, while the tasks of {@code on_failure} and {@code finally} are still executed
 * @param reruns how often it was opened again after its end
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
        Optional<RunStatus> finishing,
        int reruns,
        int tasksTotal) {

    RunSummary ended(RunStatus newStatus, Instant at, Optional<String> why) {
        return with(newStatus, Optional.of(at), why, Optional.empty(), reruns, tasksTotal);
    }

    RunSummary finishing(RunStatus outcome, Optional<String> why) {
        return with(status, endedAt, why.or(() -> reason), Optional.of(outcome), reruns, tasksTotal);
    }

    RunSummary reopened() {
        return with(RunStatus.RUNNING, Optional.empty(), Optional.empty(), Optional.empty(), reruns + 1, tasksTotal);
    }

    RunSummary queued() {
        return with(RunStatus.QUEUED, endedAt, reason, finishing, reruns, tasksTotal);
    }

    RunSummary admitted() {
        return with(RunStatus.RUNNING, endedAt, reason, finishing, reruns, tasksTotal);
    }

    RunSummary ofTasks(int total) {
        return with(status, endedAt, reason, finishing, reruns, total);
    }

    private RunSummary with(
            RunStatus newStatus,
            Optional<Instant> end,
            Optional<String> why,
            Optional<RunStatus> outcome,
            int newReruns,
            int total) {
        return new RunSummary(
                id, pipeline, version, newStatus, trigger, startedAt, end, why, outcome, newReruns, total);
    }
}
