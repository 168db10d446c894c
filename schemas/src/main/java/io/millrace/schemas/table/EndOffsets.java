package io.millrace.schemas.table;

import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Where the partitions of a topic end. The end is the high watermark, not the last stable offset: a committed record behind
 * a transaction that is still open counts as written, although a reader sees it only when that transaction ends.
 *
 * <p><em>Threading:</em> safe for any number of threads.
 */
final class EndOffsets implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final String topic;
    private final String bootstrapServers;
    private final Admin admin;
    private volatile List<TopicPartition> partitions = List.of();

    EndOffsets(String topic, KafkaAccess kafka) {
        this.topic = topic;
        bootstrapServers = kafka.bootstrapServers();
        var properties = kafka.adminProperties();
        properties.putIfAbsent("client.id", "table-" + topic);
        admin = Admin.create(properties);
    }

    Map<Integer, Long> now(long deadlineNanos, Progress progress) throws InterruptedException, TimeoutException {
        var trouble = "Kafka at " + bootstrapServers + " does not answer";
        while (true) {
            progress.checkOpen();
            try {
                return list(deadlineNanos);
            } catch (ExecutionException e) {
                var reason = e.getCause();
                if (!(reason instanceof RetriableException)) {
                    throw new IllegalStateException("the end of topic " + topic + " cannot be told: " + reason, reason);
                }
                trouble = String.valueOf(reason.getMessage());
            } catch (TimeoutException e) {
                throw progress.late("did not tell where it ends: " + trouble);
            }
            // Kafka says that asking again may help, and cannot say when.
            TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), left(deadlineNanos)));
        }
    }

    private Map<Integer, Long> list(long deadlineNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        var latest = partitions(deadlineNanos).stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        var ends = admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all()
                .get(left(deadlineNanos), TimeUnit.NANOSECONDS);
        var offsets = new HashMap<Integer, Long>();
        ends.forEach((partition, end) -> offsets.put(partition.partition(), end.offset()));
        return offsets;
    }

    /** Asked once: a table reads the partitions that the topic had at first. */
    private List<TopicPartition> partitions(long deadlineNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        var known = partitions;
        if (known.isEmpty()) {
            var descriptions =
                    admin.describeTopics(List.of(topic)).allTopicNames().get(left(deadlineNanos), TimeUnit.NANOSECONDS);
            known = descriptions.values().stream()
                    .flatMap(description -> description.partitions().stream())
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            partitions = known;
        }
        return known;
    }

    private static long left(long deadlineNanos) {
        return Math.max(1, deadlineNanos - System.nanoTime());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
