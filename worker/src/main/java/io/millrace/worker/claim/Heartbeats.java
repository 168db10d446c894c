package io.millrace.worker.claim;

import io.millrace.event.WorkerState;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the worker lives, at once and then at each interval, whatever its other threads are doing: this keeps its leases.
 *
 * <p><b>Threading:</b> one thread of its own sends all heartbeats, so that their sequence is their order; any thread changes the state.
 */
final class Heartbeats implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final WorkerRecords records;
    private final Producer<byte[], byte[]> producer;
    private final Slots slots;
    private final Duration interval;
    private final ScheduledExecutorService sender =
            Executors.newSingleThreadScheduledExecutor(task -> Threads.daemon("heartbeats", task));
    private WorkerState state = WorkerState.RUNNING;
    private boolean failing;
    private volatile long heardNanos = System.nanoTime();

    Heartbeats(WorkerRecords records, Producer<byte[], byte[]> producer, Slots slots, Duration interval) {
        this.records = records;
        this.producer = producer;
        this.slots = slots;
        this.interval = interval;
    }

    void start() {
        sender.scheduleAtFixedRate(this::beat, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How long it is since Kafka took the last one, or since this began. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heardNanos);
    }

    /** Says at once that the state has changed. */
    void announce(WorkerState changed) {
        sender.execute(() -> {
            state = changed;
            beat();
        });
    }

    /** Says good-bye, as far as Kafka is there to hear it. */
    @Override
    public void close() {
        announce(WorkerState.STOPPED);
        sender.shutdown();
        try {
            if (!sender.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The last heartbeat could not be sent; the leases of this worker end by themselves");
                sender.shutdownNow();
            }
        } catch (InterruptedException e) {
            sender.shutdownNow();
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ZERO);
    }

    private void beat() {
        try {
            var sent = producer.send(records.heartbeat(state, slots.busy()));
            if (state == WorkerState.STOPPED) {
                sent.get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                sent.get(interval.toMillis(), TimeUnit.MILLISECONDS);
            }
            heardNanos = System.nanoTime();
            note(false, null);
        } catch (TimeoutException late) {
            LOG.debug("A heartbeat was not acknowledged within the interval");
        } catch (ExecutionException | KafkaException e) {
            note(true, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again, and silence costs the worker its leases.
            LOG.error("A heartbeat could not be sent", e);
        }
    }

    /** Says once that heartbeats fail, and once that they are back. */
    private void note(boolean fails, @Nullable Exception reason) {
        if (fails != failing) {
            failing = fails;
            if (fails) {
                LOG.warn(
                        "Heartbeats do not reach Kafka; when they stay away the tasks of this worker are handed on",
                        reason);
            } else {
                LOG.info("Heartbeats reach Kafka again");
            }
        }
    }
}
