package io.millrace.pipeline.graph;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tasks by how many others must end, one after another, before them: whatever a task needs is in an earlier layer. */
final class Layers {
    private final List<List<Task>> layers = new ArrayList<>();
    private final Map<TaskId, Integer> numbers = new HashMap<>();

    private Layers() {}

    /** Of the tasks of one stage, which need none of another. */
    static Layers of(Pipeline pipeline, Stage stage) {
        Layers layers = new Layers();
        Map<TaskId, Integer> open = new HashMap<>();
        Deque<TaskId> ready = new ArrayDeque<>();
        for (Task task : pipeline.tasks(stage)) {
            open.put(task.id(), task.needs().size());
            if (task.needs().isEmpty()) {
                ready.add(task.id());
            }
        }
        while (!ready.isEmpty()) {
            TaskId next = ready.remove();
            int below = layers.number(next) + 1;
            for (TaskId dependent : pipeline.dependents(next)) {
                layers.numbers.merge(dependent, below, Math::max);
                if (open.merge(dependent, -1, Integer::sum) == 0) {
                    ready.add(dependent);
                }
            }
        }
        for (Task task : pipeline.tasks(stage)) {
            while (layers.layers.size() <= layers.number(task.id())) {
                layers.layers.add(new ArrayList<>());
            }
            layers.layers.get(layers.number(task.id())).add(task);
        }
        return layers;
    }

    /** From the first to the last, each in the order of the file. */
    List<List<Task>> all() {
        return layers;
    }

    int number(TaskId task) {
        return numbers.getOrDefault(task, 0);
    }
}
