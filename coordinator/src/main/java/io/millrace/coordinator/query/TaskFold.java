package io.millrace.coordinator.query;

import io.millrace.engine.AttemptStatus;
import io.millrace.event.LogPosition;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TaskFailure;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One task of a run while the run's events are folded. Not thread-safe. */
final class TaskFold {
    private final String id;
    private final List<String> needs;
    private final Optional<String> kind;
    private final Optional<String> queue;
    private final DeliveryFold deliveries = new DeliveryFold();
    private TaskPhase status = TaskPhase.WAITING;
    private Optional<String> worker = Optional.empty();
    private Optional<Instant> queuedAt = Optional.empty();
    private Optional<Instant> startedAt = Optional.empty();
    private Optional<Instant> endedAt = Optional.empty();
    private Optional<String> output = Optional.empty();
    private Optional<TaskFailure> failure = Optional.empty();
    private Optional<String> reason = Optional.empty();
    private Optional<Instant> dueAt = Optional.empty();
    private Optional<Deferral> deferral = Optional.empty();
    private Optional<TaskProgress> progress = Optional.empty();
    private Optional<LogPosition> logs = Optional.empty();

    private TaskFold(String id, List<String> needs, Optional<String> kind, Optional<String> queue) {
        this.id = id;
        this.needs = needs;
        this.kind = kind;
        this.queue = queue;
    }

    static TaskFold of(Task task) {
        return new TaskFold(
                task.id().value(),
                task.needs().stream().map(TaskId::value).toList(),
                Optional.of(task.action().kind()),
                Optional.of(task.queue()));
    }

    /** An item of this task: executed as the task is, and in need of nothing by itself. */
    TaskFold item(String itemId) {
        return new TaskFold(itemId, List.of(), kind, queue);
    }

    /** A task that the events name, and the definition does not, because it is not at hand. */
    static TaskFold unknown(String id) {
        return new TaskFold(id, List.of(), Optional.empty(), Optional.empty());
    }

    /** Takes an event that is about this task. */
    void add(RunEvent event) {
        switch (event.getType()) {
            case TASK_STARTED -> started(event);
            case TASK_SUCCEEDED -> succeeded(event);
            case TASK_RETRIED -> retried(event);
            case TASK_FAILED -> failed(event);
            case TASK_LOST -> cameBack(event, AttemptStatus.LOST);
            case TASK_RELEASED -> cameBack(event, AttemptStatus.RELEASED);
            case TASK_SKIPPED -> ended(event, TaskPhase.SKIPPED);
            case TASK_UPSTREAM_FAILED -> ended(event, TaskPhase.UPSTREAM_FAILED);
            case TASK_CANCELLED -> cancelled(event);
            case TASK_DEFERRED -> deferred(event);
            case TASK_PROGRESSED ->
                progress = Optional.of(new TaskProgress(event.getAt(), event.getProgress(), event.getCheckpoint()));
            // Of TASK_EXPANDED only the items that it dispatched count, and they are told by its `dispatched`, too.
            // What TASK_QUEUED says is who is dispatched, and that is told by its `dispatched`.
            default -> {}
        }
    }

    /** Takes an event whose step handed this task to its queue. */
    void dispatchedBy(RunEvent event) {
        boolean ofThisTask = event.getTask().filter(id::equals).isPresent();
        if (ofThisTask && event.getType() == RunEventType.TASK_QUEUED) {
            deliveries.dispatched(event.getAttempt(), event.getEpoch());
        } else if (ofThisTask
                && (event.getType() == RunEventType.TASK_LOST || event.getType() == RunEventType.TASK_RELEASED)) {
            deliveries.dispatched(event.getAttempt(), event.getEpoch() + 1);
        } else {
            deliveries.dispatchedAnew();
        }
        status = TaskPhase.QUEUED;
        queuedAt = Optional.of(event.getAt());
        startedAt = Optional.empty();
        failure = Optional.empty();
        dueAt = Optional.empty();
        deferral = Optional.empty();
        progress = Optional.empty();
    }

    /** The run was opened again, and this task begins anew; what became of it so far stays among its attempts. */
    void reset() {
        status = TaskPhase.WAITING;
        worker = Optional.empty();
        queuedAt = Optional.empty();
        startedAt = Optional.empty();
        endedAt = Optional.empty();
        output = Optional.empty();
        failure = Optional.empty();
        reason = Optional.empty();
        dueAt = Optional.empty();
        deferral = Optional.empty();
        progress = Optional.empty();
    }

    String id() {
        return id;
    }

    TaskPhase status() {
        return status;
    }

    private void deferred(RunEvent event) {
        deliveries.claimed(event);
        status = TaskPhase.DEFERRED;
        reason = event.getReason();
        startedAt = startedAt.or(() -> Optional.of(event.getAt()));
        deferral = Optional.of(Deferral.of(event));
    }

    private void started(RunEvent event) {
        deliveries.claimed(event);
        status = TaskPhase.RUNNING;
        worker = event.getWorker();
        reason = Optional.empty();
        startedAt = Optional.of(event.getAt());
    }

    private void succeeded(RunEvent event) {
        deliveries.ended(event, AttemptStatus.SUCCEEDED);
        ended(event, TaskPhase.SUCCEEDED);
        output = event.getOutput();
    }

    private void retried(RunEvent event) {
        deliveries.ended(event, AttemptStatus.FAILED);
        status = TaskPhase.RETRYING;
        failure = event.getFailure();
        dueAt = event.getDueAt();
        deferral = Optional.empty();
        keepLogs(event);
    }

    private void failed(RunEvent event) {
        deliveries.ended(event, AttemptStatus.FAILED);
        ended(event, TaskPhase.FAILED);
        failure = event.getFailure();
    }

    private void cancelled(RunEvent event) {
        deliveries.ended(event, AttemptStatus.CANCELLED);
        ended(event, TaskPhase.CANCELLED);
    }

    private void cameBack(RunEvent event, AttemptStatus how) {
        deliveries.ended(event, how);
        reason = event.getReason();
        keepLogs(event);
    }

    private void ended(RunEvent event, TaskPhase how) {
        status = how;
        endedAt = Optional.of(event.getAt());
        reason = event.getReason();
        dueAt = Optional.empty();
        deferral = Optional.empty();
        keepLogs(event);
    }

    private void keepLogs(RunEvent event) {
        if (event.getLogs().isPresent()) {
            logs = event.getLogs();
        }
    }

    TaskView view() {
        return new TaskView(
                id,
                needs,
                kind,
                queue,
                status,
                deliveries.attempt(),
                deliveries.epoch(),
                worker,
                queuedAt,
                startedAt,
                endedAt,
                output,
                failure,
                reason,
                dueAt,
                deferral,
                progress,
                logs,
                deliveries.views());
    }
}
