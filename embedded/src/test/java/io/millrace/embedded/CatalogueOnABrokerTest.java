package io.millrace.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.PipelineDefinition;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.TopicCreationException;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The topic catalogue and the topic table of {@code schemas}, on a real broker with a real registry. */
class CatalogueOnABrokerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestingPlatform platform = TestingPlatform.shared();
    private final String prefix = platform.uniquePrefix();
    private final Topics topics = Topics.withPrefix(prefix);
    private final KafkaAccess access = platform.access(prefix);
    private final SchemaRegistryClient registry = new SchemaRegistryClient(platform.registryUrl());
    private final WireFormat format = new WireFormat(registry);
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()));

    @AfterEach
    void close() {
        admin.close();
        registry.close();
    }

    @Test
    void createsEveryTopicAsTheCatalogueSays() throws Exception {
        List<Topic<?>> all = new ArrayList<>(topics.fixed());
        all.add(topics.tasks(new QueueName("gpu")));
        TopicCreation.ensure(admin, all, 3, (short) 1);
        for (Topic<?> topic : all) {
            assertThat(partitions(topic)).as(topic.name()).isIn(1, 3);
        }
        assertThat(partitions(topics.pipelines())).isEqualTo(1);
        assertThat(partitions(topics.runCommands())).isEqualTo(3);
        assertThat(partitions(topics.tasks(new QueueName("gpu")))).isEqualTo(3);
        ConfigResource pipelines =
                new ConfigResource(ConfigResource.Type.TOPIC, topics.pipelines().name());
        Config config = requireNonNull(
                        admin.describeConfigs(List.of(pipelines)).values().get(pipelines))
                .get(60, TimeUnit.SECONDS);
        assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
    }

    @Test
    void createsTheSameTopicsFromManyPlacesAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> creations = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                creations.add(threads.submit(() -> {
                    TopicCreation.ensure(admin, topics.fixed(), 2, (short) 1);
                    return null;
                }));
            }
            for (Future<?> creation : creations) {
                creation.get();
            }
        } finally {
            threads.shutdownNow();
        }
        TopicCreation.ensure(admin, topics.fixed(), 5, (short) 1);
        assertThat(partitions(topics.runEvents()))
                .as("what exists is left as it is")
                .isEqualTo(2);
    }

    @Test
    void saysWhatIsWrongWithReplicasAndPartitions() throws Exception {
        assertThatThrownBy(() -> TopicCreation.ensure(admin, topics.fixed(), 1, (short) 3))
                .isInstanceOf(TopicCreationException.class)
                .hasMessageContaining("replication factor");
        admin.createTopics(List.of(
                        new NewTopic(topics.runCommands().name(), 2, (short) 1),
                        new NewTopic(topics.taskEvents().name(), 3, (short) 1)))
                .all()
                .get(60, TimeUnit.SECONDS);
        assertThatThrownBy(() -> TopicCreation.ensure(admin, topics.fixed(), 2, (short) 1))
                .isInstanceOf(TopicCreationException.class)
                .hasMessageContaining("same number of partitions");
    }

    @Test
    void keepsTheLastValueOfEachKey() throws Exception {
        TopicCreation.ensure(admin, topics.fixed(), 1, (short) 1);
        try (KafkaProducer<String, byte[]> producer = producer(Map.of());
                TopicTable<PipelineDefinition> table = TopicTable.open(topics.pipelines(), format, access)) {
            table.awaitEnd(LIMIT);
            assertThat(table.asMap()).isEmpty();
            for (int i = 0; i < 100; i++) {
                send(producer, "p/" + i % 10, definition(i));
            }
            send(producer, "p/3", null);
            producer.send(new ProducerRecord<>(topics.pipelines().name(), "p/4", new byte[] {9, 9, 9}));
            producer.flush();
            table.awaitEnd(LIMIT);
            assertThat(table.keys()).hasSize(9).doesNotContain("p/3");
            assertThat(table.get("p/4"))
                    .hasValueSatisfying(value -> assertThat(value.getVersion()).isEqualTo(94));
            assertThat(table.skipped()).isEqualTo(1);
            try (TopicTable<PipelineDefinition> later = TopicTable.open(topics.pipelines(), format, access)) {
                later.awaitEnd(LIMIT);
                assertThat(later.asMap()).isEqualTo(table.asMap());
            }
        }
    }

    @Test
    void showsWhatIsCommittedAndNothingElse() throws Exception {
        TopicCreation.ensure(admin, topics.fixed(), 1, (short) 1);
        try (KafkaProducer<String, byte[]> producer = producer(Map.of("transactional.id", prefix + "writer"));
                TopicTable<PipelineDefinition> table = TopicTable.open(topics.pipelines(), format, access)) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "committed/1", definition(1));
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, "aborted/1", definition(1));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, "committed/2", definition(2));
            producer.commitTransaction();
            table.awaitEnd(LIMIT);
            assertThat(table.keys()).containsExactlyInAnyOrder("committed/1", "committed/2");
        }
    }

    private int partitions(Topic<?> topic) throws Exception {
        return requireNonNull(admin.describeTopics(List.of(topic.name()))
                        .topicNameValues()
                        .get(topic.name()))
                .get(60, TimeUnit.SECONDS)
                .partitions()
                .size();
    }

    private void send(KafkaProducer<String, byte[]> producer, String key, @Nullable PipelineDefinition value) {
        Encoder<PipelineDefinition> encoder = format.encoder(topics.pipelines());
        producer.send(
                new ProducerRecord<>(topics.pipelines().name(), key, value == null ? null : encoder.encode(value)));
    }

    private KafkaProducer<String, byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(access.producerProperties());
        properties.putAll(more);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private static PipelineDefinition definition(int version) {
        return PipelineDefinition.newBuilder()
                .setPipeline("p")
                .setVersion(version)
                .setSource("id: p")
                .setDigest("")
                .setAppliedAt(Instant.EPOCH)
                .build();
    }
}
