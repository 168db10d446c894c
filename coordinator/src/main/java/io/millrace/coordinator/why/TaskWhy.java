package io.millrace.coordinator.why;

import io.millrace.coordinator.fleet.WorkerView;
import io.millrace.coordinator.query.Deferral;
import io.millrace.coordinator.query.TaskPhase;
import io.millrace.coordinator.query.TaskView;
import io.millrace.coordinator.why.Reason.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Explains one task. Pure: the same facts give the same words. */
final class TaskWhy {
    private static final int MOST_NAMED = 5;

    private final Function<String, Optional<TaskView>> tasks;
    private final List<WorkerView> workers;
    private final Duration lease;
    private final Instant now;

    /**
     * @param tasks finds the other tasks of the run
     * @param workers all that were heard of
     */
    TaskWhy(Function<String, Optional<TaskView>> tasks, List<WorkerView> workers, Duration lease, Instant now) {
        this.tasks = tasks;
        this.workers = workers;
        this.lease = lease;
        this.now = now;
    }

    Reason explain(TaskView task) {
        return switch (task.status()) {
            case WAITING -> waiting(task);
            case QUEUED -> queued(task);
            case RUNNING -> running(task);
            case DEFERRED -> deferred(task, task.deferral().orElseThrow());
            case RETRYING -> retrying(task);
            case SUCCEEDED, FAILED, SKIPPED, UPSTREAM_FAILED, CANCELLED -> ended(task);
        };
    }

    private Reason waiting(TaskView task) {
        List<String> missing = task.needs().stream()
                .filter(need -> tasks.apply(need)
                        .map(TaskView::status)
                        .filter(TaskPhase::hasEnded)
                        .isEmpty())
                .toList();
        String others = missing.isEmpty()
                ? "has nothing to wait for any more and is about to be dispatched"
                : "waits for " + named(missing) + (missing.size() == 1 ? " to end" : " to end, all of them");
        return reason(Kind.WAITS_FOR_TASKS, task, others).tasks(missing);
    }

    private Reason queued(TaskView task) {
        String queue = task.queue().orElse("its queue");
        List<WorkerView> serving =
                workers.stream().filter(worker -> worker.serves(queue)).toList();
        String waits = "lies in the queue " + queue
                + task.queuedAt().map(at -> " for " + Spans.text(at, now)).orElse("");
        if (serving.isEmpty()) {
            return reason(Kind.NO_WORKER, task, waits + ", and no live worker serves that queue")
                    .at(task.queue(), Optional.empty())
                    .between(task.queuedAt(), Optional.empty());
        }
        int slots = serving.stream()
                .mapToInt(worker -> worker.heartbeat().getSlots())
                .sum();
        int busy = serving.stream()
                .mapToInt(worker -> worker.heartbeat().getBusy())
                .sum();
        return reason(
                        Kind.QUEUED,
                        task,
                        waits + "; " + serving.size() + (serving.size() == 1 ? " worker serves" : " workers serve")
                                + " it, with " + busy + " of " + slots + " slots taken")
                .at(task.queue(), Optional.empty())
                .between(task.queuedAt(), Optional.empty());
    }

    private Reason running(TaskView task) {
        String worker = task.worker().orElse("an unknown worker");
        String sentence = "is executed by " + worker
                + task.startedAt().map(at -> " for " + Spans.text(at, now)).orElse("");
        Optional<WorkerView> known = workers.stream()
                .filter(each -> each.heartbeat().getWorker().equals(worker))
                .findFirst();
        if (known.isPresent() && known.get().health() != WorkerView.Health.ALIVE) {
            sentence += ", which was last heard of " + Spans.text(known.get().silence()) + " ago; its lease of "
                    + Spans.text(lease) + " is over, so the task is about to be handed on";
            return reason(Kind.WORKER_LOST, task, sentence)
                    .at(task.queue(), task.worker())
                    .between(task.startedAt(), Optional.empty());
        }
        if (task.attempt() > 1) {
            sentence += ", attempt " + task.attempt();
        }
        sentence += known.map(each -> "; the worker was last heard of " + Spans.text(each.silence()) + " ago")
                .orElse("; nothing has been heard of that worker here yet");
        return reason(Kind.RUNNING, task, sentence)
                .at(task.queue(), task.worker())
                .between(task.startedAt(), Optional.empty());
    }

    private Reason deferred(TaskView task, Deferral deferral) {
        String limit = deferral.until()
                .map(until -> ", at most for another " + Spans.text(now, until))
                .orElse("");
        Reason reason;
        if (deferral.childRun().isPresent()) {
            reason = reason(
                    Kind.WAITS_FOR_RUN,
                    task,
                    "waits for the run " + deferral.childRun().get() + " to end" + limit);
        } else if (deferral.items().isPresent()) {
            reason = reason(
                    Kind.WAITS_FOR_ITEMS,
                    task,
                    "waits for its " + deferral.items().getAsInt() + " items to end" + limit);
        } else if (isTimer(task)) {
            reason = reason(
                    Kind.WAITS_FOR_TIME,
                    task,
                    deferral.until()
                            .map(until -> "waits for another " + Spans.text(now, until))
                            .orElse("waits for its time"));
        } else {
            reason = reason(Kind.WAITS_FOR_ANSWER, task, "waits for somebody to approve or refuse it" + limit);
        }
        return reason.ofRun(deferral.childRun()).between(Optional.of(deferral.since()), deferral.until());
    }

    private static boolean isTimer(TaskView task) {
        return task.kind().filter("wait"::equals).isPresent();
    }

    private Reason retrying(TaskView task) {
        String failure =
                task.failure().map(why -> " (" + why.getMessage() + ")").orElse("");
        return reason(
                        Kind.RETRYING,
                        task,
                        "failed in attempt " + task.attempt() + failure
                                + task.dueAt()
                                        .map(due -> due.isAfter(now)
                                                ? "; the next attempt is due in " + Spans.text(now, due)
                                                : "; the next attempt is due now")
                                        .orElse("; another attempt follows"))
                .at(task.queue(), task.worker())
                .between(task.attempts().isEmpty() ? Optional.empty() : endOfLast(task), task.dueAt());
    }

    private static Optional<Instant> endOfLast(TaskView task) {
        return task.attempts().get(task.attempts().size() - 1).endedAt();
    }

    private Reason ended(TaskView task) {
        String how = switch (task.status()) {
            case SUCCEEDED -> "has succeeded";
            case FAILED -> "has failed";
            case SKIPPED -> "was skipped";
            case UPSTREAM_FAILED -> "was not executed";
            default -> "was cancelled";
        };
        String because = task.reason()
                .or(() -> task.failure().map(failure -> failure.getMessage()))
                .filter(text -> !text.isBlank())
                .map(text -> ": " + text)
                .orElse("");
        return reason(Kind.ENDED, task, how + because)
                .at(task.queue(), task.worker())
                .between(task.endedAt(), Optional.empty());
    }

    private static Reason reason(Kind kind, TaskView task, String predicate) {
        return Reason.of(kind, Optional.of(task.id()), "the task " + task.id() + " " + predicate);
    }

    private static String named(List<String> ids) {
        String some = String.join(", ", ids.subList(0, Math.min(MOST_NAMED, ids.size())));
        return ids.size() > MOST_NAMED ? some + " and " + (ids.size() - MOST_NAMED) + " others" : some;
    }
}
