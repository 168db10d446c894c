package io.millrace.worker.execute;

import java.util.concurrent.CompletableFuture;

/**
 * What came of executing a delivery.
 *
 * @param outcome how it ended
 * @param truncated whether it wrote more than its output limit
 * @param slotFree completes when nothing of it runs any more; later than the outcome only for a handler that does not heed its interruption
 */
public record Execution(Outcome outcome, boolean truncated, CompletableFuture<Void> slotFree) {
    /** The same with another outcome. */
    Execution with(Outcome other) {
        return new Execution(other, truncated, slotFree);
    }
}
