package io.millrace.worker;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Executes tasks of kind {@code java}: the code behind {@code java: {handler: <name>}} in a pipeline.
 *
 * <p>A task may be executed again when its worker is lost: pass {@link TaskContext#idempotencyKey()} to whatever has an effect outside.
 *
 * <p><b>Threading:</b> as many threads as the worker has slots call it at the same time, each in a thread of its own, which is interrupted when the
 * task's time is up, when it is cancelled, and when the worker shuts down and its grace is over.
 */
@FunctionalInterface
public interface TaskHandler {
    /**
     * Executes one attempt at a task.
     *
     * @return the task's output, which has to be writable as a JSON object of at most 256 KiB; null is an empty one
     * @throws RetryableException when another attempt may succeed
     * @throws PermanentFailure when no other attempt can succeed, whatever the task's retry policy says
     * @throws Exception anything else is taken as retryable
     */
    @Nullable
    Map<String, ?> handle(TaskContext context) throws Exception;
}
