package io.millrace.testkit;

import io.millrace.engine.RunState;
import io.millrace.engine.TaskState;
import io.millrace.engine.TaskStatus;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a run waits for when nothing is to happen any more, in words. What only waits for other tasks is not named. */
final class Waits {
    private static final int SHOWN = 10;

    private Waits() {}

    static List<String> of(RunState run, Pipeline pipeline, Set<TaskId> unknown) {
        List<String> waits = new ArrayList<>();
        for (Task task : pipeline.tasks()) {
            add(task.id(), task, run, pipeline, unknown, waits);
            for (int index = 0; index < run.items(task.id()).size() && waits.size() <= SHOWN; index++) {
                add(task.id().item(index), task, run, pipeline, unknown, waits);
            }
        }
        return waits.size() <= SHOWN ? waits : waits.subList(0, SHOWN);
    }

    private static void add(
            TaskId id, Task task, RunState run, Pipeline pipeline, Set<TaskId> unknown, List<String> waits) {
        TaskState state = run.task(id, pipeline);
        boolean begun = state.status() == TaskStatus.RUNNING
                || (state.status() == TaskStatus.DEFERRED && state.items() == null);
        if (!begun) {
            return;
        }
        if (unknown.contains(id)) {
            waits.add(id + ", of whose outcome nothing is known");
        } else if (task.action() instanceof Approval) {
            waits.add("an answer to " + id);
        } else if (state.childRun() != null) {
            waits.add("the end of the run that " + id + " started");
        } else {
            waits.add(id + ", which never ends");
        }
    }
}
