package io.millrace.audit.verify;

import io.millrace.audit.verify.TaskTrail.Phase;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run ends when all of its tasks have, and as they have; and while it is open something is under way that will go on: a
 * task at a worker or in its queue, one that waits for something outside, or a point in time that has not been missed (G5).
 */
final class EndingCheck implements RunCheck {
    /** How long after a point in time the engine may have decided about other runs of the shard before it counts as missed. */
    static final Duration MISSED_AFTER = Duration.ofSeconds(60);

    private static final Set<Phase> UNDER_WAY = EnumSet.of(Phase.QUEUED, Phase.RUNNING, Phase.DEFERRED, Phase.RETRYING);

    private final RunFacts run;
    private final Findings findings;
    private final ShardClock clock;
    private @Nullable Instant runDueAt;
    private @Nullable Position last;
    private boolean waits;

    EndingCheck(RunFacts run, Findings findings, ShardClock clock) {
        this.run = run;
        this.findings = findings;
        this.clock = clock;
    }

    @Override
    public void on(Step step) {
        for (Recorded<RunEvent> event : step.events()) {
            last = event.position();
            switch (event.value().getType()) {
                case RUN_STARTED, RUN_RERUN, RUN_QUEUED, RUN_ADMITTED, RUN_FINISHING -> {
                    runDueAt = event.value().getDueAt().orElse(null);
                    waits = event.value().getType() == RunEventType.RUN_QUEUED;
                }
                case RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED -> ended(event);
                default -> {}
            }
        }
    }

    private void ended(Recorded<RunEvent> event) {
        findings.checked(Guarantee.G5, "ends of runs");
        List<String> open = run.pipeline().tasks().stream()
                .map(Task::id)
                .filter(task -> !run.phase(task).hasEnded())
                .map(task -> task + " " + inWords(run.phase(task)))
                .toList();
        if (!open.isEmpty()) {
            findings.violation(
                    Guarantee.G5,
                    run.id(),
                    event.value().getType() + " although tasks are open: " + open,
                    event.position());
        }
        run.trails().forEach((task, trail) -> {
            if (UNDER_WAY.contains(trail.phase)) {
                findings.violation(
                        Guarantee.G5,
                        run.id(),
                        event.value().getType() + " although " + task + " was " + inWords(trail.phase),
                        event.position());
            }
        });
        boolean failed = run.pipeline().tasks().stream()
                .filter(task -> task.stage() != Stage.ON_FAILURE)
                .anyMatch(task -> run.phase(task.id()) == Phase.FAILED);
        if (failed && event.value().getType() == RunEventType.RUN_SUCCEEDED) {
            findings.violation(Guarantee.G5, run.id(), "RUN_SUCCEEDED although a task failed", event.position());
        }
        if (event.value().getType() == RunEventType.RUN_FAILED
                && event.value().getReason().isEmpty()) {
            findings.violation(Guarantee.G5, run.id(), "RUN_FAILED without a reason", event.position());
        }
    }

    @Override
    public void atEnd() {
        Position where = last;
        if (where == null) {
            return;
        }
        findings.underWay("runs");
        missed(runDueAt, "the end of the run's time", where);
        if (waits) {
            findings.underWay("runs that wait for a slot");
            return;
        }
        boolean any = false;
        for (TaskTrail task : run.trails().values()) {
            any |= UNDER_WAY.contains(task.phase);
            if (UNDER_WAY.contains(task.phase)) {
                findings.underWay("tasks " + inWords(task.phase));
                missed(task.dueAt, inWords(task.phase) + " " + task.delivery, where);
            }
        }
        if (!any) {
            findings.violation(
                    Guarantee.G5, run.id(), "the run is open, and nothing of it is under way: it cannot end", where);
        }
    }

    private void missed(@Nullable Instant dueAt, String what, Position where) {
        if (dueAt != null && clock.reached(where).isAfter(dueAt.plus(MISSED_AFTER))) {
            findings.violation(
                    Guarantee.G5,
                    run.id(),
                    what + " was due at " + dueAt + ", and nothing happened although the engine went on until "
                            + clock.reached(where),
                    where);
        }
    }

    private static String inWords(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
