package io.millrace.engine.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items of a task.
 *
 * @param list what the file says; null for the run's input {@code l}
 * @param window how many may be under way, 0 for any number
 */
record PlannedItems(@Nullable List<Long> list, int window, Policy policy) {
    /** What follows from a failed item. */
    enum Policy {
        FINISH,
        STOP,
        IGNORE
    }
}
