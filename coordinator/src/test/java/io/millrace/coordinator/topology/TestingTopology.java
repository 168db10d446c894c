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
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The whole topology on one partition: what one of its parts writes, another reads. */
final class TestingTopology implements AutoCloseable {
    private static final String APPLICATION = "topology-of-a-test";

    final Topics topics = Topics.standard();
    /** What the history shows of runs: nothing, unless a test shows it. */
    final TestingRecords recorded = new TestingRecords();

    private final SchemaRegistryClient registry =
            new SchemaRegistryClient(TestingPlatform.shared().registryUrl());
    private final WireFormat wire = new WireFormat(registry);
    private final TopologyTestDriver driver;
    private @Nullable Revivable engine;

    /** The run engine as it is in a task that Kafka Streams can close and initialise again. */
    private final class Revivable implements Processor<byte[], byte[], byte[], Outbound> {
        private final Processor<byte[], byte[], byte[], Outbound> decides;
        private boolean dead;

        private Revivable(Processor<byte[], byte[], byte[], Outbound> decides) {
            this.decides = decides;
        }

        @Override
        public void init(ProcessorContext<byte[], Outbound> newContext) {
            engine = this;
            newContext.schedule(Duration.ofMillis(1), PunctuationType.WALL_CLOCK_TIME, time -> {
                if (dead) {
                    dead = false;
                    decides.close();
                    decides.init(newContext);
                }
            });
            decides.init(newContext);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            decides.process(record);
        }

        @Override
        public void close() {
            decides.close();
        }
    }

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
                recorded,
                claimant -> Optional.empty(),
                pauses,
                pools,
                1,
                Duration.ofDays(1));
        driver = new TopologyTestDriver(
                RunTopology.of(decisions, () -> new Revivable(new DecideRun(decisions))), properties, begin);
    }

    /** As Kafka Streams does with a task that was suspended or found broken: the same processor begins again on what is stored. */
    void revive() {
        Objects.requireNonNull(engine).dead = true;
        pass(Duration.ofMillis(1));
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
