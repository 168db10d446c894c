package io.millrace.coordinator.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.embedded.TestingPlatform;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LostCoordinatorsTest {
    private static final String LOST = "11111111-2222-3333-4444-555555555555";
    private static final String MEMBER = "99999999-8888-7777-6666-555555555555";
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    private final TestingPlatform platform = TestingPlatform.shared();
    private final KafkaAccess kafka = platform.access(platform.uniquePrefix());
    private final Topics topics = kafka.topics();
    private final String application = kafka.topicPrefix() + "coordinator";

    @Test
    void endsTheTransactionsOfThoseThatAreNoMembersAndOfNobodyElse() throws Exception {
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            TopicCreation.ensure(
                    admin, List.of(topics.runEvents(), topics.taskEvents(), topics.taskLogs()), 1, (short) 1);
        }
        TopicPartition lostPartition = new TopicPartition(topics.runEvents().name(), 0);
        TopicPartition livePartition = new TopicPartition(topics.taskEvents().name(), 0);
        TopicPartition secondPartition = new TopicPartition(topics.taskLogs().name(), 0);
        try (Consumer<byte[], byte[]> member = member();
                Producer<String, byte[]> lost = begin(application + "-" + LOST + "-1", lostPartition);
                Producer<String, byte[]> live = begin(application + "-" + MEMBER + "-2", livePartition);
                Producer<String, byte[]> foreign = begin(kafka.topicPrefix() + "worker-w", livePartition);
                Consumer<byte[], byte[]> reader = reader();
                LostCoordinators coordinators = new LostCoordinators(kafka, application)) {
            awaitReadable(reader, lostPartition, member);

            assertThatThrownBy(lost::commitTransaction)
                    .as("the lost one is fenced")
                    .isInstanceOf(KafkaException.class);
            // When another one has been ended, too, it has looked twice, and would have ended the others by now.
            try (Producer<String, byte[]> second = begin(application + "-" + LOST + "-2", secondPartition)) {
                awaitReadable(reader, secondPartition, member);
                assertThatThrownBy(second::commitTransaction).isInstanceOf(KafkaException.class);
            }
            live.commitTransaction();
            foreign.commitTransaction();
            awaitReadable(reader, livePartition, member);
        }
    }

    @Test
    void endsTheTransactionsOfReadersThatAreGone() throws Exception {
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            TopicCreation.ensure(admin, List.of(topics.taskEvents(), topics.taskLogs()), 1, (short) 1);
        }
        TopicPartition lostPartition = new TopicPartition(topics.taskLogs().name(), 0);
        TopicPartition livePartition = new TopicPartition(topics.taskEvents().name(), 0);
        String group = topics.listenerGroup("orders.v1");
        try (Consumer<byte[], byte[]> member = member(group, group + "@c1");
                Producer<String, byte[]> lost = begin(group + "@c2", lostPartition);
                Producer<String, byte[]> live = begin(group + "@c1", livePartition);
                Consumer<byte[], byte[]> reader = reader();
                LostCoordinators coordinators = new LostCoordinators(kafka, application)) {
            awaitReadable(reader, lostPartition, member);

            assertThatThrownBy(lost::commitTransaction)
                    .as("the lost one is fenced")
                    .isInstanceOf(KafkaException.class);
            live.commitTransaction();
            awaitReadable(reader, livePartition, member);
        }
    }

    /** An open transaction; all of it has reached the broker. */
    private Producer<String, byte[]> begin(String transactionalId, TopicPartition partition) throws Exception {
        Map<String, Object> properties = kafka.transactionalProducerProperties(transactionalId);
        // Kafka itself is not to be the one that ends it.
        properties.put("transaction.timeout.ms", 600_000);
        Producer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        var sent = producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), "key", new byte[] {1}));
        producer.flush();
        sent.get();
        return producer;
    }

    /** One that is in the group as a stream thread is. */
    private Consumer<byte[], byte[]> member() {
        return member(application, application + "-" + MEMBER + "-StreamThread-1-consumer");
    }

    private Consumer<byte[], byte[]> member(String group, String client) {
        Map<String, Object> properties = kafka.consumerProperties();
        properties.put("group.id", group);
        properties.put("client.id", client);
        Consumer<byte[], byte[]> member =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        member.subscribe(List.of(topics.taskEvents().name()));
        Instant deadline = Instant.now().plus(LONG_ENOUGH);
        while (member.assignment().isEmpty() && Instant.now().isBefore(deadline)) {
            member.poll(Duration.ofMillis(100));
        }
        assertThat(member.assignment()).isNotEmpty();
        return member;
    }

    private Consumer<byte[], byte[]> reader() {
        Map<String, Object> properties = kafka.consumerProperties();
        properties.put("isolation.level", "read_committed");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Waits until readers of what is committed get to the end of what was sent. */
    private static void awaitReadable(
            Consumer<byte[], byte[]> reader, TopicPartition partition, Consumer<byte[], byte[]> member) {
        Instant deadline = Instant.now().plus(LONG_ENOUGH);
        while (reader.endOffsets(List.of(partition)).get(partition) == 0
                && Instant.now().isBefore(deadline)) {
            member.poll(Duration.ofMillis(100));
        }
        assertThat(reader.endOffsets(List.of(partition)).get(partition))
                .as("the end of what is committed in %s", partition)
                .isPositive();
    }
}
