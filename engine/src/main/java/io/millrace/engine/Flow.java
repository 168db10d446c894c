package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Template;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How work flows downstream: from a task that ended to those that need it, and from "all that it needs has ended" to a
 * task in its queue, or skipped, or failed because an expression of its own cannot be evaluated (G4).
 */
final class Flow {
    private final Limits limits;

    Flow(Limits limits) {
        this.limits = limits;
    }

    /** Decides what becomes of a task whose last need has ended. */
    void activate(Step step, Task task) {
        for (TaskId need : task.needs()) {
            TaskStatus status = step.task(need).status();
            if (status != TaskStatus.SUCCEEDED) {
                skip(step, task, "it needs " + need.value() + ", which " + ended(status));
                return;
            }
        }
        boolean wanted;
        try {
            wanted = task.condition().isEmpty() || task.condition().get().evaluate(new RunScope(step));
        } catch (EvaluationException e) {
            fail(step, task, OutputCheck.unevaluable(e));
            return;
        }
        if (wanted) {
            dispatch(step, task, step.task(task.id()).delivery().nextAttempt());
        } else {
            skip(step, task, "its condition is false: " + task.condition().get().source());
        }
    }

    /** Hands a task to its queue as the given delivery; the event that the step began with names it. */
    void dispatch(Step step, Task task, Delivery delivery) {
        Document inputs;
        Map<String, String> environment = new LinkedHashMap<>();
        try {
            RunScope scope = new RunScope(step);
            inputs = Document.ofValue(task.with().evaluate(scope));
            for (Map.Entry<String, Template> variable : task.env().entrySet()) {
                environment.put(variable.getKey(), variable.getValue().evaluateText(scope));
            }
        } catch (EvaluationException e) {
            fail(step, task, OutputCheck.unevaluable(e));
            return;
        }
        Optional<String> excess = limits.excessTaskInputs(inputs).or(() -> limits.excessEnvironment(environment));
        if (excess.isPresent()) {
            fail(step, task, Failure.permanent(Failure.Kind.EXPRESSION, excess.get()));
            return;
        }
        step.dispatch(
                task,
                new Effect.DispatchTask(
                        task.id(),
                        delivery,
                        task.queue(),
                        task.action(),
                        inputs,
                        environment,
                        task.secrets(),
                        task.fileOutputs(),
                        task.files(),
                        task.timeout().orElse(null),
                        task.memoryBytes().orElse(null)));
    }

    /** Tells the dependents of every task that ended in this step, and theirs; ends the run after its last task. */
    void settle(Step step) {
        for (Optional<TaskId> ended = step.nextEnded(); ended.isPresent(); ended = step.nextEnded()) {
            for (TaskId dependent : step.pipeline.dependents(ended.get())) {
                TaskState joined = step.task(dependent).needEnded();
                step.put(dependent, joined);
                if (joined.openNeeds() == 0) {
                    activate(step, step.pipeline.task(dependent));
                }
            }
        }
        if (step.allTasksEnded()) {
            List<String> failed = step.pipeline.tasks().stream()
                    .map(Task::id)
                    .filter(task -> step.task(task).status() == TaskStatus.FAILED)
                    .map(TaskId::value)
                    .toList();
            if (failed.isEmpty()) {
                step.event(RunEventType.RUN_SUCCEEDED);
                step.retire(RunStatus.SUCCEEDED);
            } else {
                step.event(RunEventType.RUN_FAILED)
                        .because("%d of %d tasks failed: %s"
                                .formatted(failed.size(), step.pipeline.tasks().size(), abbreviated(failed)));
                step.retire(RunStatus.FAILED);
            }
        }
    }

    private static String abbreviated(List<String> names) {
        int shown = 10;
        return names.size() <= shown
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, shown)) + " and " + (names.size() - shown) + " more";
    }

    private static void skip(Step step, Task task, String reason) {
        step.event(RunEventType.TASK_SKIPPED).of(task.id(), Delivery.NONE).because(reason);
        step.put(task.id(), step.task(task.id()).skipped());
    }

    private static void fail(Step step, Task task, Failure failure) {
        TaskState state = step.task(task.id());
        step.event(RunEventType.TASK_FAILED, task.id(), state).failure(failure);
        step.put(task.id(), state.failed());
    }

    private static String ended(TaskStatus status) {
        return switch (status) {
            case FAILED -> "failed";
            case SKIPPED -> "was skipped";
            case CANCELLED -> "was cancelled";
            default -> throw new IllegalStateException("A need that has ended cannot be " + status);
        };
    }
}
