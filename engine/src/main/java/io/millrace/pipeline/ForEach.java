package io.millrace.pipeline;

import io.millrace.expression.Template;

/**
 * That a task is executed once for each element of a list.
 *
 * @param items the list; evaluates to a List
 * @param maxParallel how many of its items may be under way at a time; 0 for no limit
 * @param onItemFailure what a failed item means
 */
public record ForEach(Template items, int maxParallel, ItemFailure onItemFailure) {
    /** What the failure of an item means for the others and for the task. */
    public enum ItemFailure {
        /** All items are executed, and then the task fails. */
        FINISH,
        /** No further item begins; those under way end, and then the task fails. */
        STOP,
        /** All items are executed, and the task succeeds; the failed ones have null as their output. */
        IGNORE
    }
}
