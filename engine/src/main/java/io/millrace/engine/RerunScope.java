package io.millrace.engine;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What begins anew when a run that has ended is opened again: the chosen tasks, or all that did not succeed, and whatever
 * is downstream of them; and always the tasks of {@code on_failure} and {@code finally}, since their stages come again.
 * Everything else keeps its state and its output.
 *
 * @param tasks the tasks that begin anew; empty when there is nothing to execute again
 * @param whole those of them whose items all begin anew, with a list that is made anew; of others the items that
 *     succeeded are kept
 * @param items the items that were chosen by themselves
 */
public record RerunScope(Set<TaskId> tasks, Set<TaskId> whole, Set<TaskId> items) {
    /**
     * The scope of a rerun.
     *
     * @param chosen tasks and items; empty for all that did not succeed. What the pipeline does not have is passed over
     * @param status how each task of the pipeline has ended
     */
    public static RerunScope of(Pipeline pipeline, Collection<TaskId> chosen, Function<TaskId, TaskStatus> status) {
        Set<TaskId> tasks = new LinkedHashSet<>();
        Set<TaskId> whole = new LinkedHashSet<>();
        Set<TaskId> items = new LinkedHashSet<>();
        Deque<TaskId> next = new ArrayDeque<>();
        if (chosen.isEmpty()) {
            pipeline.tasks().stream()
                    .map(Task::id)
                    .filter(task -> isToMend(status.apply(task)))
                    .forEach(next::add);
        }
        for (TaskId task : chosen) {
            if (pipeline.hasTask(task.base())) {
                (task.isItem() ? items : whole).add(task);
                next.add(task.base());
            }
        }
        if (!next.isEmpty()) {
            for (Stage stage : Stage.values()) {
                if (stage != Stage.MAIN) {
                    pipeline.tasks(stage).forEach(task -> {
                        whole.add(task.id());
                        next.add(task.id());
                    });
                }
            }
        }
        while (!next.isEmpty()) {
            TaskId task = next.remove();
            if (tasks.add(task)) {
                whole.addAll(pipeline.dependents(task));
                next.addAll(pipeline.dependents(task));
            }
        }
        return new RerunScope(tasks, whole, items);
    }

    private static boolean isToMend(TaskStatus status) {
        return status.isFailure() || status == TaskStatus.CANCELLED;
    }

    /** Whether a task or an item that is in this state begins anew. */
    public boolean includes(TaskId id, TaskStatus status) {
        if (!id.isItem()) {
            return tasks.contains(id);
        }
        TaskId task = id.base();
        return tasks.contains(task) && (whole.contains(task) || items.contains(id) || status != TaskStatus.SUCCEEDED);
    }

    /** The states that those which begin anew begin with. */
    Map<TaskId, TaskState> resets(Pipeline pipeline, RunState ended) {
        Map<TaskId, TaskState> resets = new LinkedHashMap<>();
        for (TaskId id : tasks) {
            TaskState state = ended.task(id, pipeline);
            int openNeeds = (int)
                    pipeline.task(id).needs().stream().filter(tasks::contains).count();
            ItemCount kept = whole.contains(id) || state.items() == null
                    ? null
                    : ItemCount.of(state.items().total());
            resets.put(id, state.anew(openNeeds, kept));
        }
        ended.tasks().forEach((id, state) -> {
            if (id.isItem() && includes(id, state.status())) {
                resets.put(id, state.anew(0, null));
            }
        });
        return resets;
    }
}
