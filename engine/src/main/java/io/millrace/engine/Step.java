package io.millrace.engine;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One decision in the making: the state before it, seen through the changes made so far. It numbers the events, and
 * marks every changed record with the last number, so that the run's sequence can be told from its records alone.
 */
final class Step {
    final RunId id;
    final Pipeline pipeline;
    final Instant now;

    private final @Nullable RunState before;
    /** Whether the state before is stored nowhere any more, and all of it has to be put. */
    private final boolean reopened;

    private final Map<TaskId, TaskState> changed = new LinkedHashMap<>();
    private final Map<TaskId, List<@Nullable Object>> newItems = new LinkedHashMap<>();
    private final List<RunEvent.Draft> events = new ArrayList<>(2);
    private final List<Effect> effects = new ArrayList<>(2);
    private final ArrayDeque<TaskId> justEnded = new ArrayDeque<>(2);
    private RunHead head;
    private boolean headChanged;
    private int endedTasks;
    private @Nullable CommandId command;
    private @Nullable RunStatus outcome;

    /** A step of an open run. */
    Step(RunState before, Pipeline pipeline, Instant now) {
        this(before, pipeline, now, false);
    }

    /** The step that opens a run again. @param ended the run as it was at its end */
    static Step reopening(RunState ended, Pipeline pipeline, Instant now) {
        return new Step(ended, pipeline, now, true);
    }

    /** The first step of a run. */
    Step(RunId id, RunHead head, Pipeline pipeline, Instant now) {
        this.id = id;
        this.before = null;
        this.reopened = false;
        this.head = head;
        this.headChanged = true;
        this.pipeline = pipeline;
        this.now = now;
    }

    private Step(RunState before, Pipeline pipeline, Instant now, boolean reopened) {
        this.id = before.id();
        this.before = before;
        this.reopened = reopened;
        this.head = before.head();
        this.pipeline = pipeline;
        this.now = now;
        this.endedTasks = before.endedTasks();
    }

    RunHead head() {
        return head;
    }

    void head(RunHead newHead) {
        head = newHead;
        headChanged = true;
    }

    TaskState task(TaskId task) {
        TaskState state = changed.get(task);
        if (state != null) {
            return state;
        }
        return before != null
                ? before.task(task, pipeline)
                : TaskState.waiting(
                        task.isItem() ? 0 : pipeline.task(task).needs().size());
    }

    /** The task of the pipeline that this is, or is an item of. */
    Task definition(TaskId task) {
        return pipeline.task(task.base());
    }

    List<@Nullable Object> items(TaskId task) {
        List<@Nullable Object> fresh = newItems.get(task);
        if (fresh != null) {
            return fresh;
        }
        return before == null ? List.of() : before.items(task);
    }

    void items(TaskId task, List<@Nullable Object> items) {
        newItems.put(task, items);
    }

    void put(TaskId task, TaskState state) {
        boolean hadEnded = task(task).status().hasEnded();
        changed.put(task, state);
        if (state.status().hasEnded() == hadEnded) {
            return;
        }
        if (!task.isItem()) {
            endedTasks += hadEnded ? -1 : 1;
        }
        if (!hadEnded) {
            justEnded.add(task);
        }
    }

    /** The next task that ended in this step and whose dependents have not been told. */
    Optional<TaskId> nextEnded() {
        return Optional.ofNullable(justEnded.poll());
    }

    int endedTasks() {
        return endedTasks;
    }

    boolean isOver() {
        return outcome != null;
    }

    RunEvent.Draft event(RunEventType type) {
        RunEvent.Draft event = new RunEvent.Draft(type, nextSequence(), now);
        events.add(event);
        return event;
    }

    /** An event of one task's current delivery. */
    RunEvent.Draft event(RunEventType type, TaskId task, TaskState state) {
        return event(type).of(task, state.delivery());
    }

    /** This step decides about a command; the event that it begins with says so. */
    void about(Input.Command decided) {
        command = decided.id();
    }

    /** Puts on record that a command came again, and that it changed nothing. */
    void repeated(Input.Command repeat, String why) {
        RunEvent.Draft event =
                event(RunEventType.REPORT_REJECTED).askedBy(repeat.by()).because(repeat.noun() + " repeated: " + why);
        if (repeat instanceof Input.TaskAnswered answer) {
            event.of(answer.task(), Delivery.NONE);
        } else if (repeat instanceof Input.RerunRun rerun) {
            event.chosen(rerun.tasks());
        }
    }

    void effect(Effect effect) {
        effects.add(effect);
    }

    /** Hands a task to its queue; the event that the step began with says so. */
    void dispatch(Effect.DispatchTask order) {
        put(order.task(), task(order.task()).queued(order.delivery()));
        events.get(0).dispatched(order.task());
        effects.add(order);
    }

    /** The run has ended: nothing of it is stored any more. */
    void retire(RunStatus status) {
        outcome = status;
    }

    Decision complete() {
        if (command != null && !events.isEmpty()) {
            events.get(0).about(command);
            if (!head.hasDecided(command)) {
                head(head.decided(command));
            }
        }
        List<RunEvent> completed = new ArrayList<>(events.size());
        for (RunEvent.Draft event : events) {
            completed.add(event.complete());
        }
        if (!pipeline.alerts().isEmpty()) {
            new AlertWatch(this).signals(completed).forEach(signal -> effects.add(new Effect.TellAlerts(signal)));
        }
        return new Decision(changes(), completed, List.copyOf(effects));
    }

    private List<Change> changes() {
        if (outcome != null) {
            return List.of(new Change.RetireRun(head, outcome, sequence()));
        }
        long last = sequence();
        List<Change> changes = new ArrayList<>(changed.size() + 1);
        if (headChanged || changed.isEmpty() && !events.isEmpty()) {
            changes.add(new Change.PutRun(head.at(last)));
        }
        if (reopened && before != null) {
            before.tasksWithItems().stream()
                    .filter(task -> !newItems.containsKey(task))
                    .forEach(task -> changes.add(new Change.PutItems(task, before.items(task))));
            before.tasks().forEach((task, state) -> {
                if (!changed.containsKey(task)) {
                    changes.add(new Change.PutTask(task, state));
                }
            });
        }
        newItems.forEach((task, items) -> changes.add(new Change.PutItems(task, items)));
        changed.forEach((task, state) -> changes.add(new Change.PutTask(task, state.at(last))));
        return changes;
    }

    /** The number of the event that comes next. */
    long nextSequence() {
        return sequence() + 1;
    }

    private long sequence() {
        return (before == null ? 0 : before.sequence()) + events.size();
    }
}
