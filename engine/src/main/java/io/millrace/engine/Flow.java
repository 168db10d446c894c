package io.millrace.engine;

import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.Optional;

/**
 * How work flows downstream: from a task that ended to those that need it, from an item to its task, and from a stage of
 * the run to the next one (G4).
 */
final class Flow {
    private final Activation activation;
    private final Stages stages;

    Flow(Limits limits) {
        this.activation = new Activation(limits);
        this.stages = new Stages(limits, activation);
    }

    Activation activation() {
        return activation;
    }

    Stages stages() {
        return stages;
    }

    /** Tells the dependents of every task that ended in this step, and theirs; ends the run after its last task. */
    void settle(Step step) {
        do {
            for (Optional<TaskId> ended = step.nextEnded(); ended.isPresent(); ended = step.nextEnded()) {
                if (ended.get().isItem()) {
                    activation.items().ended(step, ended.get());
                } else {
                    tellDependents(step, ended.get());
                }
            }
        } while (stages.advance(step));
    }

    private void tellDependents(Step step, TaskId ended) {
        TaskStatus status = step.task(ended).status();
        for (TaskId dependent : step.pipeline.dependents(ended)) {
            TaskState state = step.task(dependent);
            if (state.status() != TaskStatus.WAITING) {
                continue; // Its rule was met before, or its run ends.
            }
            TaskState joined = state.needEnded();
            step.put(dependent, joined);
            Task task = step.pipeline.task(dependent);
            if (joined.openNeeds() == 0 || Gate.opensEarly(task.triggerRule(), status)) {
                activation.activate(step, task);
            }
        }
    }
}
