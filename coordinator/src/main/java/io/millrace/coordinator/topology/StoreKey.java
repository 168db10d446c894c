package io.millrace.coordinator.topology;

import io.millrace.engine.RunId;
import io.millrace.pipeline.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * The key of a stored record: of a run's head, or of one of its tasks.
 *
 * @param run the run
 * @param task the task; null for the head
 */
record StoreKey(RunId run, @Nullable TaskId task) {
    private static final char SEPARATOR = '/';

    static StoreKey parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        return separator < 0
                ? new StoreKey(new RunId(text), null)
                : new StoreKey(new RunId(text.substring(0, separator)), new TaskId(text.substring(separator + 1)));
    }

    /** A head sorts before the tasks of its run. */
    @Override
    public String toString() {
        return task == null ? run.value() : run.value() + SEPARATOR + task.value();
    }
}
