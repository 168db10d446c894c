package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.Action;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import io.millrace.pipeline.Wait;
import io.millrace.pipeline.WorkerLoss;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each input does to an open run: the rules of docs/lifecycles.md, one method an input. */
final class OpenRun implements Input.Handler {
    /** How much longer than its timeout an attempt may take before the engine ends it: the worker does so first. */
    static final Duration TIMEOUT_GRACE = Duration.ofSeconds(10);

    private final Step step;
    private final Flow flow;
    private final Limits limits;
    private final Attempts attempts;

    OpenRun(Step step, Flow flow, Limits limits) {
        this.step = step;
        this.flow = flow;
        this.limits = limits;
        this.attempts = new Attempts(step, flow, limits);
    }

    @Override
    public void on(Input.StartRun start) {
        // A repeated trigger finds the run that exists (G1).
    }

    @Override
    public void on(Input.CancelRun cancel) {
        new Interruption(step, flow).interrupt(RunStatus.CANCELLED, cancel.reason());
    }

    @Override
    public void on(Input.RerunRun rerun) {
        Reopening.reject(step, rerun, "the run has not ended");
    }

    @Override
    public void on(Input.RunTimerDue due) {
        Instant timeIsUpAt = step.head().wakeAt();
        if (timeIsUpAt != null && !step.now.isBefore(timeIsUpAt)) {
            Duration allowed = step.pipeline
                    .timeout()
                    .orElseGet(() -> Duration.between(step.head().startedAt(), timeIsUpAt));
            new Interruption(step, flow)
                    .interrupt(RunStatus.FAILED, "the run's timeout of " + inWords(allowed) + " is up");
        }
    }

    @Override
    public void on(Input.SlotGranted granted) {
        Slot slot = step.head().slot();
        if (slot != null && !slot.isHeld() && slot.asked() == granted.asked()) {
            new Admission(step, flow).admit(slot.granted(granted.grant()));
        }
    }

    @Override
    public void on(Input.TaskClaimed claimed) {
        TaskState state = current(claimed, TaskStatus.QUEUED);
        if (state == null) {
            cancelUnlessCurrent(claimed);
            return;
        }
        Instant timeIsUpAt = timeIsUpAt(step.definition(claimed.task()), step.now);
        step.event(RunEventType.TASK_STARTED, claimed.task(), state).by(claimed.claimant());
        step.put(claimed.task(), state.running(claimed.claimant(), timeIsUpAt));
    }

    /** When an attempt that a worker began then has had its time; null when it may take as long as it likes. */
    static @Nullable Instant timeIsUpAt(Task task, Instant claimedAt) {
        return task.timeout()
                .map(timeout -> claimedAt.plus(timeout).plus(TIMEOUT_GRACE))
                .orElse(null);
    }

    @Override
    public void on(Input.TaskProgressed progressed) {
        TaskState state = current(progressed, TaskStatus.RUNNING);
        if (state == null) {
            return;
        }
        step.event(RunEventType.TASK_PROGRESSED, progressed.task(), state)
                .by(state.claimant())
                .progress(progressed.progress(), progressed.checkpoint());
        step.put(progressed.task(), progressed.checkpoint() == null ? state : state.resumable(progressed.checkpoint()));
    }

    @Override
    public void on(Input.TaskSucceeded succeeded) {
        if (current(succeeded, TaskStatus.RUNNING) != null) {
            attempts.succeeded(succeeded.task(), succeeded.output(), succeeded.logs());
        }
    }

    @Override
    public void on(Input.TaskFailed failed) {
        if (current(failed, TaskStatus.RUNNING) != null) {
            attempts.failed(failed.task(), failed.failure(), failed.logs());
        }
    }

    @Override
    public void on(Input.TaskReleased released) {
        TaskState state = current(released, TaskStatus.RUNNING);
        if (state != null) {
            step.event(RunEventType.TASK_RELEASED, released.task(), state)
                    .by(state.claimant())
                    .because(released.reason())
                    .logs(released.logs());
            attempts.handOn(released.task());
        }
    }

    @Override
    public void on(Input.WorkerLost lost) {
        TaskState state = step.task(lost.task());
        if (state.status() != TaskStatus.RUNNING || !lost.claimant().equals(state.claimant())) {
            return;
        }
        int losses = state.losses() + 1;
        if (step.definition(lost.task()).onWorkerLoss() == WorkerLoss.FAIL) {
            attempts.failedForGood(lost.task(), workerLost(lost.reason() + "; the task is not to be handed on"), null);
        } else if (losses >= limits.losses()) {
            attempts.failedForGood(
                    lost.task(),
                    workerLost(lost.reason() + "; that was loss " + losses
                            + " of this attempt, and the limit losses is " + limits.losses()),
                    null);
        } else {
            step.event(RunEventType.TASK_LOST, lost.task(), state)
                    .by(lost.claimant())
                    .because(lost.reason());
            step.put(lost.task(), state.lost());
            attempts.handOn(lost.task());
        }
    }

    @Override
    public void on(Input.TaskAnswered answered) {
        TaskState state = deferred(answered.task());
        if (state == null || !(step.definition(answered.task()).action() instanceof Approval)) {
            step.event(RunEventType.REPORT_REJECTED)
                    .of(answered.task(), Delivery.NONE)
                    .askedBy(answered.by())
                    .because("answer rejected: the task waits for none");
            return;
        }
        String by = answered.by() == null ? "somebody" : answered.by();
        if (answered.approved()) {
            Map<String, @Nullable Object> output = new LinkedHashMap<>();
            output.put("approved_at", step.now.toString());
            output.put("by", answered.by());
            output.put("comment", answered.comment());
            attempts.succeeded(answered.task(), Document.ofValue(output), null);
        } else {
            String comment = answered.comment() == null ? "" : ": " + answered.comment();
            attempts.failedForGood(
                    answered.task(), Failure.permanent(Failure.Kind.REJECTED, "rejected by " + by + comment), null);
        }
    }

    @Override
    public void on(Input.ChildEnded ended) {
        TaskState state = deferred(ended.task());
        if (state == null || !ended.run().equals(state.childRun())) {
            step.event(RunEventType.REPORT_REJECTED)
                    .of(ended.task(), Delivery.NONE)
                    .childRun(ended.run())
                    .because("end of the run " + ended.run() + " rejected: no task waits for it");
            return;
        }
        if (ended.outcome() == RunStatus.SUCCEEDED) {
            attempts.succeeded(ended.task(), ended.output() == null ? Document.EMPTY : ended.output(), null);
            return;
        }
        String what =
                ended.outcome() == null ? "refused" : ended.outcome().name().toLowerCase(Locale.ROOT);
        String message = "the run " + ended.run() + " " + what + (ended.reason() == null ? "" : ": " + ended.reason());
        attempts.failed(
                ended.task(),
                ended.outcome() == RunStatus.FAILED
                        ? Failure.retryable(Failure.Kind.RUN, message)
                        : Failure.permanent(Failure.Kind.RUN, message),
                null);
    }

    @Override
    public void on(Input.TaskTimerDue due) {
        TaskState state = step.task(due.task());
        if (state.wakeAt() == null || step.now.isBefore(state.wakeAt())) {
            return;
        }
        Task task = step.definition(due.task());
        if (state.status() == TaskStatus.RETRYING) {
            attempts.retry(due.task());
        } else if (state.items() != null) {
            flow.activation().items().expand(step, task);
            flow.settle(step);
        } else {
            timeIsUp(due.task(), state, task);
        }
    }

    private void timeIsUp(TaskId id, TaskState state, Task task) {
        Action action = task.action();
        if (action instanceof Wait) {
            attempts.succeeded(id, Document.EMPTY, null);
            return;
        }
        String allowed = inWords(task.timeout().orElseThrow());
        if (action instanceof Approval) {
            String reason = "nobody answered within " + allowed;
            attempts.failedForGood(id, Failure.permanent(Failure.Kind.TIMEOUT, reason), null);
            return;
        }
        String reason = "the attempt's timeout of " + allowed + " is up";
        if (state.childRun() != null) {
            step.effect(new Effect.CancelRun(state.childRun(), reason));
        } else {
            step.effect(new Effect.RequestCancellation(id, state.delivery(), reason));
        }
        attempts.failed(id, Failure.retryable(Failure.Kind.TIMEOUT, reason), null);
    }

    private @Nullable TaskState deferred(TaskId task) {
        if (!step.pipeline.hasTask(task.base())) {
            return null;
        }
        TaskState state = step.task(task);
        return state.status() == TaskStatus.DEFERRED && state.items() == null ? state : null;
    }

    /** The task of a report that is on its current delivery; otherwise the rejection is put on record. */
    private @Nullable TaskState current(Input.Report report, TaskStatus expected) {
        if (!step.pipeline.hasTask(report.task().base())) {
            reject(report, "the pipeline has no such task");
            return null;
        }
        TaskState state = step.task(report.task());
        if (state.is(expected, report.delivery())
                && (expected == TaskStatus.QUEUED || report.claimant().equals(state.claimant()))) {
            return state;
        }
        reject(
                report,
                "the task is " + RunScope.inWords(state.status())
                        + (state.delivery().equals(Delivery.NONE) ? "" : " in " + state.delivery()));
        return null;
    }

    /** A claim that was said twice must not stop the task that it is rightly executing. */
    private void cancelUnlessCurrent(Input.TaskClaimed claimed) {
        boolean current = step.pipeline.hasTask(claimed.task().base())
                && claimed.claimant().equals(step.task(claimed.task()).claimant())
                && claimed.delivery().equals(step.task(claimed.task()).delivery());
        if (!current) {
            step.effect(new Effect.RequestCancellation(
                    claimed.task(), claimed.delivery(), "the claim is not of the task's current delivery"));
        }
    }

    private void reject(Input.Report report, String reason) {
        step.event(RunEventType.REPORT_REJECTED)
                .of(report.task(), report.delivery())
                .by(report.claimant())
                .because(rejection(report, reason));
    }

    static String rejection(Input.Report report, String reason) {
        return report.noun() + " of " + report.delivery() + " rejected: " + reason;
    }

    private static Failure workerLost(String message) {
        return Failure.permanent(Failure.Kind.WORKER_LOST, message);
    }

    private static String inWords(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
