package io.millrace.coordinator.query;

import io.millrace.engine.RunStatus;
import io.millrace.event.RunEvent;
import java.util.Optional;

/** The part of the fold that lists need: it reads the run's own events and no other. Pure. */
final class SummaryFold {
    private SummaryFold() {}

    /** The summary after one more event; the same one when the event does not concern the run as a whole. */
    static Optional<RunSummary> next(Optional<RunSummary> before, RunEvent event) {
        return switch (event.getType()) {
            case RUN_STARTED -> before.isPresent() ? before : Optional.of(started(event));
            case RUN_SUCCEEDED -> ended(before, event, RunStatus.SUCCEEDED);
            case RUN_FAILED -> ended(before, event, RunStatus.FAILED);
            case RUN_CANCELLED -> ended(before, event, RunStatus.CANCELLED);
            default -> before;
        };
    }

    private static RunSummary started(RunEvent event) {
        return new RunSummary(
                event.getRunId(),
                event.getPipeline(),
                event.getVersion(),
                RunStatus.RUNNING,
                event.getTrigger(),
                event.getAt(),
                Optional.empty(),
                Optional.empty(),
                0);
    }

    /** The first end counts; the engine writes no second one. */
    private static Optional<RunSummary> ended(Optional<RunSummary> before, RunEvent event, RunStatus status) {
        return before.map(run -> run.status().hasEnded() ? run : run.ended(status, event.getAt(), event.getReason()));
    }
}
