package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Template;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a run goes from its tasks to those of {@code on_failure} and {@code finally}, and ends. The outcome is decided when
 * the first stage ends; later tasks can only turn success into failure.
 */
final class Stages {
    private static final int SHOWN = 10;

    private final Limits limits;
    private final Activation activation;

    Stages(Limits limits, Activation activation) {
        this.limits = limits;
        this.activation = activation;
    }

    /** Begins the first stage of a run of which nothing has begun. */
    void begin(Step step) {
        activateRoots(step, Stage.MAIN);
    }

    /** Goes to the next stage, or ends the run, when the current stage has ended; false when it goes on as it is. */
    boolean advance(Step step) {
        if (step.isOver()
                || !hasEnded(step.pipeline, step.endedTasks(), step.head().stage())) {
            return false;
        }
        Ending ending = step.head().ending();
        if (ending == null) {
            List<TaskId> failed = failed(step, Stage.MAIN);
            RunStatus outcome = failed.isEmpty() ? RunStatus.SUCCEEDED : RunStatus.FAILED;
            decide(
                    step,
                    outcome,
                    failed.isEmpty() ? null : sentence(step, failed),
                    step.head().wakeAt());
        } else if (ending.stage() == Stage.ON_FAILURE) {
            step.head(step.head()
                    .ending(
                            new Ending(Stage.FINALLY, ending.outcome(), ending.reason()),
                            step.head().wakeAt()));
            activateRoots(step, Stage.FINALLY);
        } else {
            List<TaskId> failed = failed(step, Stage.FINALLY);
            boolean turned = ending.outcome() == RunStatus.SUCCEEDED && !failed.isEmpty();
            end(step, turned ? RunStatus.FAILED : ending.outcome(), turned ? sentence(step, failed) : ending.reason());
        }
        return true;
    }

    /** The outcome is known: what is left are the tasks of {@code on_failure} and {@code finally}, if there are any. */
    void decide(Step step, RunStatus outcome, @Nullable String reason, @Nullable Instant wakeAt) {
        boolean none = step.pipeline.tasks(Stage.ON_FAILURE).isEmpty()
                && step.pipeline.tasks(Stage.FINALLY).isEmpty();
        if (none) {
            end(step, outcome, reason);
            return;
        }
        step.event(RunEventType.RUN_FINISHING).outcome(outcome).because(reason).dueAt(wakeAt);
        step.head(step.head().ending(new Ending(Stage.ON_FAILURE, outcome, reason), wakeAt));
        if (outcome == RunStatus.FAILED) {
            activateRoots(step, Stage.ON_FAILURE);
            return;
        }
        for (Task task : step.pipeline.tasks(Stage.ON_FAILURE)) {
            TaskState state = step.task(task.id());
            step.event(RunEventType.TASK_SKIPPED, task.id(), state).because("the run did not fail");
            step.put(task.id(), state.skipped());
        }
    }

    /** Ends the run. */
    void end(Step step, RunStatus outcome, @Nullable String reason) {
        Document output = null;
        RunStatus status = outcome;
        String why = reason;
        if (outcome == RunStatus.SUCCEEDED && !step.pipeline.outputs().isEmpty()) {
            try {
                output = outputs(step);
                Optional<String> excess = limits.excessOutput(output);
                why = excess.orElse(null);
            } catch (EvaluationException e) {
                why = "the run's outputs: " + e.getMessage();
            }
            status = why == null ? outcome : RunStatus.FAILED;
            output = why == null ? output : null;
        }
        RunEventType type = switch (status) {
            case SUCCEEDED -> RunEventType.RUN_SUCCEEDED;
            case FAILED -> RunEventType.RUN_FAILED;
            case CANCELLED -> RunEventType.RUN_CANCELLED;
            case QUEUED, RUNNING -> throw new IllegalStateException("A run cannot end as " + status);
        };
        step.event(type).because(why).output(output);
        Parent parent = step.head().trigger().parent();
        if (parent != null) {
            step.effect(new Effect.TellParent(parent, status, output, why));
        }
        Slot slot = step.head().slot();
        if (slot != null) {
            step.effect(new Effect.GiveSlotBack(step.head().pipeline(), slot, step.nextSequence() - 1));
        }
        step.retire(status);
    }

    private static Document outputs(Step step) throws EvaluationException {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, Template> output : step.pipeline.outputs().entrySet()) {
            values.put(output.getKey(), output.getValue().evaluate(new RunScope(step)));
        }
        return Document.ofValue(values);
    }

    private void activateRoots(Step step, Stage stage) {
        step.pipeline.roots(stage).forEach(task -> activation.activate(step, task));
    }

    /** Stages end in their order, so that counting is enough. */
    static boolean hasEnded(Pipeline pipeline, int endedTasks, Stage stage) {
        int due = 0;
        for (Stage each : Stage.values()) {
            due += each.compareTo(stage) <= 0 ? pipeline.tasks(each).size() : 0;
        }
        return endedTasks >= due;
    }

    private static List<TaskId> failed(Step step, Stage stage) {
        return step.pipeline.tasks(stage).stream()
                .map(Task::id)
                .filter(task -> step.task(task).status() == TaskStatus.FAILED)
                .toList();
    }

    private static String sentence(Step step, List<TaskId> failed) {
        List<String> names = failed.stream().map(TaskId::value).toList();
        String list = names.size() <= SHOWN
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
        return "%d of %d tasks failed: %s"
                .formatted(names.size(), step.pipeline.tasks().size(), list);
    }
}
