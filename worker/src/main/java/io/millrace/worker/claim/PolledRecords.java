package io.millrace.worker.claim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * What was polled and is not claimed yet, a queue for each partition; a partition that is taken away takes its queue along, unclaimed, for its next owner.
 *
 * <p><b>Threading:</b> confined to the poll thread.
 */
final class PolledRecords {
    private final Map<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> queues = new LinkedHashMap<>();
    private int turn;

    void add(ConsumerRecords<byte[], byte[]> polled) {
        for (TopicPartition partition : polled.partitions()) {
            queues.computeIfAbsent(partition, added -> new ArrayDeque<>()).addAll(polled.records(partition));
        }
    }

    boolean isEmpty() {
        return queues.isEmpty();
    }

    Set<TopicPartition> partitions() {
        return Set.copyOf(queues.keySet());
    }

    /** The partitions that have records, each time beginning with another one, so that none is always the last to get a slot. */
    List<TopicPartition> inTurn() {
        List<TopicPartition> order = new ArrayList<>(queues.keySet());
        if (!order.isEmpty()) {
            Collections.rotate(order, turn++ % order.size());
        }
        return order;
    }

    Collection<ConsumerRecord<byte[], byte[]>> of(TopicPartition partition) {
        return Collections.unmodifiableCollection(queues.getOrDefault(partition, new ArrayDeque<>()));
    }

    /** The youngest record of a partition. */
    Optional<ConsumerRecord<byte[], byte[]>> last(TopicPartition partition) {
        return Optional.ofNullable(queues.get(partition)).map(Deque::peekLast);
    }

    /** Takes away what lies before the offset. */
    void removeBefore(TopicPartition partition, long offset) {
        Deque<ConsumerRecord<byte[], byte[]>> queue = queues.get(partition);
        if (queue != null) {
            while (!queue.isEmpty() && queue.getFirst().offset() < offset) {
                queue.removeFirst();
            }
            if (queue.isEmpty()) {
                queues.remove(partition);
            }
        }
    }

    void drop(Collection<TopicPartition> partitions) {
        queues.keySet().removeAll(partitions);
    }
}
