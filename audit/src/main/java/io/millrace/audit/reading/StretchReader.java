package io.millrace.audit.reading;

import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads partitions side by side up to their ends, none of them much ahead of the others in time: what belongs together comes
 * at about the same time, so that little has to be held of it.
 *
 * <p><b>Threading:</b> used by one thread.
 */
final class StretchReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    /** Longer than a transaction can stay open, which holds up all that is behind it. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** How far one partition may be ahead of another, by the records' own times. */
    private static final long LEAD_MILLIS = 30_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final LogStretch stretch;

    StretchReader(KafkaAccess access, LogStretch stretch) {
        this.stretch = stretch;
        Map<String, Object> properties = access.consumerProperties();
        properties.put("fetch.max.wait.ms", 100);
        properties.put("max.poll.records", 5_000);
        properties.put("auto.offset.reset", "none");
        properties.putIfAbsent("default.api.timeout.ms", 20_000);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Reads all of these partitions. @throws AuditUnavailableException when it cannot be read to the end */
    void read(
            String stage,
            Collection<TopicPartition> partitions,
            AuditProgress progress,
            Consumer<ConsumerRecord<byte[], byte[]>> records) {
        try {
            readAll(stage, partitions, progress, records);
        } catch (KafkaException e) {
            throw new AuditUnavailableException("the topics cannot be read: " + e.getMessage(), e);
        }
    }

    private void readAll(
            String stage,
            Collection<TopicPartition> partitions,
            AuditProgress progress,
            Consumer<ConsumerRecord<byte[], byte[]>> records) {
        consumer.assign(partitions);
        partitions.forEach(each -> consumer.seek(each, stretch.begin(each)));
        Map<TopicPartition, Long> times = new HashMap<>();
        long all = stretch.size(partitions);
        long lastMovedNanos = System.nanoTime();
        long lastLeft = -1;
        Set<TopicPartition> open = unread(partitions);
        while (!open.isEmpty()) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < stretch.end(partition)) {
                    times.merge(partition, record.timestamp(), Math::max);
                    records.accept(record);
                }
            }
            open = unread(partitions);
            keepTogether(partitions, open, times);
            long left = open.stream()
                    .mapToLong(each -> stretch.end(each) - consumer.position(each))
                    .sum();
            if (left != lastLeft) {
                lastLeft = left;
                lastMovedNanos = System.nanoTime();
            } else if (System.nanoTime() - lastMovedNanos > PATIENCE.toNanos()) {
                throw new AuditUnavailableException("nothing more could be read of " + open + " for "
                        + PATIENCE.toSeconds() + " s; is a transaction open there, or are brokers away?");
            }
            progress.at(stage, all - left, all);
        }
    }

    private Set<TopicPartition> unread(Collection<TopicPartition> partitions) {
        Set<TopicPartition> open = new HashSet<>();
        for (TopicPartition partition : partitions) {
            if (consumer.position(partition) < stretch.end(partition)) {
                open.add(partition);
            }
        }
        return open;
    }

    /** Lets those rest that have been read, and those that are far ahead of the slowest. */
    private void keepTogether(
            Collection<TopicPartition> partitions, Set<TopicPartition> open, Map<TopicPartition, Long> times) {
        long slowest = open.stream()
                .mapToLong(each -> times.getOrDefault(each, 0L))
                .min()
                .orElse(0);
        List<TopicPartition> resting = partitions.stream()
                .filter(each -> !open.contains(each) || times.getOrDefault(each, 0L) > slowest + LEAD_MILLIS)
                .toList();
        consumer.pause(resting);
        consumer.resume(
                partitions.stream().filter(each -> !resting.contains(each)).toList());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
