package io.millrace.engine;

import io.millrace.expression.EvaluationException;
import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a run waits until it is one of so many that its pipeline lets be under way, and then begins. Until it has its slot nothing of it is
 * executed, and its time does not run.
 */
final class Admission {
    private final Step step;
    private final Flow flow;

    Admission(Step step, Flow flow) {
        this.step = step;
        this.flow = flow;
    }

    /** The time at which a run is up that begins now; null when it has no limit. */
    static @Nullable Instant timeIsUpAt(Pipeline pipeline, Instant now) {
        return pipeline.timeout().map(now::plus).orElse(null);
    }

    /** Has the run ask for a slot. */
    void ask(Concurrency concurrency) {
        Slot slot = new Slot(
                concurrency.pool().orElse(null), keyOf(concurrency), concurrency.priority(), step.nextSequence(), null);
        step.event(RunEventType.RUN_QUEUED).slot(slot);
        step.head(step.head().in(slot, null));
        step.effect(new Effect.AskForSlot(slot));
    }

    private String keyOf(Concurrency concurrency) {
        try {
            return concurrency.keyOf(step.head().inputs());
        } catch (EvaluationException e) {
            throw new IllegalStateException("what was found when the inputs were resolved cannot be found", e);
        }
    }

    /** The run has a slot: whatever waits for nothing begins. */
    void admit(Slot slot) {
        Instant timeIsUpAt = timeIsUpAt(step.pipeline, step.now);
        step.event(RunEventType.RUN_ADMITTED).slot(slot).dueAt(timeIsUpAt);
        step.head(step.head().in(slot, timeIsUpAt));
        begin();
    }

    /** Begins the tasks that wait for nothing. */
    void begin() {
        for (Task task : step.pipeline.tasks(Stage.MAIN)) {
            if (hasDecided(task)) {
                flow.activation().activate(step, task);
            }
        }
        flow.settle(step);
    }

    /** Whether what it needs has decided about a task that waits. */
    private boolean hasDecided(Task task) {
        TaskState state = step.task(task.id());
        return state.status() == TaskStatus.WAITING
                && (state.openNeeds() == 0
                        || task.needs().stream()
                                .anyMatch(need -> Gate.opensEarly(
                                        task.triggerRule(), step.task(need).status())));
    }
}
