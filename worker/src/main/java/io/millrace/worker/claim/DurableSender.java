package io.millrace.worker.claim;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records until Kafka has acknowledged them, however long it is away; a producer that has failed for good is replaced. What is sent twice for
 * that is told apart by its readers.
 *
 * <p><b>Threading:</b> any thread sends, and may wait while the client's buffer is full; acknowledgements come on the client's thread; failed records
 * are sent again by a thread of the sender's own.
 */
final class DurableSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DurableSender.class);
    private static final long PAUSE_MILLIS = 500;

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final ScheduledExecutorService again;
    private final Object lock = new Object();
    private Producer<byte[], byte[]> producer;
    private long unsent;
    private boolean closed;

    DurableSender(String name, Supplier<Producer<byte[], byte[]>> producers) {
        this.producers = producers;
        this.producer = producers.get();
        this.again = Executors.newSingleThreadScheduledExecutor(task -> Threads.daemon(name, task));
    }

    /**
     * Sends a record. The callback is given its position once it is acknowledged, and null when it never will be: it is larger than the topic takes, or
     * the sender was closed before.
     */
    void send(ProducerRecord<byte[], byte[]> record, Consumer<@Nullable RecordMetadata> done) {
        synchronized (lock) {
            unsent++;
        }
        attempt(record, done);
    }

    /** Waits until nothing is on its way any more; false when that was not so in this time. */
    boolean awaitSent(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (lock) {
            while (unsent > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                lock.wait(left);
            }
            return true;
        }
    }

    /** Drops what is still on its way. */
    @Override
    public void close() {
        Producer<byte[], byte[]> last;
        synchronized (lock) {
            closed = true;
            last = producer;
        }
        again.shutdownNow();
        last.close(Duration.ZERO);
    }

    private void attempt(ProducerRecord<byte[], byte[]> record, Consumer<@Nullable RecordMetadata> done) {
        Producer<byte[], byte[]> current;
        synchronized (lock) {
            current = producer;
        }
        try {
            current.send(record, (metadata, exception) -> {
                if (exception == null) {
                    finish(done, metadata);
                } else {
                    failed(record, done, current, exception);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            failed(record, done, current, e);
        }
    }

    private void failed(
            ProducerRecord<byte[], byte[]> record,
            Consumer<@Nullable RecordMetadata> done,
            Producer<byte[], byte[]> used,
            Exception reason) {
        if (reason instanceof RecordTooLargeException) {
            LOG.error("A record for {} is larger than the topic takes and is lost", record.topic(), reason);
            finish(done, null);
            return;
        }
        try {
            again.schedule(
                    () -> {
                        renew(used, reason);
                        attempt(record, done);
                    },
                    PAUSE_MILLIS,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException isClosed) {
            LOG.warn("A record for {} was not acknowledged before the worker ended", record.topic());
            finish(done, null);
        }
    }

    /** The first of many records that failed with one producer replaces it. */
    private void renew(Producer<byte[], byte[]> failed, Exception reason) {
        synchronized (lock) {
            if (closed || producer != failed) {
                return;
            }
            LOG.warn("Sending failed; it goes on with a new producer", reason);
            producer = producers.get();
        }
        failed.close(Duration.ZERO);
    }

    private void finish(Consumer<@Nullable RecordMetadata> done, @Nullable RecordMetadata metadata) {
        done.accept(metadata);
        synchronized (lock) {
            unsent--;
            lock.notifyAll();
        }
    }
}
