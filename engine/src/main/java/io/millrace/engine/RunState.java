package io.millrace.engine;

import io.millrace.expression.Scope;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TaskId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open run as it is kept live: its head, the tasks to which something has happened, and what can be counted from
 * them. It is the sum of its stored records and nothing more: {@link #restore} of those gives an equal state.
 *
 * <p><b>Threading:</b> owned by the one thread that decides for the run.
 */
public final class RunState {
    private final RunId id;
    private RunHead head;
    private final Map<TaskId, TaskState> tasks;
    private final Map<TaskId, List<@Nullable Object>> items = new HashMap<>();
    private long sequence;
    private int endedTasks;

    private RunState(RunId id, RunHead head) {
        this.id = id;
        this.head = head;
        this.tasks = new HashMap<>();
        this.sequence = head.sequence();
    }

    /** The run that these stored records are of. */
    public static RunState restore(
            RunId id, RunHead head, Map<TaskId, TaskState> tasks, Map<TaskId, List<@Nullable Object>> items) {
        RunState run = new RunState(id, head);
        tasks.forEach(run::put);
        run.items.putAll(items);
        return run;
    }

    /** The run after a decision; null when there is none or when it has ended. */
    public static @Nullable RunState after(RunId id, @Nullable RunState before, Decision decision) {
        RunState run = before;
        for (Change change : decision.changes()) {
            if (change instanceof Change.RetireRun) {
                return null;
            } else if (change instanceof Change.PutRun put) {
                if (run == null) {
                    run = new RunState(id, put.head());
                } else {
                    run.put(put.head());
                }
            } else if (change instanceof Change.PutTask put && run != null) {
                run.put(put.task(), put.state());
            } else if (change instanceof Change.PutItems put && run != null) {
                run.items.put(put.task(), put.items());
            }
        }
        return run;
    }

    /** A run with nothing but its head. */
    static RunState started(RunId id, RunHead head) {
        return new RunState(id, head);
    }

    void put(RunHead newHead) {
        head = newHead;
        sequence = Math.max(sequence, newHead.sequence());
    }

    void put(TaskId task, List<@Nullable Object> list) {
        items.put(task, list);
    }

    void put(TaskId task, TaskState state) {
        TaskState before = tasks.put(task, state);
        sequence = Math.max(sequence, state.sequence());
        boolean hadEnded = before != null && before.status().hasEnded();
        if (!task.isItem() && state.status().hasEnded() != hadEnded) {
            endedTasks += hadEnded ? -1 : 1;
        }
    }

    /** The run's id. */
    public RunId id() {
        return id;
    }

    /** What is known of the run as a whole. */
    public RunHead head() {
        return head;
    }

    /** The number of the run's last event. */
    public long sequence() {
        return sequence;
    }

    /** How many of its tasks have ended; items do not count. */
    public int endedTasks() {
        return endedTasks;
    }

    /** The task's state; a task that nothing has happened to waits for all that it needs. */
    public TaskState task(TaskId task, Pipeline pipeline) {
        TaskState state = tasks.get(task);
        if (state != null) {
            return state;
        }
        return TaskState.waiting(task.isItem() ? 0 : pipeline.task(task).needs().size());
    }

    /** The list that a task with {@code for_each} runs over; empty before it is known. */
    public List<@Nullable Object> items(TaskId task) {
        return items.getOrDefault(task, List.of());
    }

    /** The tasks with {@code for_each} whose lists are known; a view. */
    public Set<TaskId> tasksWithItems() {
        return Collections.unmodifiableSet(items.keySet());
    }

    /** The tasks to which something has happened; a view. */
    public Map<TaskId, TaskState> tasks() {
        return Collections.unmodifiableMap(tasks);
    }

    /** What expressions that belong to the run see of it as it is. */
    public Scope scope(Pipeline pipeline) {
        return new RunScope(new Step(this, pipeline, head.startedAt()));
    }

    /** What the expressions of a task or of an item see; for an item, {@code item} and {@code index} as well. */
    public Scope scope(TaskId task, Pipeline pipeline) {
        return RunScope.of(new Step(this, pipeline, head.startedAt()), task);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RunState that
                && id.equals(that.id)
                && head.equals(that.head)
                && tasks.equals(that.tasks)
                && items.equals(that.items)
                && sequence == that.sequence
                && endedTasks == that.endedTasks;
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "RunState[" + id + ", sequence=" + sequence + ", " + head + ", " + tasks + "]";
    }
}
