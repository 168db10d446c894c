package io.millrace.coordinator.reading;

import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads from one offset of a partition to another: what is committed there, and nothing twice.
 *
 * <p><b>Threading.</b> Thread-safe; at most {@value #MOST_AT_A_TIME} read at a time, and others wait for a moment. A
 * consumer that was used is kept for the next.
 */
public final class StretchReader implements AutoCloseable {
    private static final int MOST_AT_A_TIME = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaAccess kafka;
    private final Semaphore places = new Semaphore(MOST_AT_A_TIME, true);
    private final ConcurrentLinkedQueue<Consumer<byte[], byte[]>> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** Connects at the first reading. */
    public StretchReader(KafkaAccess kafka) {
        this.kafka = kafka;
    }

    /**
     * What a partition holds.
     *
     * @param beginning the first offset that is still there
     * @param end the offset after the last committed record
     */
    public record Bounds(long beginning, long end) {}

    /** How far a partition reaches just now. */
    public Bounds bounds(TopicPartition partition) {
        return using(consumer -> new Bounds(
                consumer.beginningOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L),
                consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L)));
    }

    /** The partitions that a topic has; none when there is no such topic. */
    public int partitions(String topic) {
        return using(
                consumer -> Optional.ofNullable(consumer.listTopics(PATIENCE).get(topic))
                        .map(List::size)
                        .orElse(0));
    }

    /** The first offset whose record was written at this time or later; empty when there is none. */
    public Optional<Long> offsetAt(TopicPartition partition, Instant at) {
        return using(consumer -> Optional.ofNullable(
                        consumer.offsetsForTimes(Map.of(partition, at.toEpochMilli()), PATIENCE)
                                .get(partition))
                .map(OffsetAndTimestamp::offset));
    }

    /**
     * A part of a partition.
     *
     * @param records in their order
     * @param next the offset to go on at; transaction markers have offsets, too, so it may be more than one after the last
     */
    public record Stretch(List<ConsumerRecord<byte[], byte[]>> records, long next) {}

    /**
     * The records from one offset to another; fewer when there are more than so many, or when it takes too long.
     *
     * @param to exclusive
     */
    public Stretch read(TopicPartition partition, long from, long to, int most) {
        return using(consumer -> {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long next = from;
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (next < to && records.size() < most && System.nanoTime() - deadline < 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                    if (record.offset() >= to || records.size() >= most) {
                        break;
                    }
                    records.add(record);
                }
                long reached = consumer.position(partition, PATIENCE);
                next = records.size() >= most ? records.get(records.size() - 1).offset() + 1 : Math.min(to, reached);
            }
            return new Stretch(List.copyOf(records), next);
        });
    }

    private <T> T using(Function<Consumer<byte[], byte[]>, T> work) {
        try {
            if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RejectedExecutionException("too many are reading topics");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StretchUnavailableException("Interrupted while waiting to read a topic", e);
        }
        try {
            Consumer<byte[], byte[]> consumer = Optional.ofNullable(idle.poll()).orElseGet(this::open);
            try {
                T result = work.apply(consumer);
                giveBack(consumer);
                return result;
            } catch (RuntimeException e) {
                consumer.close();
                throw e;
            }
        } catch (KafkaException e) {
            throw new StretchUnavailableException("The topic cannot be read: " + e.getMessage(), e);
        } finally {
            places.release();
        }
    }

    private Consumer<byte[], byte[]> open() {
        Map<String, Object> properties = kafka.consumerProperties();
        properties.put("client.id", "millrace-api-reader");
        properties.put("auto.offset.reset", "earliest");
        properties.put("fetch.max.wait.ms", 50);
        properties.put("max.poll.records", 500);
        properties.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
        properties.put("request.timeout.ms", (int) PATIENCE.toMillis());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void giveBack(Consumer<byte[], byte[]> consumer) {
        if (closed) {
            consumer.close();
        } else {
            consumer.unsubscribe();
            idle.add(consumer);
        }
    }

    /** Closes the consumers that nobody uses; those in use are closed when they are given back. */
    @Override
    public void close() {
        closed = true;
        for (Consumer<byte[], byte[]> consumer = idle.poll(); consumer != null; consumer = idle.poll()) {
            consumer.close();
        }
    }
}
