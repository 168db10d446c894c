package io.millrace.coordinator.topology;

import io.millrace.engine.RunId;
import io.millrace.pipeline.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * The key of a stored record: of a run's head, of one of its tasks, or of the list that a task runs over.
 *
 * @param run the run
 * @param task the task; null for the head
 * @param ofItems whether it is that of the task's list
 */
record StoreKey(RunId run, @Nullable TaskId task, boolean ofItems) {
    private static final char SEPARATOR = '/';
    private static final String ITEMS = "/items";

    StoreKey(RunId run, @Nullable TaskId task) {
        this(run, task, false);
    }

    static StoreKey ofItems(RunId run, TaskId task) {
        return new StoreKey(run, task, true);
    }

    static StoreKey parse(String text) {
        boolean items = text.endsWith(ITEMS);
        String key = items ? text.substring(0, text.length() - ITEMS.length()) : text;
        int separator = key.indexOf(SEPARATOR);
        return separator < 0
                ? new StoreKey(new RunId(key), null)
                : new StoreKey(new RunId(key.substring(0, separator)), new TaskId(key.substring(separator + 1)), items);
    }

    /** A head sorts before the tasks of its run. */
    @Override
    public String toString() {
        return task == null ? run.value() : run.value() + SEPARATOR + task.value() + (ofItems ? ITEMS : "");
    }
}
