package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunId;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.wire.UndecodableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was under way when Kafka Streams began an engine again happens once. */
class RevivedEngineTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path stateDirectory;

    private final TestingPipelines pipelines = new TestingPipelines();
    private TestingTopology topology;

    @BeforeEach
    void start() {
        topology = new TestingTopology(stateDirectory, pipelines, new TestingPauses(), NOON);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    private List<String> events() throws UndecodableException {
        List<String> events = new ArrayList<>();
        for (RunEvent event : topology.read(topology.topics.runEvents())) {
            events.add(event.getSequence() + " " + event.getType());
        }
        return events;
    }

    @Test
    void aTimerThatWasSetBeforeFiresOnce() throws UndecodableException {
        PipelineId pause = new PipelineId("pause");
        pipelines.apply("""
                id: pause
                tasks:
                  - {id: a, wait: 1m}
                """, NOON);
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(RunId.ofKey(pause, "once").value())
                .setPipeline("pause")
                .setVersion(1)
                .setInputs("{}")
                .setTrigger(Trigger.newBuilder().setKind(TriggerKind.API).build())
                .build());
        assertThat(events()).containsExactly("1 RUN_STARTED", "2 TASK_DEFERRED");

        topology.revive();
        topology.pass(MINUTE.plus(MINUTE));

        assertThat(events()).containsExactly("3 TASK_SUCCEEDED", "4 RUN_SUCCEEDED");
    }

    @Test
    void aScheduleTicksOnceAndGoesOn() throws UndecodableException {
        pipelines.apply("""
                id: often
                triggers:
                  - {id: each, schedule: {every: 1m}}
                tasks:
                  - {id: a, wait: 1ms}
                """, NOON);
        List<Integer> ticks = new ArrayList<>();
        for (int minute = 0; minute < 4; minute++) {
            topology.pass(MINUTE);
            ticks.add(topology.read(topology.topics.runCommands()).size());
            topology.revive();
        }

        assertThat(ticks).containsExactly(1, 1, 1, 1);
    }

    /** What Kafka Streams restores is what was committed: less than was done before, when a transaction was aborted. */
    @Test
    void aTickWhoseTransactionWasAbortedFiresAgain() throws UndecodableException {
        pipelines.apply("""
                id: often
                triggers:
                  - {id: each, schedule: {every: 1m}}
                tasks:
                  - {id: a, wait: 1ms}
                """, NOON);
        topology.pass(MINUTE);
        topology.read(topology.topics.runCommands());
        KeyValueStore<String, byte[]> cursors = topology.store(RunTopology.SCHEDULES);
        List<KeyValue<String, byte[]>> committed = new ArrayList<>();
        try (var all = cursors.all()) {
            all.forEachRemaining(committed::add);
        }
        topology.pass(MINUTE);
        List<RunCommand> fired = topology.read(topology.topics.runCommands());
        committed.forEach(cursor -> cursors.put(cursor.key, cursor.value));

        topology.revive();
        topology.pass(Duration.ofSeconds(1));

        assertThat(committed).isNotEmpty();
        assertThat(topology.read(topology.topics.runCommands()))
                .extracting(RunCommand::getRunId)
                .containsExactly(fired.get(0).getRunId());
    }
}
