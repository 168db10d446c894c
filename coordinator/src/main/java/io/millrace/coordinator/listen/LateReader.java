package io.millrace.coordinator.listen;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads partitions for the triggers that are behind, from where the hindmost of each is, so that those that follow need not wait.
 *
 * <p><b>Threading:</b> owned by the thread of its topic's reader.
 */
final class LateReader {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMillis(20);

    private final Consumer<byte[], byte[]> consumer;
    private final Judge judge;
    private final ListenCounts counts;
    /** The offset that the consumer reads next, of the partitions that it has. */
    private final Map<TopicPartition, Long> fetching = new HashMap<>();

    /** @param consumer is closed by it */
    LateReader(Consumer<byte[], byte[]> consumer, Judge judge, ListenCounts counts) {
        this.consumer = consumer;
        this.judge = judge;
        this.counts = counts;
    }

    /** Reads on for whoever is behind; answers the partitions in which anybody was. */
    Collection<OwnedPartition> read(Collection<OwnedPartition> owned) {
        Map<TopicPartition, OwnedPartition> late = new HashMap<>();
        for (OwnedPartition each : owned) {
            Places places = each.places();
            if (places != null && places.behind().isPresent()) {
                late.put(each.partition(), each);
            }
        }
        if (!consumer.assignment().equals(late.keySet())) {
            consumer.assign(late.keySet());
            fetching.keySet().retainAll(late.keySet());
        }
        if (!late.isEmpty()) {
            late.values().forEach(this::seek);
            ConsumerRecords<byte[], byte[]> records = consumer.poll(PATIENCE);
            counts.read(records.count());
            late.values().forEach(each -> judge(each, records.records(each.partition())));
        }
        return late.values();
    }

    private void seek(OwnedPartition each) {
        Places places = each.places();
        OptionalLong hindmost = places == null ? OptionalLong.empty() : places.behind();
        if (hindmost.isPresent() && fetching.getOrDefault(each.partition(), -1L) != hindmost.getAsLong()) {
            consumer.seek(each.partition(), hindmost.getAsLong());
        }
    }

    private void judge(OwnedPartition each, List<ConsumerRecord<byte[], byte[]>> records) {
        Places places = each.places();
        if (places != null) {
            List<Place> laggards = places.laggards();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (judge.hasEnough()) {
                    fetching.remove(each.partition());
                    places.caughtUpTo(record.offset());
                    return;
                }
                judge.judge(record, places, laggards);
            }
            long next = consumer.position(each.partition(), LIMIT);
            fetching.put(each.partition(), next);
            places.caughtUpTo(next);
        }
    }

    /** Whatever it has read and is not written counts as unread. */
    void forget() {
        consumer.assign(Set.of());
        fetching.clear();
    }

    void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
