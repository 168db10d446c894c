package io.millrace.engine;

import io.millrace.pipeline.Task;
import io.millrace.pipeline.WorkerLoss;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What each input does to an open run: the rules of docs/lifecycles.md, one method an input. */
final class OpenRun implements Input.Handler {
    /** How much longer than its timeout an attempt may take before the engine ends it: the worker does so first. */
    static final Duration TIMEOUT_GRACE = Duration.ofSeconds(10);

    private final Step step;
    private final Flow flow;
    private final Limits limits;

    OpenRun(Step step, Flow flow, Limits limits) {
        this.step = step;
        this.flow = flow;
        this.limits = limits;
    }

    @Override
    public void on(Input.StartRun start) {
        // A repeated trigger finds the run that exists (G1).
    }

    @Override
    public void on(Input.CancelRun cancel) {
        end(RunStatus.CANCELLED, RunEventType.RUN_CANCELLED, cancel.reason());
    }

    @Override
    public void on(Input.RunTimerDue due) {
        Instant timeIsUpAt = step.head().wakeAt();
        if (timeIsUpAt != null && !step.now.isBefore(timeIsUpAt)) {
            Duration allowed = Duration.between(step.head().startedAt(), timeIsUpAt);
            end(RunStatus.FAILED, RunEventType.RUN_FAILED, "the run's timeout of " + inWords(allowed) + " is up");
        }
    }

    @Override
    public void on(Input.TaskClaimed claimed) {
        TaskState state = current(claimed, TaskStatus.QUEUED);
        if (state == null) {
            cancelUnlessCurrent(claimed);
            return;
        }
        Instant timeIsUpAt = task(claimed)
                .timeout()
                .map(timeout -> step.now.plus(timeout).plus(TIMEOUT_GRACE))
                .orElse(null);
        step.event(RunEventType.TASK_STARTED, claimed.task(), state).by(claimed.claimant());
        step.put(claimed.task(), state.running(claimed.claimant(), timeIsUpAt));
    }

    @Override
    public void on(Input.TaskSucceeded succeeded) {
        TaskState state = current(succeeded, TaskStatus.RUNNING);
        if (state == null) {
            return;
        }
        Optional<Failure> fault = OutputCheck.fault(step, task(succeeded), succeeded.output(), limits);
        if (fault.isPresent()) {
            attemptFailed(task(succeeded), state, fault.get(), succeeded.logs());
            return;
        }
        step.event(RunEventType.TASK_SUCCEEDED, succeeded.task(), state)
                .by(state.claimant())
                .output(succeeded.output())
                .logs(succeeded.logs());
        step.put(succeeded.task(), state.succeeded(succeeded.output()));
        flow.settle(step);
    }

    @Override
    public void on(Input.TaskFailed failed) {
        TaskState state = current(failed, TaskStatus.RUNNING);
        if (state != null) {
            attemptFailed(task(failed), state, failed.failure(), failed.logs());
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
            handOn(task(released), state);
        }
    }

    @Override
    public void on(Input.WorkerLost lost) {
        TaskState state = step.task(lost.task());
        if (state.status() != TaskStatus.RUNNING || !lost.claimant().equals(state.claimant())) {
            return;
        }
        Task task = step.pipeline.task(lost.task());
        int epoch = state.delivery().epoch();
        if (task.onWorkerLoss() == WorkerLoss.FAIL) {
            failed(task, state, workerLost(lost.reason() + "; the task is not to be handed on"), null);
        } else if (epoch >= limits.epochs()) {
            failed(
                    task,
                    state,
                    workerLost(lost.reason() + "; that was delivery " + epoch
                            + " of this attempt, and the limit epochs is " + limits.epochs()),
                    null);
        } else {
            step.event(RunEventType.TASK_LOST, lost.task(), state)
                    .by(lost.claimant())
                    .because(lost.reason());
            handOn(task, state);
        }
    }

    @Override
    public void on(Input.TaskTimerDue due) {
        TaskState state = step.task(due.task());
        if (state.wakeAt() == null || step.now.isBefore(state.wakeAt())) {
            return;
        }
        Task task = step.pipeline.task(due.task());
        if (state.status() == TaskStatus.RETRYING) {
            Delivery next = state.delivery().nextAttempt();
            step.event(RunEventType.TASK_QUEUED).of(due.task(), next);
            flow.dispatch(step, task, next);
            flow.settle(step);
        } else {
            Duration allowed = task.timeout().orElseThrow();
            String reason = "the attempt's timeout of " + inWords(allowed) + " is up";
            step.effect(new Effect.RequestCancellation(due.task(), state.delivery(), reason));
            attemptFailed(task, state, Failure.retryable(Failure.Kind.TIMEOUT, reason), null);
        }
    }

    /** The task of a report that is on its current delivery; otherwise the rejection is put on record. */
    private @Nullable TaskState current(Input.Report report, TaskStatus expected) {
        if (!step.pipeline.hasTask(report.task())) {
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
        boolean current = step.pipeline.hasTask(claimed.task())
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

    private Task task(Input.Report report) {
        return step.pipeline.task(report.task());
    }

    private void handOn(Task task, TaskState state) {
        flow.dispatch(step, task, state.delivery().nextEpoch());
        flow.settle(step);
    }

    private void attemptFailed(Task task, TaskState state, Failure failure, @Nullable LogSpan logs) {
        int attempt = state.delivery().attempt();
        if (!failure.retryable() || attempt > task.retry().max()) {
            failed(task, state, failure, logs);
            return;
        }
        Instant dueAt = step.now.plus(Backoff.after(attempt, task.retry(), step.id, task.id()));
        step.event(RunEventType.TASK_RETRIED, task.id(), state)
                .by(state.claimant())
                .failure(failure)
                .dueAt(dueAt)
                .logs(logs);
        step.put(task.id(), state.retrying(dueAt));
    }

    private void failed(Task task, TaskState state, Failure failure, @Nullable LogSpan logs) {
        step.event(RunEventType.TASK_FAILED, task.id(), state)
                .by(state.claimant())
                .failure(failure)
                .logs(logs);
        step.put(task.id(), state.failed());
        flow.settle(step);
    }

    /** Ends the run now: running tasks are asked to stop, and whatever they report is rejected. */
    private void end(RunStatus status, RunEventType type, String reason) {
        for (Task task : step.pipeline.tasks()) {
            TaskState state = step.task(task.id());
            if (state.status().hasEnded()) {
                continue;
            }
            if (state.status() == TaskStatus.RUNNING) {
                step.effect(new Effect.RequestCancellation(task.id(), state.delivery(), reason));
            }
            step.event(RunEventType.TASK_CANCELLED, task.id(), state)
                    .by(state.claimant())
                    .because(reason);
            step.put(task.id(), state.cancelled());
        }
        step.event(type).because(reason);
        step.retire(status);
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
