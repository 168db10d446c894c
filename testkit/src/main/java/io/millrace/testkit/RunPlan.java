package io.millrace.testkit;

import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.engine.RunTrigger;
import io.millrace.expression.Document;
import io.millrace.pipeline.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a rehearsed run begins, and when it is cancelled.
 *
 * @param id its id, on which the jitter of retries depends
 * @param version the version of the pipeline that it says it is pinned to, from 1
 * @param inputs its inputs as a trigger gives them: without defaults
 * @param trigger what starts it
 * @param begin when, on the virtual clock
 * @param cancellations when it is to be cancelled, if it has not ended
 */
public record RunPlan(
        RunId id, int version, Document inputs, RunTrigger trigger, Instant begin, List<Cancellation> cancellations) {
    /** When a rehearsal begins unless it is told otherwise; a Thursday. */
    public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    /** A request to cancel the run. @param after how long after its begin */
    public record Cancellation(Duration after, String reason) {}

    /** Copies the list. */
    public RunPlan {
        cancellations = List.copyOf(cancellations);
    }

    /** A run without inputs, started by a call of the API, that is not cancelled. */
    public static RunPlan of(Pipeline pipeline) {
        return new RunPlan(
                RunId.ofKey(pipeline.id(), "rehearsal"),
                1,
                Document.EMPTY,
                new RunTrigger(RunTrigger.Kind.API, "rehearsal", null, null, null, null, null),
                BEGIN,
                List.of());
    }

    /**
     * The plan of a run that is on record: same inputs, same trigger, same begin, cancelled at the same time.
     *
     * @param events its events in the order of their numbers, the first included
     * @throws IllegalArgumentException when the first one is missing
     */
    public static RunPlan ofRecorded(RunId id, int version, List<RunEvent> events) {
        RunEvent start = events.isEmpty() ? null : events.get(0);
        if (start == null || start.inputs() == null || start.trigger() == null) {
            throw new IllegalArgumentException("the record of the run " + id + " does not have its begin");
        }
        List<Cancellation> cancellations = new ArrayList<>();
        for (RunEvent event : events) {
            boolean cancelled = event.type() == RunEventType.RUN_CANCELLED
                    || (event.type() == RunEventType.RUN_FINISHING && event.outcome() == RunStatus.CANCELLED);
            if (cancelled && cancellations.isEmpty()) {
                cancellations.add(new Cancellation(
                        Duration.between(start.at(), event.at()), Objects.requireNonNullElse(event.reason(), "")));
            }
        }
        return new RunPlan(id, version, start.inputs(), start.trigger(), start.at(), cancellations);
    }

    /** With these inputs. */
    public RunPlan withInputs(Document newInputs) {
        return new RunPlan(id, version, newInputs, trigger, begin, cancellations);
    }

    /** Started by this. */
    public RunPlan triggeredBy(RunTrigger newTrigger) {
        return new RunPlan(id, version, inputs, newTrigger, begin, cancellations);
    }

    /** Begun then. */
    public RunPlan beginning(Instant newBegin) {
        return new RunPlan(id, version, inputs, trigger, newBegin, cancellations);
    }

    /** Cancelled so long after its begin, if it has not ended by then. */
    public RunPlan cancelledAfter(Duration time, String reason) {
        List<Cancellation> all = new ArrayList<>(cancellations);
        all.add(new Cancellation(time, reason));
        return new RunPlan(id, version, inputs, trigger, begin, all);
    }
}
