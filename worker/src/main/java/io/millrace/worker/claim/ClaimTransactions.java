package io.millrace.worker.claim;

import io.millrace.worker.claim.ClaimBatch.Fate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits claims: the reports {@code CLAIMED} and the consumed offsets, all or nothing (G2). After every failure it says what became of the transaction;
 * a producer that cannot go on is replaced by one of the same transactional id, which ends what was open.
 *
 * <p><b>Threading:</b> confined to the poll thread; it waits for Kafka there, and for nothing else.
 */
final class ClaimTransactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimTransactions.class);
    private static final Duration COMMITTED_LIMIT = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 500;

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final CountDownLatch stopping;
    private Producer<byte[], byte[]> producer;

    /** Makes the first producer; {@link #open} has to follow. */
    ClaimTransactions(Supplier<Producer<byte[], byte[]>> producers, CountDownLatch stopping) {
        this.producers = producers;
        this.stopping = stopping;
        this.producer = producers.get();
    }

    /** Fences earlier lives and ends their transactions; waits for Kafka. False when the worker was stopped meanwhile. */
    boolean open() throws InterruptedException {
        while (stopping.getCount() > 0) {
            try {
                producer.initTransactions();
                return true;
            } catch (KafkaException e) {
                LOG.warn("Claims cannot be prepared; trying again", e);
                replace();
                pause();
            }
        }
        return false;
    }

    /** Commits a batch; when that fails, finds out whether it was committed, however long it takes. */
    Fate commit(ClaimBatch batch, Consumer<byte[], byte[]> consumer) throws InterruptedException {
        // Now and not earlier: the member's epoch may have changed with the last poll.
        ConsumerGroupMetadata member = consumer.groupMetadata();
        if (member.generationId() < 0) {
            // The broker takes the offsets of somebody who names no membership without asking whose the partition is.
            LOG.info("A claim was not made: this worker is no member of the group at the moment");
            return Fate.ABORTED;
        }
        try {
            producer.beginTransaction();
            batch.entries().forEach(entry -> send(entry, batch));
            producer.sendOffsetsToTransaction(batch.offsets(), member);
        } catch (KafkaException | IllegalStateException e) {
            LOG.info(
                    "A claim of {} tasks, and of {} that were executed, was not made; it is tried again where they are"
                            + " still ours",
                    batch.claims().size(),
                    batch.settled().size(),
                    e);
            abort();
            return Fate.ABORTED;
        }
        try {
            producer.commitTransaction();
            return Fate.COMMITTED;
        } catch (KafkaException e) {
            LOG.warn(
                    "The commit of a claim of {} tasks, and of {} that were executed, was interrupted; looking up what"
                            + " became of it",
                    batch.claims().size(),
                    batch.settled().size(),
                    e);
            replace();
            return open() ? settle(batch, consumer) : Fate.UNKNOWN;
        }
    }

    /** Notes what Kafka never takes: without that, its transaction would be tried for ever. */
    private void send(ClaimBatch.Entry entry, ClaimBatch batch) {
        producer.send(entry.record(), (metadata, error) -> {
            if (error != null) {
                Refusals.of(entry.record(), error).ifPresent(reason -> batch.refuse(entry, reason));
            }
        });
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }

    private void abort() throws InterruptedException {
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            LOG.info("The claims' producer cannot go on and is replaced", e);
            replace();
            open();
        }
    }

    /** The offsets tell, now that nothing of the transaction is open any more. */
    private Fate settle(ClaimBatch batch, Consumer<byte[], byte[]> consumer) throws InterruptedException {
        while (stopping.getCount() > 0) {
            try {
                Map<TopicPartition, OffsetAndMetadata> committed =
                        consumer.committed(batch.partitions(), COMMITTED_LIMIT);
                return batch.fateBy(committed);
            } catch (KafkaException e) {
                LOG.warn("The committed offsets cannot be read; trying again", e);
                pause();
            }
        }
        return Fate.UNKNOWN;
    }

    private void replace() {
        producer.close(Duration.ZERO);
        producer = producers.get();
    }

    private void pause() throws InterruptedException {
        if (stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.debug("Stopped while waiting for Kafka");
        }
    }
}
