package io.millrace.coordinator.query;

import io.millrace.engine.RunStatus;
import io.millrace.event.RunEvent;
import io.millrace.event.RunOutcome;
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
            case RUN_FINISHING -> finishing(before, event);
            case RUN_QUEUED -> before.map(run -> run.status().hasEnded() ? run : run.queued());
            case RUN_ADMITTED -> before.map(run -> run.status().hasEnded() ? run : run.admitted());
            case RUN_RERUN -> before.map(run -> run.status().hasEnded() ? run.reopened() : run);
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
                Optional.empty(),
                0,
                0);
    }

    private static Optional<RunSummary> finishing(Optional<RunSummary> before, RunEvent event) {
        return event.getOutcome()
                .flatMap(SummaryFold::status)
                .flatMap(outcome -> before.filter(run -> !run.status().hasEnded())
                        .map(run -> run.finishing(outcome, event.getReason())))
                .or(() -> before);
    }

    private static Optional<RunStatus> status(RunOutcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> Optional.of(RunStatus.SUCCEEDED);
            case FAILED -> Optional.of(RunStatus.FAILED);
            case CANCELLED -> Optional.of(RunStatus.CANCELLED);
            case REFUSED, UNKNOWN -> Optional.empty();
        };
    }

    /** The first end counts, unless the run was opened again since. */
    private static Optional<RunSummary> ended(Optional<RunSummary> before, RunEvent event, RunStatus status) {
        return before.map(run -> run.status().hasEnded() ? run : run.ended(status, event.getAt(), event.getReason()));
    }
}
