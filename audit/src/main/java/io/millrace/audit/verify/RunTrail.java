package io.millrace.audit.verify;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import java.util.List;
import java.util.Optional;

/** One run on its way through its checks. */
final class RunTrail {
    private final List<RunCheck> checks;
    private Step step = new Step();
    private boolean ended;

    RunTrail(List<RunCheck> checks) {
        this.checks = checks;
    }

    /** Takes the next event. Those without a number are no part of the run's history. */
    void add(Recorded<RunEvent> event) {
        if (!step.takes(event)) {
            complete();
            step.takes(event);
        }
        ended = hasEnded(event.value().getType()).orElse(ended);
        if (ended) {
            complete();
        }
    }

    boolean hasEnded() {
        return ended;
    }

    void atEnd() {
        complete();
        if (!ended) {
            checks.forEach(RunCheck::atEnd);
        }
    }

    private void complete() {
        if (!step.isEmpty()) {
            Step whole = step;
            step = new Step();
            checks.forEach(check -> check.on(whole));
        }
    }

    /** Whether a run has ended after such an event; empty when it says nothing of that. */
    static Optional<Boolean> hasEnded(RunEventType type) {
        return switch (type) {
            case RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED -> Optional.of(true);
            case RUN_STARTED, RUN_RERUN -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
