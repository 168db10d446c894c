package io.millrace.cli.client;

import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic as any engineer may: without a consumer group, from where one likes, only what is committed.
 *
 * <p><em>Threading</em>: used by one thread.
 *
 * @param <T> what the topic holds
 */
public final class TopicReader<T extends SpecificRecord> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String topic;
    private final String address;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Decoder<T> decoder;

    /**
     * A reader of all partitions; say with {@link #from} or {@link #at} where it begins.
     *
     * @throws UnreachableException when no broker answers within ten seconds, or there is no such topic
     */
    public TopicReader(KafkaAccess access, WireFormat wire, Topic<T> topic) {
        this.topic = topic.name();
        this.address = access.bootstrapServers();
        Map<String, Object> properties = new HashMap<>(access.consumerProperties());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        this.decoder = wire.decoder(topic);
        this.consumer = consumer(properties);
        try {
            consumer.assign(partitions());
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** Begins at this position in every partition. */
    public TopicReader<T> from(StartPosition position) {
        Collection<TopicPartition> all = consumer.assignment();
        if (position.beginning()) {
            consumer.seekToBeginning(all);
        } else {
            consumer.seekToEnd(all);
        }
        position.moment().ifPresent(this::seekTo);
        all.forEach(consumer::position); // The seek is lazy: now it has happened.
        return this;
    }

    /** Begins at this offset of this partition, and reads no other. */
    public TopicReader<T> at(int partition, long offset) {
        TopicPartition only = new TopicPartition(topic, partition);
        consumer.assign(List.of(only));
        consumer.seek(only, offset);
        return this;
    }

    /** The offset after the last committed record of each partition, as of now. */
    public Map<Integer, Long> end() {
        Map<Integer, Long> end = new HashMap<>();
        consumer.endOffsets(consumer.assignment())
                .forEach((partition, offset) -> end.put(partition.partition(), offset));
        return end;
    }

    /** The partitions in which not everything before these offsets has been read. */
    public List<Integer> before(Map<Integer, Long> end) {
        return consumer.assignment().stream()
                .filter(each -> consumer.position(each) < end.getOrDefault(each.partition(), 0L))
                .map(TopicPartition::partition)
                .toList();
    }

    /** Whether everything before these offsets has been read. */
    public boolean reached(Map<Integer, Long> end) {
        return before(end).isEmpty();
    }

    /** The next records whose key passes the filter; the others are not even decoded. Waits at most so long for the first. */
    public List<TopicEntry<T>> poll(Duration atMost, Predicate<String> keys) {
        List<TopicEntry<T>> entries = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(atMost)) {
            String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            if (keys.test(key)) {
                entries.add(entry(record, key));
            }
        }
        return entries;
    }

    @Override
    public void close() {
        consumer.close();
    }

    private TopicEntry<T> entry(ConsumerRecord<byte[], byte[]> record, String key) {
        Optional<T> value = Optional.empty();
        String reason = "";
        try {
            value = Optional.of(decoder.decode(record.value()));
        } catch (UndecodableException e) {
            reason = String.valueOf(e.getMessage());
        }
        Instant timestamp = Instant.ofEpochMilli(record.timestamp());
        return new TopicEntry<>(record.topic(), record.partition(), record.offset(), timestamp, key, value, reason);
    }

    private void seekTo(Instant moment) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        consumer.assignment().forEach(each -> wanted.put(each, moment.toEpochMilli()));
        consumer.offsetsForTimes(wanted).forEach((partition, found) -> {
            if (found != null) {
                consumer.seek(partition, found.offset());
            }
        });
    }

    private List<TopicPartition> partitions() {
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new UnreachableException("there is no topic " + topic + " on " + address
                        + "; has a coordinator with this prefix been started there?");
            }
            return partitions;
        } catch (TimeoutException e) {
            throw new UnreachableException("no Kafka broker answers at " + address, e);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        try {
            return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UnreachableException("Kafka cannot be reached at " + address + ": " + cause.getMessage(), e);
        }
    }
}
