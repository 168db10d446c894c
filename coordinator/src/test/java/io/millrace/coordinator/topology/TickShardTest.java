package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.TestingPlatform;
import io.millrace.engine.RunId;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.TriggerKind;
import io.millrace.pipeline.PipelineId;
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
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TickShardTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path stateDirectory;

    private final Topics topics = Topics.standard();
    private final TestingPipelines pipelines = new TestingPipelines();
    private final TestingPauses pauses = new TestingPauses();
    private SchemaRegistryClient registry;
    private WireFormat wire;
    private TopologyTestDriver driver;
    private Instant now = NOON;

    @BeforeEach
    void start() {
        registry = new SchemaRegistryClient(TestingPlatform.shared().registryUrl());
        wire = new WireFormat(registry);
        driver = drive(1);
    }

    @AfterEach
    void stop() {
        driver.close();
        registry.close();
    }

    private TopologyTestDriver drive(int partitions) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "tick-test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        Decisions decisions = new Decisions(
                "tick-test",
                wire,
                topics,
                pipelines,
                new TestingRecords(),
                claimant -> Optional.empty(),
                pauses,
                PoolLimits.NONE_SET,
                partitions,
                Duration.ofDays(1));
        return new TopologyTestDriver(RunTopology.of(decisions), properties, now);
    }

    private static String pipeline(String id, String schedule) {
        return """
                id: %s
                triggers:
                  - id: often
                    schedule: %s
                tasks:
                  - {id: a, shell: "true"}
                """.formatted(id, schedule);
    }

    /** Time passes in steps, as it does. */
    private void pass(Duration time) {
        Instant until = now.plus(time);
        while (now.isBefore(until)) {
            Duration step = Duration.between(now, until);
            step = step.compareTo(Duration.ofMillis(500)) > 0 ? Duration.ofMillis(500) : step;
            driver.advanceWallClockTime(step);
            now = now.plus(step);
        }
    }

    /** Time passes while nobody is there; what is in the store is there again. */
    private void outage(Duration time) {
        List<KeyValue<String, byte[]>> cursors = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all =
                driver.<String, byte[]>getKeyValueStore(RunTopology.SCHEDULES).all()) {
            all.forEachRemaining(cursors::add);
        }
        driver.close();
        now = now.plus(time);
        driver = drive(1);
        // The changelog is not read again by this driver, so the store is filled before the shard first looks.
        cursors.forEach(cursor ->
                driver.<String, byte[]>getKeyValueStore(RunTopology.SCHEDULES).put(cursor.key, cursor.value));
    }

    private List<RunCommand> commands() throws UndecodableException {
        List<RunCommand> commands = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : driver.createOutputTopic(
                        topics.runCommands().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()) {
            commands.add(wire.decoder(topics.runCommands()).decode(record.value()));
        }
        return commands;
    }

    /** The seconds after noon of the ticks that started runs since it was asked last. */
    private List<Long> ticks() throws UndecodableException {
        return commands().stream()
                .map(command ->
                        command.getTrigger().orElseThrow().getLogicalTime().orElseThrow())
                .map(tick -> Duration.between(NOON, tick).toSeconds())
                .toList();
    }

    @Test
    void aTickStartsARunOfTheCurrentVersion() throws UndecodableException {
        pipelines.apply(pipeline("etl", "{every: 10s}"), NOON);
        pass(Duration.ofSeconds(10));

        assertThat(commands()).singleElement().satisfies(command -> {
            assertThat(command.getType()).isEqualTo(RunCommandType.START);
            assertThat(command.getRunId())
                    .isEqualTo(RunId.ofTick(new PipelineId("etl"), "often", NOON.plusSeconds(10))
                            .value());
            assertThat(command.getPipeline()).isEqualTo("etl");
            assertThat(command.getVersion()).isEqualTo(1);
            assertThat(command.getTrigger().orElseThrow().getKind()).isEqualTo(TriggerKind.SCHEDULE);
            assertThat(command.getTrigger().orElseThrow().getTriggerId()).contains("often");
        });
    }

    @Test
    void itBeginsWhenItIsAppliedAndTicksOnceEach() throws UndecodableException {
        pipelines.apply(pipeline("etl", "{every: 10s}"), NOON.minusSeconds(25));
        pass(Duration.ofSeconds(35));

        assertThat(ticks()).containsExactly(-20L, -10L, 0L, 10L, 20L, 30L);
    }

    @Test
    void anOutageLosesNoTickAndRepeatsNone() throws UndecodableException {
        pipelines.apply(pipeline("etl", "{every: 10s}"), NOON);
        pass(Duration.ofSeconds(15));
        assertThat(ticks()).containsExactly(10L);
        outage(Duration.ofSeconds(27));
        pass(Duration.ofSeconds(10));

        assertThat(ticks()).containsExactly(20L, 30L, 40L, 50L);
    }

    @Test
    void afterALongOneTheLastStandsForAllUnlessAllAreWanted() throws UndecodableException {
        pipelines.apply(pipeline("last", "{every: 10m}"), NOON);
        pipelines.apply(pipeline("every", "{every: 10m, missed: all}"), NOON);
        pipelines.apply(pipeline("none", "{every: 10m, missed: none}"), NOON);
        pass(Duration.ofSeconds(1));
        outage(Duration.ofMinutes(35));
        pass(Duration.ofSeconds(1));

        assertThat(commands())
                .extracting(
                        RunCommand::getPipeline,
                        command -> Duration.between(
                                        NOON,
                                        command.getTrigger()
                                                .orElseThrow()
                                                .getLogicalTime()
                                                .orElseThrow())
                                .toMinutes())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("last", 30L),
                        org.assertj.core.groups.Tuple.tuple("every", 10L),
                        org.assertj.core.groups.Tuple.tuple("every", 20L),
                        org.assertj.core.groups.Tuple.tuple("every", 30L));
        pass(Duration.ofMinutes(5));
        assertThat(ticks()).as("all go on").containsExactly(2_400L, 2_400L, 2_400L);
    }

    @Test
    void whatIsPausedDoesNotFireAndGoesOnAsMissedSays() throws UndecodableException {
        pipelines.apply(pipeline("etl", "{every: 10s}"), NOON);
        pass(Duration.ofSeconds(15));
        pauses.pause("etl/often");
        pass(Duration.ofMinutes(10));
        assertThat(ticks()).containsExactly(10L);
        pauses.resume("etl/often");
        pass(Duration.ofMillis(500));

        assertThat(ticks()).as("those of the last minute").hasSize(6).endsWith(610L);
        pauses.pause("etl");
        pass(Duration.ofSeconds(20));
        assertThat(ticks()).isEmpty();
    }

    @Test
    void aChangedScheduleGoesOnFromTheChangeAndWhatWasDueBeforeComesFirst() throws UndecodableException {
        pipelines.apply(pipeline("etl", "{every: 10s}"), NOON);
        pass(Duration.ofSeconds(10));
        pipelines.apply(pipeline("etl", "{every: 7s}"), NOON.plusSeconds(20));
        pass(Duration.ofSeconds(20));

        // Sevens are counted from 1970: at noon they are at +2, +9, +16, +23, +30.
        long first = 7 - Math.floorMod(NOON.getEpochSecond(), 7L);
        List<Long> sevens = IntStream.range(0, 10)
                .mapToObj(n -> first + 7L * n)
                .filter(second -> second > 20 && second <= 30)
                .toList();
        List<Long> expected = new ArrayList<>(List.of(10L, 20L));
        expected.addAll(sevens);
        assertThat(ticks()).containsExactlyElementsOf(expected);
    }

    @Test
    void aNewVersionWithTheSameScheduleChangesNothing() throws UndecodableException {
        pipelines.apply(pipeline("etl", "{every: 10s}"), NOON);
        pass(Duration.ofSeconds(15));
        pipelines.apply(pipeline("etl", "{every: 10s}") + "description: another\n", NOON.plusSeconds(15));
        pass(Duration.ofSeconds(15));

        assertThat(commands()).extracting(RunCommand::getVersion).containsExactly(1, 2, 2);
    }

    @Test
    void aScheduleThatIsGoneFiresNoMoreAndIsForgotten() throws UndecodableException {
        pipelines.apply(pipeline("etl", "{every: 10s}"), NOON);
        pass(Duration.ofSeconds(15));
        pipelines.apply("id: etl\ntasks:\n  - {id: a, shell: \"true\"}\n", NOON.plusSeconds(15));
        pass(Duration.ofSeconds(30));

        assertThat(ticks()).containsExactly(10L);
        assertThat(driver.getKeyValueStore(RunTopology.SCHEDULES).all().hasNext())
                .isFalse();
    }

    @Test
    void aPipelineWhoseCalendarIsMissingHoldsUpNoOther() throws UndecodableException {
        pipelines.apply(pipeline("broken", "{every: 10s, skip: holidays.yaml}"), NOON);
        pipelines.apply(pipeline("etl", "{every: 10s}"), NOON);
        pass(Duration.ofSeconds(20));

        assertThat(commands()).extracting(RunCommand::getPipeline).containsExactly("etl", "etl");
    }

    @Test
    void whatKeepsInputsFromBeingFoundGoesAlongWithTheCommand() throws UndecodableException {
        pipelines.apply("""
                id: etl
                inputs: {n: {type: integer, default: 1}}
                triggers:
                  - {id: often, schedule: {every: 10s}, inputs: {n: "${{ int(schedule.at) }}"}}
                tasks:
                  - {id: a, shell: "true"}
                """, NOON);
        pass(Duration.ofSeconds(10));

        assertThat(commands())
                .singleElement()
                .satisfies(command -> assertThat(command.getReason().orElseThrow())
                        .startsWith("the inputs of the trigger often cannot be found: "));
    }

    @Test
    void everyPipelineBelongsToOnePartition() throws UndecodableException {
        driver.close();
        driver = drive(3);
        int all = 90;
        IntStream.range(0, all).forEach(i -> pipelines.apply(pipeline("p" + i, "{every: 10s}"), NOON));
        pass(Duration.ofSeconds(10));

        // The driver has the partition 0 alone.
        assertThat(commands()).hasSizeBetween(all / 6, all / 2);
    }

    @Test
    void manyThatAreDueAtOnceAllFire() throws UndecodableException {
        int all = 1_000;
        IntStream.range(0, all).forEach(i -> pipelines.apply(pipeline("p" + i, "{every: 1h}"), NOON));
        pass(Duration.ofSeconds(1));
        outage(Duration.ofHours(1).minusSeconds(1));
        pass(Duration.ofSeconds(30));

        assertThat(commands()).hasSize(all).extracting(RunCommand::getRunId).doesNotHaveDuplicates();
    }
}
