package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.pipeline.ForEach;
import io.millrace.pipeline.ForEach.ItemFailure;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the items of a task with {@code for_each} begin and what their ends mean. One item's end costs the same however
 * many there are; where many may begin at once they do so in chunks, a step each.
 */
final class Items {
    /** How many items one step may begin: a step is one transaction's share, and must stay short. */
    static final int CHUNK = 100;

    private static final int SHOWN = 10;

    private final Limits limits;
    private final Activation activation;

    Items(Limits limits, Activation activation) {
        this.limits = limits;
        this.activation = activation;
    }

    /** Begins a task with {@code for_each}. */
    void begin(Step step, Task task, ForEach forEach) {
        List<@Nullable Object> list = step.items(task.id());
        if (step.task(task.id()).items() == null) {
            Optional<List<@Nullable Object>> evaluated = evaluate(step, task, forEach);
            if (evaluated.isEmpty()) {
                return;
            }
            list = evaluated.get();
            step.items(task.id(), list);
        }
        TaskState state = step.task(task.id())
                .deferred(step.task(task.id()).delivery().nextAttempt(), null, null)
                .counting(ItemCount.of(list.size()), null);
        step.event(RunEventType.TASK_DEFERRED, task.id(), state).items(list.size());
        step.put(task.id(), state);
        more(step, task, forEach);
    }

    /** The list that the task runs over; empty when there is none, and the task has failed for it. */
    private Optional<List<@Nullable Object>> evaluate(Step step, Task task, ForEach forEach) {
        List<@Nullable Object> list;
        try {
            list = list(forEach.items().evaluate(new RunScope(step)));
        } catch (EvaluationException e) {
            Activation.fail(step, task.id(), OutputCheck.unevaluable(e));
            return Optional.empty();
        }
        if (list == null) {
            Activation.fail(
                    step, task.id(), Failure.permanent(Failure.Kind.EXPRESSION, "what `for_each` gives is no list"));
            return Optional.empty();
        }
        int bytes = Document.ofValue(Map.of("items", list)).sizeInBytes();
        Optional<String> excess = limits.excessItems(list.size(), bytes);
        if (excess.isPresent()) {
            Activation.fail(step, task.id(), Failure.permanent(Failure.Kind.LIMIT, excess.get()));
            return Optional.empty();
        }
        return Optional.of(list);
    }

    @SuppressWarnings("unchecked") // every list of JSON values is one of nullable objects
    static @Nullable List<@Nullable Object> list(@Nullable Object value) {
        return value instanceof List<?> list ? (List<@Nullable Object>) list : null;
    }

    /** The time has come to begin more items. */
    void expand(Step step, Task task) {
        step.event(RunEventType.TASK_EXPANDED, task.id(), step.task(task.id()));
        more(step, task, task.forEach().orElseThrow());
    }

    /** Begins as many items as may be under way, a chunk at most; a timer that is due at once goes on. */
    private void more(Step step, Task task, ForEach forEach) {
        ItemCount count = passing(countOf(step, task.id()), task.id(), step::task);
        for (int begun = 0; begun < CHUNK && mayBegin(count, forEach); begun++) {
            TaskId item = task.id().item(count.next());
            count = passing(count.begun(), task.id(), step::task);
            activation.begin(step, item, step.task(item).delivery().nextAttempt());
        }
        step.put(task.id(), step.task(task.id()).counting(count, mayBegin(count, forEach) ? step.now : null));
        endIfOver(step, task, forEach);
    }

    /** Passes over items that succeeded before the run was opened again: they are not executed again. */
    static ItemCount passing(ItemCount count, TaskId task, Function<TaskId, TaskState> states) {
        ItemCount passing = count;
        while (passing.hasMore() && states.apply(task.item(passing.next())).status() == TaskStatus.SUCCEEDED) {
            passing = passing.passed();
        }
        return passing;
    }

    static boolean mayBegin(ItemCount count, ForEach forEach) {
        return count.hasMore() && (forEach.maxParallel() == 0 || count.open() < forEach.maxParallel());
    }

    /** An item has ended: another may begin, or the task is over. */
    void ended(Step step, TaskId item) {
        Task task = step.definition(item);
        TaskState state = step.task(task.id());
        if (state.status() != TaskStatus.DEFERRED) {
            return;
        }
        ForEach forEach = task.forEach().orElseThrow();
        boolean failure = step.task(item).status().isFailure();
        ItemCount count = ended(countOf(step, task.id()), failure, forEach);
        step.put(task.id(), state.counting(count, count.hasMore() ? state.wakeAt() : null));
        if (state.wakeAt() == null && mayBegin(count, forEach)) {
            more(step, task, forEach);
        } else {
            endIfOver(step, task, forEach);
        }
    }

    /** After the end of an item. */
    static ItemCount ended(ItemCount count, boolean failure, ForEach forEach) {
        ItemCount ended = count.ended(failure);
        return failure && forEach.onItemFailure() == ItemFailure.STOP ? ended.stopped() : ended;
    }

    private static ItemCount countOf(Step step, TaskId task) {
        ItemCount count = step.task(task).items();
        if (count == null) {
            throw new IllegalStateException("The task " + task + " has no items");
        }
        return count;
    }

    private static void endIfOver(Step step, Task task, ForEach forEach) {
        TaskState state = step.task(task.id());
        ItemCount count = countOf(step, task.id());
        if (state.status() != TaskStatus.DEFERRED || !count.isOver()) {
            return;
        }
        if (count.failed() == 0 || forEach.onItemFailure() == ItemFailure.IGNORE) {
            step.event(RunEventType.TASK_SUCCEEDED, task.id(), state);
            step.put(task.id(), state.succeeded(null));
        } else {
            Activation.fail(
                    step, task.id(), Failure.permanent(Failure.Kind.ERROR, failedItems(step, task.id(), count)));
        }
    }

    private static String failedItems(Step step, TaskId task, ItemCount count) {
        StringBuilder names = new StringBuilder();
        int shown = 0;
        for (int index = 0; index < count.total() && shown < Math.min(SHOWN, count.failed()); index++) {
            if (step.task(task.item(index)).status().isFailure()) {
                names.append(shown++ == 0 ? "" : ", ").append(task.item(index));
            }
        }
        String rest = count.failed() > shown ? " and " + (count.failed() - shown) + " more" : "";
        return count.failed() + " of " + count.total() + " items failed: " + names + rest;
    }
}
