package io.millrace.coordinator.catalogue;

import io.millrace.embedded.TestingPlatform;
import io.millrace.event.PipelineFile;
import io.millrace.event.RunEvent;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topics of one installation on the real broker, with nobody else in them. */
public final class TestingLog implements AutoCloseable {
    public static final int PARTITIONS = 3;

    private final KafkaAccess access;
    private final SchemaRegistryClient registry;
    private final WireFormat wire;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Encoder<RunEvent> encoder;

    private TestingLog(KafkaAccess access) {
        this.access = access;
        registry = new SchemaRegistryClient(access.registryUrl());
        wire = new WireFormat(registry);
        encoder = wire.encoder(topics().runEvents());
        producer = new KafkaProducer<>(
                access.transactionalProducerProperties(access.topicPrefix() + "testing-log"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    public static TestingLog open() throws InterruptedException {
        TestingPlatform platform = TestingPlatform.shared();
        TestingLog log = new TestingLog(platform.access(platform.uniquePrefix()));
        log.createTopics();
        return log;
    }

    public void createTopics() throws InterruptedException {
        try (Admin admin = Admin.create(access.adminProperties())) {
            TopicCreation.ensure(admin, topics().fixed(), PARTITIONS, (short) 1);
        }
    }

    public KafkaAccess access() {
        return access;
    }

    public Topics topics() {
        return access.topics();
    }

    public WireFormat wire() {
        return wire;
    }

    /** A catalogue as a coordinator has it. */
    public PipelineCatalogue catalogue() {
        return PipelineCatalogue.open(
                access, wire, new PipelineCatalogue.Partitioning(PARTITIONS, (short) 1), "/test", Clock.systemUTC());
    }

    /** Writes events of one run in one transaction, as the engine does. */
    public void write(List<RunEvent> events) {
        producer.beginTransaction();
        for (RunEvent event : events) {
            send(topics().runEvents(), event.getRunId(), encoder.encode(event));
        }
        producer.commitTransaction();
    }

    /** Writes events that nobody may ever see. */
    public void writeAndAbort(List<RunEvent> events) {
        producer.beginTransaction();
        for (RunEvent event : events) {
            send(topics().runEvents(), event.getRunId(), encoder.encode(event));
        }
        producer.flush();
        producer.abortTransaction();
    }

    /** Writes a value to a topic of the catalogue. */
    public <T extends SpecificRecord> void write(Topic<T> topic, String key, T value) {
        writeRaw(topic, key, wire.encoder(topic).encode(value));
    }

    /** Writes what a foreign hand might. */
    public void writeRaw(Topic<?> topic, String key, byte @Nullable [] value) {
        producer.beginTransaction();
        send(topic, key, value);
        producer.commitTransaction();
    }

    private void send(Topic<?> topic, String key, byte @Nullable [] value) {
        producer.send(new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), value));
    }

    /** A submission that is known to be good. */
    public static Submission submission(String id, String command) {
        return submission("""
                id: %s
                tasks:
                  - {id: a, shell: "%s"}
                """.formatted(id, command));
    }

    public static Submission submission(String source, PipelineFile... files) {
        Submission submission = Submission.of("test.yaml", source, List.of(files));
        if (!submission.problems().isEmpty()) {
            throw new IllegalArgumentException(submission.problems().toString());
        }
        return submission;
    }

    public static Optional<Integer> version(Optional<PipelineVersion> found) {
        return found.map(PipelineVersion::version);
    }

    public static PipelineId id(String id) {
        return new PipelineId(id);
    }

    @Override
    public void close() {
        producer.close();
        registry.close();
    }
}
