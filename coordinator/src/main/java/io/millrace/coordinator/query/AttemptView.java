package io.millrace.coordinator.query;

import io.millrace.engine.AttemptStatus;
import io.millrace.event.LogPosition;
import io.millrace.event.TaskFailure;
import java.time.Instant;
import java.util.Optional;

/**
 * One delivery of one attempt at a task.
 *
 * @param attempt from 1
 * @param epoch from 1
 * @param worker who claimed it; empty while nobody has
 * @param startedAt when it was claimed
 * @param endedAt when its outcome was accepted, or when it was given up
 */
public record AttemptView(
        int attempt,
        int epoch,
        AttemptStatus status,
        Optional<String> worker,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Optional<TaskFailure> failure,
        Optional<LogPosition> logs) {}
