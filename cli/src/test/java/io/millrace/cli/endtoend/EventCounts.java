package io.millrace.cli.endtoend;

import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.EventHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows the audit log by the headers of its records alone, and counts; what it keeps does not grow with the log. */
public final class EventCounts implements AutoCloseable {
    private final Map<String, AtomicLong> types = new ConcurrentHashMap<>();
    private final Map<Integer, Instant> last = new ConcurrentHashMap<>();
    private final KafkaAccess access;
    private final Thread thread;
    private volatile boolean over;

    /** Counts from the beginning of the log. */
    public EventCounts(KafkaAccess access) {
        this.access = access;
        this.thread = new Thread(this::follow, "event-counts");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        Map<String, Object> properties = access.consumerProperties();
        properties.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            String topic = access.topics().runEvents().name();
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList());
            while (!over) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    String type = EventHeaders.type(record.headers()).orElse("");
                    types.computeIfAbsent(type, key -> new AtomicLong()).incrementAndGet();
                    last.put(record.partition(), Instant.ofEpochMilli(record.timestamp()));
                }
            }
        }
    }

    /** How many events of this type there have been, such as {@code run.started}. */
    public long count(String type) {
        AtomicLong count = types.get("io.millrace." + type);
        return count == null ? 0 : count.get();
    }

    /** How many runs have ended; one that ended twice counts twice. */
    public long ended() {
        return count("run.succeeded") + count("run.failed") + count("run.cancelled");
    }

    /** When the last event of each partition was written. */
    Map<Integer, Instant> last() {
        return last;
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
