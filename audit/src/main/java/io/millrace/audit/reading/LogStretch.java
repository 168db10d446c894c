package io.millrace.audit.reading;

import io.millrace.audit.verify.Coverage;
import io.millrace.audit.verify.Position;
import io.millrace.schemas.Topic;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * The part of the log that is read.
 *
 * @param since from which moment on it is read; empty when from the beginning
 * @param begins the first offset that is read of each partition
 * @param ends the offset after the last
 * @param followed the offset after the last whose company is before the ends, in whatever partition it is
 * @param committed up to which offset those who act upon a partition had committed before the ends were taken; partitions of
 *     which nothing has been committed are not in it
 */
record LogStretch(
        Optional<Instant> since,
        Map<TopicPartition, Long> begins,
        Map<TopicPartition, Long> ends,
        Map<TopicPartition, Long> followed,
        Map<TopicPartition, Long> committed)
        implements Coverage {
    LogStretch {
        begins = Map.copyOf(begins);
        ends = Map.copyOf(ends);
        followed = Map.copyOf(followed);
        committed = Map.copyOf(committed);
    }

    @Override
    public boolean precedes(Position record) {
        return record.offset() < begins.getOrDefault(partitionOf(record), Long.MAX_VALUE);
    }

    @Override
    public boolean isDealtWith(Position record) {
        return record.offset() < committed.getOrDefault(partitionOf(record), 0L);
    }

    @Override
    public boolean isFollowed(Position record) {
        return record.offset() < followed.getOrDefault(partitionOf(record), 0L);
    }

    long begin(TopicPartition partition) {
        return begins.getOrDefault(partition, 0L);
    }

    long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /** The partitions of a topic. */
    List<TopicPartition> partitions(Topic<?> topic) {
        return ends.keySet().stream()
                .filter(partition -> partition.topic().equals(topic.name()))
                .toList();
    }

    /** How many offsets these partitions have in it. */
    long size(Collection<TopicPartition> partitions) {
        return partitions.stream().mapToLong(each -> end(each) - begin(each)).sum();
    }

    private static TopicPartition partitionOf(Position record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
