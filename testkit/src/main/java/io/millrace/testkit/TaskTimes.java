package io.millrace.testkit;

import io.millrace.engine.Failure;
import io.millrace.engine.RunEvent;
import io.millrace.pipeline.TaskId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When the tasks of a run began and ended, and why those that failed did, as its events tell. */
final class TaskTimes {
    private final Map<TaskId, TaskResult.Moment> begun = new LinkedHashMap<>();
    private final Map<TaskId, TaskResult.Moment> ended = new LinkedHashMap<>();
    private final Map<TaskId, Failure> failures = new HashMap<>();
    private final Map<TaskId, String> reasons = new HashMap<>();

    TaskTimes(List<RunEvent> events) {
        events.forEach(this::add);
    }

    private void add(RunEvent event) {
        TaskId task = event.task();
        if (task == null) {
            return;
        }
        TaskResult.Moment moment = new TaskResult.Moment(event.at(), event.sequence());
        switch (event.type()) {
            case TASK_STARTED, TASK_DEFERRED -> begun.putIfAbsent(task, moment);
            case TASK_SUCCEEDED, TASK_FAILED -> ended.put(task, moment);
            case TASK_SKIPPED, TASK_UPSTREAM_FAILED, TASK_CANCELLED -> {
                ended.put(task, moment);
                note(reasons, task, event.reason());
            }
            default -> {}
        }
        note(failures, task, event.failure());
    }

    private static <T> void note(Map<TaskId, T> notes, TaskId task, @Nullable T what) {
        if (what != null) {
            notes.put(task, what);
        }
    }

    /** Those that began, in that order. */
    List<TaskId> begun() {
        return List.copyOf(begun.keySet());
    }

    /** Those that ended, in that order. */
    List<TaskId> ended() {
        return List.copyOf(ended.keySet());
    }

    Optional<TaskResult.Moment> begin(TaskId task) {
        return Optional.ofNullable(begun.get(task));
    }

    Optional<TaskResult.Moment> end(TaskId task) {
        return Optional.ofNullable(ended.get(task));
    }

    Optional<Failure> failure(TaskId task) {
        return Optional.ofNullable(failures.get(task));
    }

    Optional<String> reason(TaskId task) {
        return Optional.ofNullable(reasons.get(task));
    }
}
