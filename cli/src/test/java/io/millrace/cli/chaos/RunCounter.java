package io.millrace.cli.chaos;

import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.EventHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows the audit log by the headers of its records alone, and counts. */
final class RunCounter implements AutoCloseable {
    private final Map<String, AtomicLong> types = new ConcurrentHashMap<>();
    private final KafkaAccess access;
    private final Thread thread;
    private volatile Instant last = Instant.now();
    private volatile boolean over;

    RunCounter(KafkaAccess access) {
        this.access = access;
        this.thread = new Thread(this::follow, "run-counter");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        Map<String, Object> properties = new HashMap<>(access.consumerProperties());
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
                    last = Instant.now();
                }
            }
        }
    }

    long count(String type) {
        AtomicLong count = types.get("io.millrace." + type);
        return count == null ? 0 : count.get();
    }

    /** When the last event was seen. */
    Instant last() {
        return last;
    }

    long ended() {
        return count("run.succeeded") + count("run.failed") + count("run.cancelled");
    }

    @Override
    public void close() {
        over = true;
    }
}
