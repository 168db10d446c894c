package io.millrace.coordinator.liveness;

import io.millrace.engine.Claimant;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.schemas.Topic;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the heartbeats of all workers from the moment of its start and keeps their leases by them. While Kafka cannot be
 * reached no lease ends.
 *
 * <p><b>Threading:</b> one thread of its own reads; {@link #ended} may be asked from any thread.
 */
public final class HeartbeatReader implements Leases, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HeartbeatReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);

    /** A busy machine pauses a thread for a moment; that is allowed for, and no news. */
    private static final Duration WORTH_SAYING = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final Decoder<WorkerHeartbeat> decoder;
    private final TopicPartition partition;
    private final WorkerLeases leases;
    private final Thread thread;
    private @Nullable Goal goal;
    private volatile boolean closing;

    /** All that was written when the end was asked for lies before it. */
    private record Goal(long askedAtNanos, long end) {}

    /**
     * Begins to listen.
     *
     * @param consumerProperties how to reach Kafka
     * @param lease how long a claim outlives the last heartbeat of its worker
     */
    public HeartbeatReader(
            Map<String, Object> consumerProperties,
            Topic<WorkerHeartbeat> topic,
            Decoder<WorkerHeartbeat> decoder,
            Duration lease) {
        Map<String, Object> properties = new HashMap<>(consumerProperties);
        // A question for the end is answered after the fetch that is under way: let none last long.
        properties.put("fetch.max.wait.ms", 100);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.decoder = decoder;
        this.partition = new TopicPartition(topic.name(), 0);
        this.leases = new WorkerLeases(lease, new LeaseClock(System.nanoTime()));
        this.thread = new Thread(this::listen, "heartbeat-reader");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Optional<String> ended(Claimant claimant) {
        return leases.ended(claimant);
    }

    /** Counts as heard of just now, unless something was heard of this life or of a later one. */
    void expect(Claimant claimant) {
        leases.expect(claimant);
    }

    /** Those that have been silent for their lease, and had not said that they stop. */
    Set<Claimant> silent() {
        return leases.silent();
    }

    private void listen() {
        consumer.assign(List.of(partition));
        boolean placed = false;
        try (consumer) {
            while (!closing) {
                try {
                    if (!placed) {
                        consumer.seek(partition, end());
                        leases.confirm(System.nanoTime());
                        placed = true;
                    }
                    hear();
                } catch (WakeupException | InterruptException e) {
                    if (!closing) {
                        throw e;
                    }
                } catch (KafkaException | RegistryUnavailableException | RegistryException e) {
                    log.warn("Heartbeats cannot be read just now, so no lease ends: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    /**
     * Asks for the end first and reads up to it after: while one waits for the answer new heartbeats come, so that a reader
     * that compares the other way round never sees itself at the end.
     */
    private void hear() {
        if (goal == null) {
            goal = new Goal(System.nanoTime(), end());
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            try {
                leases.heard(decoder.decode(record.value()));
            } catch (UndecodableException e) {
                log.warn("A heartbeat at offset {} cannot be read: {}", record.offset(), e.getMessage());
            } catch (RegistryUnavailableException | RegistryException e) {
                consumer.seek(partition, record.offset()); // It is heard when the registry says what it is.
                throw e;
            }
        }
        if (consumer.position(partition, PATIENCE) >= goal.end) {
            Duration outage = leases.confirm(goal.askedAtNanos);
            if (outage.compareTo(WORTH_SAYING) > 0) {
                log.warn("Heartbeats could not be heard for {} ms; all leases are extended by that", outage.toMillis());
            }
            goal = null;
        }
    }

    private long end() {
        return consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
    }

    private synchronized void pause() {
        try {
            if (!closing) {
                wait(PAUSE_AFTER_ERROR.toMillis());
            }
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    /** Stops listening. */
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        synchronized (this) {
            notifyAll();
        }
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
