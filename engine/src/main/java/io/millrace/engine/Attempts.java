package io.millrace.engine;

import io.millrace.expression.Condition;
import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.pipeline.Deferred;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What follows from the end of an attempt: an output that is accepted, another attempt, or a task that failed for good. */
final class Attempts {
    private final Step step;
    private final Flow flow;
    private final Limits limits;

    Attempts(Step step, Flow flow, Limits limits) {
        this.step = step;
        this.flow = flow;
        this.limits = limits;
    }

    /** The attempt gave an output, which is accepted if it is one that the task may give. */
    void succeeded(TaskId id, Document output, @Nullable LogSpan logs) {
        TaskState state = step.task(id);
        Optional<Failure> fault = OutputCheck.fault(step, id, output, limits);
        if (fault.isPresent()) {
            failed(id, fault.get(), logs);
            return;
        }
        step.event(RunEventType.TASK_SUCCEEDED, id, state)
                .by(state.claimant())
                .output(output)
                .logs(logs);
        step.put(id, state.succeeded(output));
        flow.settle(step);
    }

    /** The attempt failed; another follows when the failure and the retry policy allow it. */
    void failed(TaskId id, Failure failure, @Nullable LogSpan logs) {
        TaskState state = step.task(id);
        Task task = step.definition(id);
        if (!failure.retryable() || state.countedAttempts() > task.retry().max()) {
            failedForGood(id, failure, logs);
            return;
        }
        Optional<String> objection = objection(id, task, failure);
        if (objection.isPresent()) {
            failedForGood(id, failure.permanentSince(objection.get()), logs);
            return;
        }
        Duration wait = Backoff.after(state.countedAttempts(), task.retry(), step.id, id);
        Instant dueAt = step.now.plus(Backoff.atLeast(failure.retryAfter(), wait));
        step.event(RunEventType.TASK_RETRIED, id, state)
                .by(state.claimant())
                .failure(failure)
                .dueAt(dueAt)
                .logs(logs);
        step.put(id, state.retrying(dueAt));
    }

    /** What the condition of the retry policy has against another attempt. */
    private Optional<String> objection(TaskId id, Task task, Failure failure) {
        Optional<Condition> condition = task.retry().condition();
        if (condition.isEmpty()) {
            return Optional.empty();
        }
        try {
            RunScope scope =
                    RunScope.of(step, id).failing(failure, step.task(id).countedAttempts());
            return condition.get().evaluate(scope)
                    ? Optional.empty()
                    : Optional.of("not tried again: " + condition.get().source() + " is false");
        } catch (EvaluationException e) {
            return Optional.of("not tried again: " + e.getMessage());
        }
    }

    /** The task failed, and no attempt follows. */
    void failedForGood(TaskId id, Failure failure, @Nullable LogSpan logs) {
        TaskState state = step.task(id);
        step.event(RunEventType.TASK_FAILED, id, state)
                .by(state.claimant())
                .failure(failure)
                .logs(logs);
        step.put(id, state.failed());
        flow.settle(step);
    }

    /** The time of the next attempt has come. */
    void retry(TaskId id) {
        Delivery next = step.task(id).delivery().nextAttempt();
        if (!(step.definition(id).action() instanceof Deferred)) {
            step.event(RunEventType.TASK_QUEUED).of(id, next);
        }
        flow.activation().begin(step, id, next);
        flow.settle(step);
    }

    /** The attempt goes on with another worker. */
    void handOn(TaskId id) {
        flow.activation().begin(step, id, step.task(id).delivery().nextEpoch());
        flow.settle(step);
    }
}
