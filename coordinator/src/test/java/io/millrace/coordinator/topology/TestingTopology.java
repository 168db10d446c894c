package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.embedded.TestingPlatform;
import io.millrace.event.RunCommand;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** The whole topology on one partition: what one of its parts writes, another reads. */
final class TestingTopology implements AutoCloseable {
    private static final String APPLICATION = "topology-of-a-test";

    final Topics topics = Topics.standard();
    private final SchemaRegistryClient registry =
            new SchemaRegistryClient(TestingPlatform.shared().registryUrl());
    private final WireFormat wire = new WireFormat(registry);
    private final TopologyTestDriver driver;

    TestingTopology(Path stateDirectory, PipelineLookup pipelines, TriggerPauses pauses, Instant begin) {
        this(stateDirectory, pipelines, pauses, PoolLimits.NONE_SET, begin);
    }

    TestingTopology(
            Path stateDirectory, PipelineLookup pipelines, TriggerPauses pauses, PoolLimits pools, Instant begin) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        Decisions decisions = new Decisions(
                APPLICATION,
                wire,
                topics,
                pipelines,
                new TestingRecords(),
                claimant -> Optional.empty(),
                pauses,
                pools,
                1,
                Duration.ofDays(1));
        driver = new TopologyTestDriver(RunTopology.of(decisions), properties, begin);
    }

    void command(RunCommand command) {
        send(topics.runCommands(), command.getRunId(), command);
    }

    <T extends SpecificRecord> void send(Topic<T> topic, String key, T value) {
        send(topic, key, wire.encoder(topic).encode(value));
    }

    void send(Topic<?> topic, String key, byte[] value) {
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(key.getBytes(UTF_8), value);
    }

    /** What was written since it was asked last. */
    <T extends SpecificRecord> List<T> read(Topic<T> topic) throws UndecodableException {
        List<T> values = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : driver.createOutputTopic(
                        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()) {
            values.add(wire.decoder(topic).decode(record.value()));
        }
        return values;
    }

    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    KeyValueStore<String, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    StateCodec codec() {
        return new StateCodec(wire, APPLICATION);
    }

    @Override
    public void close() {
        driver.close();
        registry.close();
    }
}
