package io.millrace.coordinator.listen;

import io.millrace.event.ListenedPartition;
import io.millrace.event.ListenerPosition;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.InterruptException;

/**
 * How far all partitions have been read, as the topic of listeners says, by whichever coordinator.
 *
 * <p><b>Threading:</b> safe for any number of threads; only {@link #awaitRead} waits.
 */
final class KnownPositions implements AutoCloseable {
    private final TopicTable<ListenedPartition> table;

    KnownPositions(KafkaAccess kafka, WireFormat wire) {
        this.table = TopicTable.open(kafka.topics().listeners(), wire, kafka);
    }

    /**
     * Returns once all that was written before the call is known.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException when that takes longer than the limit
     */
    void awaitRead(Duration limit) {
        try {
            table.awaitEnd(limit);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    Optional<ListenedPartition> of(String topic, int partition) {
        return table.get(Outbox.key(topic, partition))
                .filter(known -> known.getTopic().equals(topic));
    }

    /** Those of all partitions of a topic that has been listened to, in no order. */
    List<ListenedPartition> of(String topic) {
        return table.values().stream()
                .filter(known -> known.getTopic().equals(topic))
                .toList();
    }

    /** The topics that a trigger listens to, or did when they were last written about. */
    Set<String> topics() {
        return table.values().stream()
                .filter(known -> !known.getListeners().isEmpty())
                .map(ListenedPartition::getTopic)
                .collect(Collectors.toSet());
    }

    /** What is known of one trigger in the partitions of a topic. */
    List<Known> of(String topic, ListenerId listener) {
        return of(topic).stream()
                .flatMap(partition -> partition.getListeners().stream()
                        .filter(position -> position.getPipeline().equals(listener.pipeline())
                                && position.getTrigger().equals(listener.trigger()))
                        .map(position -> new Known(partition, position)))
                .toList();
    }

    /** Where a trigger is in a partition. */
    record Known(ListenedPartition partition, ListenerPosition position) {
        /** The next offset that it judges. */
        long next() {
            return position.getFollowing()
                    ? Math.max(position.getOffset(), partition.getOffset())
                    : position.getOffset();
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
