package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.AlertId;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an alert rule of a pipeline has to say of an event of a run.
 *
 * @param kind what
 * @param rule the rule, of the version that the run is pinned to
 * @param group which of the rule's alerts it concerns; empty where the rule has one
 * @param task the task that it happened to, or null
 * @param at when
 * @param dueAt of a run that has begun, when its time is up; null otherwise
 * @param value the number that is held against those before, or null
 * @param message what the rule says that is to be said, or null
 * @param facts what people want to know who are told of it; an object
 */
public record AlertSignal(
        Kind kind,
        AlertId rule,
        String group,
        @Nullable TaskId task,
        Instant at,
        @Nullable Instant dueAt,
        @Nullable Double value,
        @Nullable String message,
        Document facts) {
    /** What a rule can have to say. */
    public enum Kind {
        /** What it is about has happened. */
        HAPPENED,
        /** The opposite has. */
        CALM,
        /** Its expressions have no answer, which is news as well. */
        FAULT,
        /** A run has begun whose time will be up. */
        RUN_BEGAN,
        /** Such a run has ended. */
        RUN_ENDED
    }
}
