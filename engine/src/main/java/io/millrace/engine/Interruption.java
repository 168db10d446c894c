package io.millrace.engine;

import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;

/**
 * The end of what is under way, before it is done: by cancellation, or because the run's time is up. Running tasks are
 * asked to stop, whatever they report is rejected, and runs that they started are cancelled. The tasks of `on_failure` and
 * `finally` are executed all the same, unless nothing of the run has begun; a second interruption ends those, too.
 */
final class Interruption {
    private final Step step;
    private final Flow flow;

    Interruption(Step step, Flow flow) {
        this.step = step;
        this.flow = flow;
    }

    void interrupt(RunStatus outcome, String reason) {
        Ending ending = step.head().ending();
        if (ending == null && !step.head().isQueued()) {
            for (Task task : step.pipeline.tasks(Stage.MAIN)) {
                cancel(task, reason);
            }
            flow.stages().decide(step, outcome, reason, null);
            flow.settle(step);
            return;
        }
        for (Task task : step.pipeline.tasks()) {
            cancel(task, reason);
        }
        if (ending == null || ending.outcome() == RunStatus.SUCCEEDED) {
            flow.stages().end(step, outcome, reason);
        } else {
            flow.stages().end(step, ending.outcome(), ending.reason());
        }
    }

    private void cancel(Task task, String reason) {
        ItemCount items = step.task(task.id()).items();
        if (items != null) {
            for (int index = 0; index < items.next(); index++) {
                cancel(task.id().item(index), reason);
            }
        }
        cancel(task.id(), reason);
    }

    private void cancel(TaskId id, String why) {
        TaskState state = step.task(id);
        if (state.status().hasEnded() || id.isItem() && state.status() == TaskStatus.WAITING) {
            return;
        }
        if (state.status() == TaskStatus.RUNNING) {
            step.effect(new Effect.RequestCancellation(id, state.delivery(), why));
        }
        if (state.childRun() != null) {
            step.effect(new Effect.CancelRun(state.childRun(), why));
        }
        step.event(RunEventType.TASK_CANCELLED, id, state).by(state.claimant()).because(why);
        step.put(id, state.cancelled());
    }
}
