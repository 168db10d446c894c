package io.millrace.audit.verify;

import io.millrace.audit.verify.TaskTrail.Phase;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the events of a run say so far of its tasks; written by {@link LifecycleCheck}, read by the checks after it. */
final class RunFacts {
    private final String id;
    private final Pipeline pipeline;
    private final Map<String, TaskTrail> tasks = new LinkedHashMap<>();

    RunFacts(String id, Pipeline pipeline) {
        this.id = id;
        this.pipeline = pipeline;
    }

    String id() {
        return id;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    TaskTrail task(String task) {
        return tasks.computeIfAbsent(task, TaskTrail::new);
    }

    Phase phase(TaskId task) {
        TaskTrail trail = tasks.get(task.value());
        return trail == null ? Phase.WAITING : trail.phase;
    }

    /** The tasks and items to which something has happened. */
    Map<String, TaskTrail> trails() {
        return tasks;
    }

    /** The delivery that an event dispatched: the next epoch of a task that it hands on, and otherwise a new attempt. */
    Delivery dispatchedBy(RunEvent event, String dispatched) {
        boolean handedOn = dispatched.equals(event.getTask().orElse(""))
                && (event.getType() == RunEventType.TASK_LOST || event.getType() == RunEventType.TASK_RELEASED);
        Delivery last = task(dispatched).delivery;
        return handedOn ? last.nextEpoch() : last.nextAttempt();
    }

    /**
     * The run is open again. What was chosen, or else whatever did not succeed, begins anew with all that is downstream of
     * it, and the tasks of on_failure and finally do; items that succeeded stay, unless they or their task were chosen, or
     * their list is made anew.
     */
    void reopen(RunEvent rerun) {
        Set<String> chosenItems = new HashSet<>();
        Set<TaskId> whole = new HashSet<>();
        Deque<TaskId> next = new ArrayDeque<>();
        for (String chosen : rerun.getTasks()) {
            TaskId task = new TaskId(chosen);
            if (task.isItem()) {
                chosenItems.add(chosen);
            } else {
                whole.add(task);
            }
            next.add(task.base());
        }
        if (next.isEmpty()) {
            pipeline.tasks().stream()
                    .map(Task::id)
                    .filter(task -> phase(task).isFailure() || phase(task) == Phase.CANCELLED)
                    .forEach(next::add);
        }
        for (Stage stage : List.of(Stage.ON_FAILURE, Stage.FINALLY)) {
            pipeline.tasks(stage).forEach(task -> {
                whole.add(task.id());
                next.add(task.id());
            });
        }
        Set<TaskId> anew = new HashSet<>();
        while (!next.isEmpty()) {
            TaskId task = next.remove();
            if (anew.add(task)) {
                Collection<TaskId> downstream = pipeline.dependents(task);
                whole.addAll(downstream);
                next.addAll(downstream);
            }
        }
        tasks.forEach((name, trail) -> {
            TaskId task = new TaskId(name);
            boolean begins = anew.contains(task.base())
                    && (!task.isItem()
                            || whole.contains(task.base())
                            || chosenItems.contains(name)
                            || trail.phase != Phase.SUCCEEDED);
            if (begins) {
                trail.become(Phase.WAITING, null);
            }
        });
    }
}
