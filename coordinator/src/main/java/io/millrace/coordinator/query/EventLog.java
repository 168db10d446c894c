package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic `run-events` as the history reads it: all partitions, committed events only, from positions of its own. */
final class EventLog {
    private static final Logger log = LoggerFactory.getLogger(EventLog.class);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration COMING_BACK = Duration.ofSeconds(5);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(100);

    private final KafkaAccess kafka;
    private final Topic<RunEvent> topic;
    private final EventIntake intake;

    EventLog(KafkaAccess kafka, WireFormat wire) {
        this.kafka = kafka;
        this.topic = kafka.topics().runEvents();
        this.intake = new EventIntake(wire.decoder(topic));
    }

    /** Asks Kafka which topic this is. @throws KafkaException when it does not say, or there is no such topic */
    HistoryIdentity identity() throws InterruptedException {
        Map<String, Object> properties = kafka.adminProperties();
        properties.put("default.api.timeout.ms", (int) ANSWER.toMillis());
        properties.put("request.timeout.ms", (int) ANSWER.toMillis());
        try (Admin admin = Admin.create(properties)) {
            TopicDescription description = admin.describeTopics(List.of(topic.name()))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next();
            return new HistoryIdentity(topic.name(), description.topicId().toString());
        } catch (ExecutionException e) {
            throw new KafkaException("The topic " + topic.name() + " cannot be described: " + reason(e), e);
        }
    }

    private static String reason(ExecutionException e) {
        return String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    }

    Reading open() {
        return new Reading();
    }

    /** One life of a consumer. Not thread-safe; only {@link #wakeUp} may be called by another thread. */
    final class Reading implements AutoCloseable {
        private final KafkaConsumer<ByteBuffer, byte[]> consumer;
        private List<TopicPartition> partitions = List.of();

        private Reading() {
            Map<String, Object> properties = kafka.consumerProperties();
            properties.put("auto.offset.reset", "none");
            properties.put("max.poll.records", 2_000);
            properties.put("fetch.max.bytes", 16 << 20);
            properties.put("default.api.timeout.ms", (int) ANSWER.toMillis());
            // How soon events in partitions that the topic is given later are noticed.
            properties.put("metadata.max.age.ms", 10_000);
            properties.put("client.id", topic.name() + "-history");
            consumer = new KafkaConsumer<>(properties, new ByteBufferDeserializer(), new ByteArrayDeserializer());
        }

        /**
         * Goes to the positions; to its beginning in a partition that has none yet, or whose events there are gone.
         *
         * @param read up to where it was read before
         * @throws CorruptHistoryException when that is beyond the end: the topic has lost what was read of it
         */
        void seek(Map<Integer, Long> positions, Map<Integer, Long> read) throws InterruptedException {
            partitions = partitions();
            consumer.assign(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = endsBehind(read);
            for (TopicPartition partition : partitions) {
                long beginning = beginnings.getOrDefault(partition, 0L);
                long end = ends.getOrDefault(partition, 0L);
                long position = positions.getOrDefault(partition.partition(), beginning);
                long known = read.getOrDefault(partition.partition(), position);
                if (known > end) {
                    throw new CorruptHistoryException("The local history has read " + partition + " up to offset "
                            + known + ", and the topic ends at " + end + ".");
                }
                if (position < beginning) {
                    log.warn(
                            "Events of {} from offset {} to {} are gone before the history has read them",
                            partition,
                            position,
                            beginning - 1);
                }
                consumer.seek(partition, Math.max(position, beginning));
            }
        }

        /**
         * The ends, once none lies before a position. A broker that was killed and has just come back may for a moment tell
         * an end that it has been beyond; one that stays there has lost what was read of it.
         */
        private Map<TopicPartition, Long> endsBehind(Map<Integer, Long> read) throws InterruptedException {
            long deadline = System.nanoTime() + COMING_BACK.toNanos();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (System.nanoTime() - deadline < 0 && anyBeyond(read, ends)) {
                TimeUnit.NANOSECONDS.sleep(BETWEEN_QUESTIONS.toNanos());
                ends = consumer.endOffsets(partitions);
            }
            return ends;
        }

        private static boolean anyBeyond(Map<Integer, Long> read, Map<TopicPartition, Long> ends) {
            return ends.entrySet().stream()
                    .anyMatch(end -> read.getOrDefault(end.getKey().partition(), 0L) > end.getValue());
        }

        private List<TopicPartition> partitions() {
            return consumer.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                    .toList();
        }

        /** Whether the topic was given more partitions since {@link #seek}. */
        boolean hasGrown() {
            return partitions().size() > partitions.size();
        }

        ConsumerRecords<ByteBuffer, byte[]> poll(Duration timeout) {
            return consumer.poll(timeout);
        }

        /** Empty, and said, when it is not one of ours: others go on (G8). A registry that is away is thrown. */
        Optional<LoggedEvent> take(ConsumerRecord<ByteBuffer, byte[]> record) {
            try {
                return Optional.of(intake.take(record.value(), record.partition(), record.offset()));
            } catch (UndecodableException e) {
                log.warn(
                        "The record at {}-{}, offset {} is left out of the history: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        e.getMessage());
                return Optional.empty();
            }
        }

        /** Where to go on after what was polled last, by partition. */
        Map<Integer, Long> positions() {
            Map<Integer, Long> positions = new HashMap<>();
            partitions.forEach(partition -> positions.put(partition.partition(), consumer.position(partition)));
            return positions;
        }

        /** The ends as of now, by partition; asks Kafka. */
        Map<Integer, Long> ends() {
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }

        /** How many offsets the consumer is behind, as far as it knows without asking; empty before it knows. */
        OptionalLong lag() {
            long sum = 0;
            for (TopicPartition partition : partitions) {
                OptionalLong lag = consumer.currentLag(partition);
                if (lag.isEmpty()) {
                    return lag;
                }
                sum += lag.getAsLong();
            }
            return OptionalLong.of(sum);
        }

        void wakeUp() {
            consumer.wakeup();
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
