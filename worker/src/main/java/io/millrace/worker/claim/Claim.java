package io.millrace.worker.claim;

import io.millrace.event.TaskEvent;
import io.millrace.worker.execute.Delivery;
import io.millrace.worker.execute.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task that this worker takes, or has taken.
 *
 * @param delivery what is to be executed
 * @param dispatchedAt when the coordinator dispatched it, by its own clock
 * @param traceparent the step of the trace in which it was dispatched; null when it is not traced
 */
record Claim(
        Delivery delivery, Instant dispatchedAt, @Nullable String traceparent) {
    DeliveryId id() {
        return delivery.id();
    }

    static Claim of(TaskEvent event, @Nullable String traceparent) {
        Delivery delivery = new Delivery(
                new DeliveryId(event.getRunId(), event.getTask(), event.getAttempt(), event.getEpoch()),
                event.getPipeline(),
                event.getVersion(),
                event.getQueue(),
                event.getKind(),
                event.getAction(),
                event.getInputs(),
                event.getEnv(),
                event.getSecrets(),
                event.getFileOutputs(),
                event.getFiles(),
                event.getTimeoutMillis().map(Duration::ofMillis),
                event.getMemoryBytes(),
                event.getCheckpoint(),
                event.getIdempotencyKey());
        return new Claim(delivery, event.getDispatchedAt(), traceparent);
    }
}
