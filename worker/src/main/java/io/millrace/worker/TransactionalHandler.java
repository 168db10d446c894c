package io.millrace.worker;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Executes tasks of kind {@code java} whose effects are records of Kafka, each exactly once: the claim, the records that it sends, the outcome and the
 * consumed offset are one transaction.
 *
 * <p>The code runs before that transaction, and its records wait for it. When the worker dies, or the partition goes to another one, nothing was published
 * and the code runs again there: so it must have no effect but its records. It is to be short: it has the worker's {@code worker.transactional.limit} (10 s),
 * and what lies behind its task in the same partition waits for it.
 *
 * <p><b>Threading:</b> as many threads as the worker has slots call it at the same time, each in a thread of its own, which is interrupted when the time is
 * up, when the task is cancelled, and when its partition goes to another worker.
 */
@FunctionalInterface
public interface TransactionalHandler {
    /**
     * Executes one attempt at a task.
     *
     * @return the task's output, which has to be writable as a JSON object of at most 256 KiB; null is an empty one
     * @throws RetryableException when another attempt may succeed; no record of this one is published
     * @throws PermanentFailure when no other attempt can succeed, whatever the task's retry policy says
     * @throws Exception anything else is taken as retryable
     */
    @Nullable
    Map<String, ?> handle(TransactionalContext context) throws Exception;
}
