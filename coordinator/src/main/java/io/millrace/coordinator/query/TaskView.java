package io.millrace.coordinator.query;

import io.millrace.event.LogPosition;
import io.millrace.event.TaskFailure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A task of a run.
 *
 * @param kind shell, python, …; empty when the run's version is not known any more
 * @param queue where it is dispatched to; empty when the run's version is not known any more
 * @param attempt the current attempt, from 1; 0 before the first
 * @param epoch the current delivery within the attempt, from 1; 0 before the first
 * @param worker who executes it, or did so last
 * @param queuedAt when it was dispatched last; empty before that
 * @param startedAt when a worker claimed its current delivery; empty before that
 * @param endedAt when it ended for good
 * @param output a JSON object, once it succeeded
 * @param failure why the last attempt failed, while it is retrying and once it failed
 * @param reason in one sentence why it was skipped, cancelled or failed without an attempt, or why its last delivery
 *     came back
 * @param dueAt while it is retrying: when the next attempt is due
 * @param deferral while it is deferred: what for
 * @param progress the last that its current delivery said
 * @param logs of its last delivery that wrote any
 * @param attempts every delivery, oldest first
 */
public record TaskView(
        String id,
        List<String> needs,
        Optional<String> kind,
        Optional<String> queue,
        TaskPhase status,
        int attempt,
        int epoch,
        Optional<String> worker,
        Optional<Instant> queuedAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Optional<String> output,
        Optional<TaskFailure> failure,
        Optional<String> reason,
        Optional<Instant> dueAt,
        Optional<Deferral> deferral,
        Optional<TaskProgress> progress,
        Optional<LogPosition> logs,
        List<AttemptView> attempts) {}
