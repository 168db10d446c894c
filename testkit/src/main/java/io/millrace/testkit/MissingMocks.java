package io.millrace.testkit;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says which tasks of a rehearsed run would have needed a mock, and how one looks. */
public final class MissingMocks {
    private MissingMocks() {}

    /** A sentence for each task that has none; items count as their task. */
    public static List<String> of(RehearsalResult run, Mocks mocks) {
        Set<TaskId> tasks = new LinkedHashSet<>();
        run.unknown().forEach(task -> tasks.add(mocks.has(task) ? task : task.base()));
        return tasks.stream().map(task -> sentence(task, run, mocks)).toList();
    }

    private static String sentence(TaskId task, RehearsalResult run, Mocks mocks) {
        if (mocks.has(task)) {
            return "the mock of " + task + " does not say what its outcome number " + run.asked(task) + " is";
        }
        Pipeline pipeline = run.pipeline();
        Task definition = pipeline.task(task.base());
        String why = definition.outputs().isEmpty() ? "has a `check`" : "declares outputs";
        return "the task " + task + " " + why + " and has no mock; give it one such as `" + task + ": {output: "
                + Unmocked.standIn(definition) + "}`";
    }
}
