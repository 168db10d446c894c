package io.millrace.coordinator.listen;

import io.millrace.pipeline.KafkaSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where a trigger begins in a partition that it has not listened to before. What has come to a topic after it began there, such as a new partition, is read from
 * its start.
 *
 * <p><b>Threading:</b> owned by the thread of its topic's reader.
 */
final class Beginnings {
    private static final Logger log = LoggerFactory.getLogger(Beginnings.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Consumer<?, ?> consumer;
    private final KnownPositions known;
    private final Listeners listeners;
    private final String topicId;

    /** @param topicId the id that the topic has now */
    Beginnings(Consumer<?, ?> consumer, KnownPositions known, Listeners listeners, String topicId) {
        this.consumer = consumer;
        this.known = known;
        this.listeners = listeners;
        this.topicId = topicId;
    }

    /** The first offset that it judges. @throws org.apache.kafka.common.KafkaException when Kafka does not say */
    long of(Listener listener, TopicPartition partition) {
        KafkaSource.Beginning from = listener.source().from();
        long offset = wasThereBefore(listener, partition)
                ? earliest(partition)
                : switch (from.kind()) {
                    case EARLIEST -> earliest(partition);
                    case LATEST -> at(partition, listeners.since(listener).appliedAt());
                    case INSTANT -> at(partition, from.instant().orElseThrow());
                };
        log.info("The trigger {} begins at {}@{}", listener, partition, offset);
        return offset;
    }

    /** Whether it listened to the topic before this partition was there, or to a topic of the same name before. */
    private boolean wasThereBefore(Listener listener, TopicPartition partition) {
        return known.of(partition.topic(), listener.id()).stream()
                .anyMatch(place -> !place.partition().getTopicId().equals(topicId)
                        || partition.partition() >= place.position().getPartitions());
    }

    private long earliest(TopicPartition partition) {
        return found(consumer.beginningOffsets(List.of(partition), LIMIT).get(partition), partition);
    }

    /** The first record that is not before a moment; the end, where there is none such yet. */
    private long at(TopicPartition partition, Instant moment) {
        // Asked first: what is written between the two questions is then found by its time, or lies behind this end.
        long end = found(consumer.endOffsets(List.of(partition), LIMIT).get(partition), partition);
        OffsetAndTimestamp first = consumer.offsetsForTimes(Map.of(partition, moment.toEpochMilli()), LIMIT)
                .get(partition);
        return first == null ? end : first.offset();
    }

    private static long found(@Nullable Long offset, TopicPartition partition) {
        if (offset == null) {
            throw new TimeoutException("Kafka does not say where " + partition + " begins and ends");
        }
        return offset;
    }
}
