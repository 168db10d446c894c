package io.millrace.audit.verify;

import io.millrace.audit.verify.TaskTrail.Phase;
import io.millrace.event.FailureKind;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs has a worker that is heard of: where others went on to be heard and this one did not, its tasks were handed
 * on or failed (G7). How long it took is measured, and not judged: the engine's clock of leases stands still while heartbeats
 * cannot be heard, which the log does not tell.
 */
final class LeaseCheck implements RunCheck {
    /** For how long a worker may be silent: well over any lease that makes sense, and the five seconds of the guarantee. */
    static final Duration SILENT_FOR = Duration.ofMinutes(2);

    private final RunFacts run;
    private final Findings findings;
    private final WorkerLives workers;
    private @Nullable Position last;

    LeaseCheck(RunFacts run, Findings findings, WorkerLives workers) {
        this.run = run;
        this.findings = findings;
        this.workers = workers;
    }

    @Override
    public void on(Step step) {
        for (Recorded<RunEvent> event : step.events()) {
            last = event.position();
            if (isLoss(event.value())) {
                findings.checked(Guarantee.G7, "lost deliveries");
                workers.lost(
                        event.value().getWorker().orElse(""),
                        event.value().getIncarnation().orElse(""),
                        event.value().getAt());
            }
        }
    }

    private static boolean isLoss(RunEvent event) {
        return event.getType() == RunEventType.TASK_LOST
                || event.getFailure()
                        .filter(failure -> failure.getKind() == FailureKind.WORKER_LOST)
                        .isPresent();
    }

    @Override
    public void atEnd() {
        Position where = last;
        if (where == null) {
            return;
        }
        for (TaskTrail task : run.trails().values()) {
            String worker = task.worker;
            String incarnation = task.incarnation;
            if (task.phase != Phase.RUNNING || worker == null || incarnation == null) {
                continue;
            }
            findings.checked(Guarantee.G7, "running tasks");
            workers.silence(worker, incarnation)
                    .filter(silence -> silence.compareTo(SILENT_FOR) > 0)
                    .ifPresent(silence -> findings.violation(
                            Guarantee.G7,
                            run.id(),
                            task.delivery + " is held by " + worker + " (" + incarnation
                                    + "), which has been silent for " + silence.toSeconds()
                                    + " s while others were heard",
                            where));
        }
    }
}
