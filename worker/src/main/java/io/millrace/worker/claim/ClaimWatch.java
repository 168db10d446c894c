package io.millrace.worker.claim;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.millrace.worker.claim.ClaimBatch.Fate;
import io.millrace.worker.health.WorkerMeters;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * What is seen of claiming from outside: whether the worker takes part, and what became of its transactions.
 *
 * <p><b>Threading:</b> told by the poll thread; any thread asks.
 */
final class ClaimWatch {
    private final WorkerMeters meters;
    private final Clock clock;
    private volatile boolean member;

    ClaimWatch(WorkerMeters meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /** Measures a consumer, and watches whether it is in the group. */
    Membership of(Consumer<byte[], byte[]> consumer) {
        return new Membership(consumer, meters.measure(consumer));
    }

    /** That of one consumer; once it is closed the worker takes part no more: it leaves the group, and the consumer is closed, too. */
    final class Membership implements AutoCloseable {
        private final Consumer<byte[], byte[]> consumer;
        private final KafkaClientMetrics metrics;

        private Membership(Consumer<byte[], byte[]> consumer, KafkaClientMetrics metrics) {
            this.consumer = consumer;
            this.metrics = metrics;
        }

        /** The consumer was polled; a worker that left its partitions to others for a while still takes part. */
        void polled() {
            if (!member && consumer.groupMetadata().generationId() >= 0) {
                member = true;
            }
        }

        @Override
        public void close() {
            member = false;
            metrics.close();
            consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
    }

    void ended(ClaimBatch batch, Fate fate, Duration took) {
        meters.transaction(fate, took);
        if (fate == Fate.COMMITTED) {
            meters.putAside(batch.deadLetters());
            batch.claims().forEach(claim -> meters.claimed(Duration.between(claim.dispatchedAt(), clock.instant())));
        }
    }

    Optional<String> trouble() {
        return member ? Optional.empty() : Optional.of("it has not joined the group of workers");
    }
}
