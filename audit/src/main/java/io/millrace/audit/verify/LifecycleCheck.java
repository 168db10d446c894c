package io.millrace.audit.verify;

import static io.millrace.audit.verify.TaskTrail.Phase.CANCELLED;
import static io.millrace.audit.verify.TaskTrail.Phase.DEFERRED;
import static io.millrace.audit.verify.TaskTrail.Phase.FAILED;
import static io.millrace.audit.verify.TaskTrail.Phase.QUEUED;
import static io.millrace.audit.verify.TaskTrail.Phase.RETRYING;
import static io.millrace.audit.verify.TaskTrail.Phase.RUNNING;
import static io.millrace.audit.verify.TaskTrail.Phase.SKIPPED;
import static io.millrace.audit.verify.TaskTrail.Phase.SUCCEEDED;
import static io.millrace.audit.verify.TaskTrail.Phase.UPSTREAM_FAILED;
import static io.millrace.audit.verify.TaskTrail.Phase.WAITING;

import io.millrace.audit.verify.TaskTrail.Phase;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every event finds its task in a state that it can follow: an outcome is accepted of a delivery that is under way, from the
 * worker that claimed it, once (G3); a task begins once (G4). The states are those of docs/lifecycles.md.
 */
final class LifecycleCheck implements RunCheck {
    private static final Set<Phase> UNDER_WAY = EnumSet.of(RUNNING, DEFERRED);
    private static final Set<Phase> OPEN = EnumSet.of(WAITING, QUEUED, RUNNING, DEFERRED, RETRYING);

    private final RunFacts run;
    private final Findings findings;

    LifecycleCheck(RunFacts run, Findings findings) {
        this.run = run;
        this.findings = findings;
    }

    @Override
    public void on(Step step) {
        step.events().forEach(this::on);
    }

    private void on(Recorded<RunEvent> event) {
        if (event.value().getType() == RunEventType.RUN_RERUN) {
            run.reopen(event.value());
        } else if (event.value().getTask().isPresent() && event.value().getType() != RunEventType.REPORT_REJECTED) {
            onTask(event);
        }
        for (String task : event.value().getDispatched()) {
            dispatched(task, event);
        }
    }

    private void onTask(Recorded<RunEvent> event) {
        RunEvent value = event.value();
        TaskTrail task = run.task(value.getTask().orElseThrow());
        switch (value.getType()) {
            case TASK_STARTED -> {
                if (follows(task, EnumSet.of(QUEUED), event) && isCurrent(task, event)) {
                    findings.checked(Guarantee.G3, "claims");
                }
                task.become(RUNNING, timeIsUpAt(value));
                task.worker = value.getWorker().orElse("");
                task.incarnation = value.getIncarnation().orElse("");
            }
            case TASK_SUCCEEDED -> outcome(task, SUCCEEDED, event);
            case TASK_RETRIED -> {
                outcome(task, RETRYING, event);
                task.dueAt = value.getDueAt().orElse(null);
            }
            case TASK_FAILED -> failed(task, event);
            case TASK_LOST, TASK_RELEASED -> {
                if (follows(task, EnumSet.of(RUNNING), event) && isCurrent(task, event)) {
                    isFromHolder(task, event);
                }
                task.become(WAITING, null); // It is handed on in the same step, or fails in it.
            }
            case TASK_PROGRESSED -> {
                if (follows(task, EnumSet.of(RUNNING), event) && isCurrent(task, event)) {
                    isFromHolder(task, event);
                }
            }
            case TASK_DEFERRED -> {
                follows(task, EnumSet.of(WAITING, RETRYING), event);
                advances(task, Delivery.of(value), event);
                task.become(DEFERRED, value.getDueAt().orElse(null));
            }
            case TASK_EXPANDED -> follows(task, EnumSet.of(DEFERRED), event);
            case TASK_QUEUED -> follows(task, EnumSet.of(RETRYING), event);
            case TASK_SKIPPED -> ends(task, EnumSet.of(WAITING), SKIPPED, event);
            case TASK_UPSTREAM_FAILED -> ends(task, EnumSet.of(WAITING), UPSTREAM_FAILED, event);
            case TASK_CANCELLED -> ends(task, OPEN, CANCELLED, event);
            default ->
                findings.violation(
                        Guarantee.G3, run.id(), "an event of an unknown type, " + value.getType(), event.position());
        }
    }

    private @Nullable Instant timeIsUpAt(RunEvent started) {
        TaskId task = new TaskId(started.getTask().orElseThrow()).base();
        return run.pipeline().hasTask(task)
                ? run.pipeline().task(task).timeout().map(started.getAt()::plus).orElse(null)
                : null;
    }

    /** The end of an attempt that was under way. */
    private void outcome(TaskTrail task, Phase next, Recorded<RunEvent> event) {
        findings.checked(Guarantee.G3, "accepted outcomes");
        if (follows(task, UNDER_WAY, event) && isCurrent(task, event) && task.phase == RUNNING) {
            isFromHolder(task, event);
        }
        task.become(next, null);
    }

    /** Also without an attempt, or between two: when an expression of the task's own cannot be evaluated. */
    private void failed(TaskTrail task, Recorded<RunEvent> event) {
        if (UNDER_WAY.contains(task.phase)) {
            outcome(task, FAILED, event);
        } else {
            ends(task, EnumSet.of(WAITING, RETRYING), FAILED, event);
        }
    }

    private void ends(TaskTrail task, Set<Phase> from, Phase to, Recorded<RunEvent> event) {
        follows(task, from, event);
        task.become(to, null);
    }

    private void dispatched(String id, Recorded<RunEvent> event) {
        TaskTrail task = run.task(id);
        Delivery next = run.dispatchedBy(event.value(), id);
        if (task.phase == WAITING || task.phase == RETRYING) {
            findings.checked(Guarantee.G4, "dispatches");
        } else {
            findings.violation(
                    Guarantee.G4,
                    run.id(),
                    next + " was dispatched although it was " + inWords(task.phase) + " already",
                    event.position());
        }
        advances(task, next, event);
        task.become(QUEUED, null);
    }

    private void advances(TaskTrail task, Delivery next, Recorded<RunEvent> event) {
        Delivery last = task.delivery;
        if (next.attempt() < last.attempt() || next.attempt() == last.attempt() && next.epoch() <= last.epoch()) {
            findings.violation(Guarantee.G2, run.id(), next + " follows " + last, event.position());
        }
        task.delivery = next;
    }

    private boolean follows(TaskTrail task, Set<Phase> from, Recorded<RunEvent> event) {
        if (from.contains(task.phase)) {
            return true;
        }
        Guarantee guarantee = event.value().getType() == RunEventType.TASK_STARTED ? Guarantee.G2 : Guarantee.G3;
        findings.violation(
                guarantee,
                run.id(),
                event.value().getType() + " of " + Delivery.of(event.value()) + ", but the task was "
                        + inWords(task.phase),
                event.position());
        return false;
    }

    private boolean isCurrent(TaskTrail task, Recorded<RunEvent> event) {
        Delivery delivery = Delivery.of(event.value());
        if (delivery.equals(task.delivery)) {
            return true;
        }
        findings.violation(
                Guarantee.G3,
                run.id(),
                event.value().getType() + " of " + delivery + ", but the current delivery was " + task.delivery,
                event.position());
        return false;
    }

    private void isFromHolder(TaskTrail task, Recorded<RunEvent> event) {
        String worker = event.value().getWorker().orElse(null);
        String incarnation = event.value().getIncarnation().orElse(null);
        if (!task.isHeldBy(worker, incarnation)) {
            findings.violation(
                    Guarantee.G3,
                    run.id(),
                    event.value().getType() + " of " + task.delivery + " is by " + worker + " (" + incarnation
                            + "), but " + task.worker + " (" + task.incarnation + ") had claimed it",
                    event.position());
        }
    }

    private static String inWords(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
