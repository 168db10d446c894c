package io.millrace.pipeline;

import io.millrace.expression.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/** What an alert is raised for. */
public sealed interface AlertCause {
    /**
     * Something happened, once or so often.
     *
     * @param event what
     * @param task of which task; empty for a run's, and for that of any task
     * @param condition what holds when it counts; empty when it always does
     * @param count how often it has to happen, from 1
     * @param within in how long; what happened before counts no more
     * @param measure what is odd about it beside those before; empty when it is by itself
     */
    record Happening(
            AlertEvent event,
            Optional<TaskId> task,
            Optional<Condition> condition,
            int count,
            Duration within,
            Optional<AlertMeasure> measure)
            implements AlertCause {}

    /**
     * A run has not ended in time, whether it has begun or waits for a slot still.
     *
     * @param after how long after its trigger; empty where a time of day is given
     * @param by the time of day; the first after its trigger counts
     * @param zone where it is that time
     */
    record Deadline(Optional<Duration> after, Optional<LocalTime> by, ZoneId zone) implements AlertCause {
        /** When the time of a run is up. @param triggered when its trigger came, or what its schedule says */
        public Instant of(Instant triggered) {
            if (after.isPresent()) {
                return triggered.plus(after.get());
            }
            ZonedDateTime from = triggered.atZone(zone);
            ZonedDateTime today = from.toLocalDate().atTime(by.orElseThrow()).atZone(zone);
            return (today.isAfter(from)
                            ? today
                            : from.toLocalDate().plusDays(1).atTime(by.get()).atZone(zone))
                    .toInstant();
        }
    }

    /**
     * Something has not happened for too long: silence.
     *
     * @param event what
     * @param task of which task; empty for a run's, and for that of any task
     * @param condition what holds when it counts; empty when it always does
     * @param within how long, from the last time, or from when the rule was applied
     */
    record Silence(AlertEvent event, Optional<TaskId> task, Optional<Condition> condition, Duration within)
            implements AlertCause {}
}
