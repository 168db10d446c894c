package io.millrace.coordinator.fleet;

import io.millrace.coordinator.reading.StretchReader;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * How much lies in each queue, by the offsets that the workers' group has committed, which it does as it claims.
 *
 * <p><b>Threading.</b> Thread-safe: one question asks Kafka at a time, and its answer serves all for a second. It waits for
 * Kafka, so keep it off event loops.
 */
public final class QueueBoard implements AutoCloseable {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int LIMIT_MILLIS = 10_000;
    /** Where a partition has fewer offsets left, its records are counted. */
    private static final int MOST_COUNTED = 500;

    private final Admin admin;
    private final StretchReader reader;
    private final WorkerDirectory directory;
    private final Topics topics;
    private final String group;
    private List<QueueView> last = List.of();
    private long nextNanos = System.nanoTime();

    /** @param reader is not closed by it, and neither is the directory */
    public QueueBoard(KafkaAccess kafka, StretchReader reader, WorkerDirectory directory) {
        Map<String, Object> properties = kafka.adminProperties();
        properties.put("default.api.timeout.ms", LIMIT_MILLIS);
        properties.put("request.timeout.ms", LIMIT_MILLIS);
        this.admin = Admin.create(properties);
        this.reader = reader;
        this.directory = directory;
        this.topics = kafka.topics();
        this.group = topics.workerGroup();
    }

    /** All queues that have a topic, by name. @throws QueuesUnavailableException when Kafka does not say */
    public synchronized List<QueueView> queues() {
        if (System.nanoTime() - nextNanos < 0) {
            return last;
        }
        try {
            last = look();
            nextNanos = System.nanoTime() + FRESH.toNanos();
            return last;
        } catch (ExecutionException e) {
            throw new QueuesUnavailableException(
                    "The queues cannot be looked at: "
                            + (e.getCause() == null
                                    ? e.getMessage()
                                    : e.getCause().getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueuesUnavailableException("Interrupted while looking at the queues", e);
        }
    }

    private List<QueueView> look() throws ExecutionException, InterruptedException {
        Map<String, QueueName> queues = new TreeMap<>();
        for (String topic : admin.listTopics().names().get()) {
            topics.queueOf(topic).ifPresent(queue -> queues.put(topic, queue));
        }
        Map<TopicPartition, Long> begins = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicDescription topic :
                admin.describeTopics(queues.keySet()).allTopicNames().get().values()) {
            topic.partitions().forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition())));
        }
        offsets(partitions, OffsetSpec.earliest()).forEach((at, info) -> begins.put(at, info.offset()));
        offsets(partitions, OffsetSpec.latest()).forEach((at, info) -> ends.put(at, info.offset()));
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        List<WorkerView> workers = directory.workers();
        List<QueueView> views = new ArrayList<>();
        queues.forEach((topic, queue) -> {
            Depth depth = new Depth();
            for (TopicPartition partition : partitions) {
                if (partition.topic().equals(topic)) {
                    OffsetAndMetadata claimed = committed.get(partition);
                    long begin = begins.getOrDefault(partition, 0L);
                    long from = claimed == null ? begin : Math.max(begin, claimed.offset());
                    depth.add(partition, from, ends.getOrDefault(partition, from));
                }
            }
            views.add(depth.view(queue.value(), workers));
        });
        return List.copyOf(views);
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec spec)
            throws ExecutionException, InterruptedException {
        return admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec)),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get();
    }

    /** Sums up the partitions of one queue. */
    private final class Depth {
        private long lag;
        private long waiting;
        private boolean exact = true;
        private Optional<Instant> oldest = Optional.empty();

        void add(TopicPartition partition, long from, long end) {
            long left = Math.max(0, end - from);
            if (left == 0) {
                return;
            }
            lag += left;
            StretchReader.Stretch stretch = reader.read(partition, from, end, MOST_COUNTED);
            boolean counted = stretch.next() >= end;
            exact &= counted;
            waiting += counted ? stretch.records().size() : left;
            for (ConsumerRecord<byte[], byte[]> record : stretch.records()) {
                Instant at = Instant.ofEpochMilli(record.timestamp());
                oldest = oldest.filter(before -> before.isBefore(at)).or(() -> Optional.of(at));
            }
        }

        QueueView view(String queue, List<WorkerView> workers) {
            List<WorkerView> serving =
                    workers.stream().filter(worker -> worker.serves(queue)).toList();
            return new QueueView(
                    queue,
                    waiting,
                    exact,
                    oldest,
                    lag,
                    serving.size(),
                    serving.stream()
                            .mapToInt(worker -> worker.heartbeat().getSlots())
                            .sum(),
                    serving.stream()
                            .mapToInt(worker -> worker.heartbeat().getBusy())
                            .sum());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
