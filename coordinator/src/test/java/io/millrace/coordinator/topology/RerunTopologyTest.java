package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.TestingPlatform;
import io.millrace.engine.CommandId;
import io.millrace.engine.RunId;
import io.millrace.engine.RunState;
import io.millrace.event.CauseKind;
import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TaskEvent;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.event.TriggerEvent;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that has ended is gone from the engine's stores; its history gives it back, however late that can be read. */
class RerunTopologyTest {
    private static final String CHAIN = """
            id: chain
            tasks:
              - {id: a, shell: "true"}
              - {id: b, shell: "true", needs: a}
            """;
    private static final String ABOVE = """
            id: above
            tasks:
              - {id: child, run: chain}
              - {id: beside, approval: May it go on?}
            """;

    private final Topics topics = Topics.standard();
    private final TestingRecords history = new TestingRecords();
    private final List<RunEvent> events = new ArrayList<>();

    @TempDir
    Path stateDirectory;

    private final TestingPipelines pipelines = TestingPipelines.of(CHAIN, ABOVE);
    private SchemaRegistryClient registry;
    private WireFormat wire;
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        registry = new SchemaRegistryClient(TestingPlatform.shared().registryUrl());
        wire = new WireFormat(registry);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "rerun-test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        Decisions decisions = new Decisions(
                "rerun-test",
                wire,
                topics,
                pipelines,
                history,
                claimant -> Optional.empty(),
                new TestingPauses(),
                PoolLimits.NONE_SET,
                1,
                Duration.ofDays(1));
        driver = new TopologyTestDriver(RunTopology.of(decisions), properties, Instant.parse("2026-03-01T12:00:00Z"));
    }

    @AfterEach
    void stop() {
        driver.close();
        registry.close();
    }

    private <T extends SpecificRecord> void send(Topic<T> topic, String key, T value) {
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(
                        key.getBytes(StandardCharsets.UTF_8),
                        wire.encoder(topic).encode(value));
    }

    private <T extends SpecificRecord> List<T> read(Topic<T> topic) throws UndecodableException {
        List<T> values = new ArrayList<>();
        for (byte[] value : driver.createOutputTopic(
                        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readValuesToList()) {
            values.add(wire.decoder(topic).decode(value));
        }
        return values;
    }

    /** Reads what the engine has written of late to the audit log. */
    private List<RunEvent> written() throws UndecodableException {
        List<RunEvent> fresh = read(topics.runEvents());
        events.addAll(fresh);
        return fresh;
    }

    /** Lets the history catch up with what the engine has written. */
    private List<RunEvent> shown() throws UndecodableException {
        List<RunEvent> fresh = written();
        history.show(fresh);
        return fresh;
    }

    private void trigger(String pipeline, @Nullable String key) {
        send(
                topics.triggers(),
                "any",
                TriggerEvent.newBuilder()
                        .setPipeline(pipeline)
                        .setIdempotencyKey(key)
                        .build());
    }

    private void command(RunCommandType type, String run, String... tasks) {
        send(
                topics.runCommands(),
                run,
                RunCommand.newBuilder()
                        .setType(type)
                        .setRunId(run)
                        .setTasks(List.of(tasks))
                        .setReason("the disk is back")
                        .setBy("ada")
                        .build());
    }

    /** A command with the id that this key gives it. */
    private void keyed(RunCommandType type, String run, String key) {
        send(
                topics.runCommands(),
                run,
                RunCommand.newBuilder()
                        .setType(type)
                        .setRunId(run)
                        .setBy("ada")
                        .setCommandId(CommandId.ofRerun(run, key).value())
                        .build());
    }

    /** A worker claims the task that was dispatched last, and it ends so. */
    private TaskEvent ends(TaskReportType how) throws UndecodableException {
        List<TaskEvent> tasks = read(topics.tasks(QueueName.DEFAULT));
        TaskEvent task = tasks.get(tasks.size() - 1);
        for (TaskReportType type : List.of(TaskReportType.CLAIMED, how)) {
            send(
                    topics.taskEvents(),
                    task.getRunId(),
                    TaskReport.newBuilder()
                            .setType(type)
                            .setRunId(task.getRunId())
                            .setTask(task.getTask())
                            .setAttempt(task.getAttempt())
                            .setEpoch(task.getEpoch())
                            .setWorker("w1")
                            .setIncarnation("life1")
                            .build());
        }
        return task;
    }

    private String aRunThatFailed() throws UndecodableException {
        trigger("chain", null);
        ends(TaskReportType.FAILED);
        return written().get(0).getRunId();
    }

    private static List<RunEventType> types(List<RunEvent> of) {
        return of.stream().map(RunEvent::getType).toList();
    }

    private DeadLetter onlyDeadLetter() throws UndecodableException {
        List<DeadLetter> letters = read(topics.deadLetters());
        assertThat(letters).hasSize(1);
        return letters.get(0);
    }

    private OpenRunStore openRuns() {
        return (OpenRunStore) driver.getStateStore(RunTopology.OPEN_RUNS);
    }

    @Test
    void itIsOpenedAgainAndGoesToItsEnd() throws Exception {
        String run = aRunThatFailed();
        history.show(events);
        command(RunCommandType.RERUN, run);
        TaskEvent again = ends(TaskReportType.SUCCEEDED);
        assertThat(again.getTask()).isEqualTo("a");
        assertThat(again.getAttempt()).isEqualTo(2);
        assertThat(ends(TaskReportType.SUCCEEDED).getTask()).isEqualTo("b");
        List<RunEvent> second = written();

        assertThat(types(second))
                .containsExactly(
                        RunEventType.RUN_RERUN,
                        RunEventType.TASK_STARTED,
                        RunEventType.TASK_SUCCEEDED,
                        RunEventType.TASK_STARTED,
                        RunEventType.TASK_SUCCEEDED,
                        RunEventType.RUN_SUCCEEDED);
        RunEvent reopened = second.get(0);
        assertThat(reopened.getCause().orElseThrow().getKind()).isEqualTo(CauseKind.RECORD);
        assertThat(reopened.getReason()).contains("the disk is back");
        assertThat(reopened.getBy()).contains("ada");
        assertThat(reopened.getDispatched()).containsExactly("a");
        assertThat(events)
                .extracting(RunEvent::getSequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(openRuns().all().hasNext())
                .as("anything of the run that has ended again")
                .isFalse();
        assertThat(read(topics.deadLetters())).isEmpty();
    }

    @Test
    void aRepeatedTriggerStillFindsIt() throws Exception {
        trigger("chain", "order-1");
        ends(TaskReportType.FAILED);
        String run = shown().get(0).getRunId();
        command(RunCommandType.RERUN, run, "a");
        trigger("chain", "order-1");
        ends(TaskReportType.FAILED);
        trigger("chain", "order-1");

        assertThat(types(written()))
                .containsExactly(
                        RunEventType.RUN_RERUN,
                        RunEventType.TASK_STARTED,
                        RunEventType.TASK_FAILED,
                        RunEventType.TASK_UPSTREAM_FAILED,
                        RunEventType.RUN_FAILED);
    }

    @Nested
    class WaitsForItsHistory {
        @Test
        void whenItsEndIsNotThereYet() throws Exception {
            String run = aRunThatFailed();
            history.show(events.subList(0, events.size() - 1));
            command(RunCommandType.RERUN, run);
            driver.advanceWallClockTime(Duration.ofSeconds(30));
            assertThat(written()).isEmpty();

            history.show(events.subList(events.size() - 1, events.size()));
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(types(written())).containsExactly(RunEventType.RUN_RERUN);
            assertThat(events.get(events.size() - 1).getCause().orElseThrow().getTopic())
                    .as("the command is the cause, however long it waited")
                    .contains(topics.runCommands().name());
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(written()).as("it is carried out once").isEmpty();
            assertThat(read(topics.deadLetters())).isEmpty();
        }

        @Test
        void whenItWasOpenedAgainSinceTheEndThatIsThere() throws Exception {
            String run = aRunThatFailed();
            history.show(events);
            command(RunCommandType.RERUN, run);
            assertThat(ends(TaskReportType.FAILED).getAttempt()).isEqualTo(2);
            command(RunCommandType.RERUN, run);
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            List<RunEvent> second = written();
            assertThat(types(second)).endsWith(RunEventType.RUN_FAILED).containsOnlyOnce(RunEventType.RUN_RERUN);

            history.show(second);
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(types(written())).containsExactly(RunEventType.RUN_RERUN);
            assertThat(ends(TaskReportType.SUCCEEDED).getAttempt())
                    .as("no attempt has a number twice")
                    .isEqualTo(3);
        }

        @Test
        void howeverLongThatCannotBeRead() throws Exception {
            String run = aRunThatFailed();
            history.close(true);
            command(RunCommandType.RERUN, run);
            driver.advanceWallClockTime(Duration.ofHours(5));
            assertThat(written()).isEmpty();
            history.close(false);
            history.lag(true);
            driver.advanceWallClockTime(Duration.ofHours(5));
            assertThat(written()).isEmpty();

            history.lag(false);
            history.show(events);
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(types(written())).containsExactly(RunEventType.RUN_RERUN);
            assertThat(read(topics.deadLetters())).isEmpty();
        }

        @Test
        void andLaterCommandsWaitBehind() throws Exception {
            String run = aRunThatFailed();
            command(RunCommandType.RERUN, run);
            command(RunCommandType.CANCEL, run);
            history.show(events);
            driver.advanceWallClockTime(Duration.ofSeconds(1));

            assertThat(types(written()))
                    .containsExactly(
                            RunEventType.RUN_RERUN,
                            RunEventType.TASK_CANCELLED,
                            RunEventType.TASK_CANCELLED,
                            RunEventType.RUN_CANCELLED);
            assertThat(driver.getKeyValueStore(RunTopology.WAITING_COMMANDS)
                            .all()
                            .hasNext())
                    .isFalse();
        }

        @Test
        void whileWhatCannotBeKeptIsDecidedAboutAtOnce() throws Exception {
            String run = aRunThatFailed();
            command(RunCommandType.RERUN, run);
            byte[] nothing = null;
            driver.createInputTopic(topics.runCommands().name(), new ByteArraySerializer(), new ByteArraySerializer())
                    .pipeInput(run.getBytes(StandardCharsets.UTF_8), nothing);
            send(
                    topics.runCommands(),
                    run,
                    RunCommand.newBuilder()
                            .setType(RunCommandType.CANCEL)
                            .setRunId(run)
                            .setReason("x".repeat(900_000))
                            .build());
            send(
                    topics.runCommands(),
                    run,
                    RunCommand.newBuilder()
                            .setType(RunCommandType.RERUN)
                            .setRunId(run)
                            .setPipeline("x".repeat(900_000))
                            .build());
            assertThat(read(topics.deadLetters()))
                    .extracting(DeadLetter::getReason)
                    .containsExactly(DeadLetterReason.UNDECODABLE, DeadLetterReason.LIMIT);

            history.show(events);
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(types(written())).containsExactly(RunEventType.RUN_RERUN);
        }

        @Test
        void asStateThatOutlivesTheProcess() throws Exception {
            String run = aRunThatFailed();
            command(RunCommandType.RERUN, run);
            WaitingCommands restored = new WaitingCommands(
                    driver.getKeyValueStore(RunTopology.WAITING_COMMANDS),
                    new StateCodec(wire, "rerun-test"),
                    topics.runCommands().name(),
                    7);

            assertThat(restored.isAhead(run.getBytes(StandardCharsets.UTF_8))).isTrue();
            assertThat(restored.isAhead(run.substring(1).getBytes(StandardCharsets.UTF_8)))
                    .isFalse();
            assertThat(restored.first()).singleElement().satisfies(waiting -> {
                assertThat(waiting.position().partition()).isEqualTo(7);
                assertThat(wire.decoder(topics.runCommands())
                                .decode(waiting.record().value())
                                .getRunId())
                        .isEqualTo(run);
            });
        }
    }

    @Test
    void aLongHistoryIsFoldedBesideAndTheCommandWaitsForThat() throws Exception {
        trigger("chain", null);
        String run = written().get(0).getRunId();
        for (int i = 0; i < PastRuns.FOLDED_AT_ONCE; i++) {
            command(RunCommandType.RERUN, run);
        }
        ends(TaskReportType.FAILED);
        written();
        history.show(events);
        command(RunCommandType.RERUN, run);
        assertThat(written()).as("at once").isEmpty();
        command(RunCommandType.CANCEL, run);

        List<RunEvent> opened = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (opened.isEmpty()) {
            assertThat(System.nanoTime() - deadline).as("waited for the fold").isNegative();
            driver.advanceWallClockTime(Duration.ofMillis(100));
            opened.addAll(written());
        }
        assertThat(types(opened))
                .as("in the order in which they came")
                .containsExactly(
                        RunEventType.RUN_RERUN,
                        RunEventType.TASK_CANCELLED,
                        RunEventType.TASK_CANCELLED,
                        RunEventType.RUN_CANCELLED);
        assertThat(opened.get(0).getSequence()).isGreaterThan(PastRuns.FOLDED_AT_ONCE);
    }

    @Nested
    class IsOpenedOnce {
        private void repeated(RunEvent event, long first) {
            assertThat(event.getType()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(event.getReason()).contains("rerun repeated: event " + first + " has come of it");
        }

        @Test
        void howeverOftenTheCommandComesAfterAFastSecondEnd() throws Exception {
            String run = aRunThatFailed();
            history.show(events);
            keyed(RunCommandType.RERUN, run, "one");
            ends(TaskReportType.FAILED);
            List<RunEvent> second = shown();
            RunEvent reopened = second.get(0);
            assertThat(reopened.getType()).isEqualTo(RunEventType.RUN_RERUN);
            assertThat(reopened.getCommandId())
                    .contains(CommandId.ofRerun(run, "one").value());
            assertThat(second.get(1).getCommandId()).isEmpty();

            keyed(RunCommandType.RERUN, run, "one");
            List<RunEvent> third = shown();
            assertThat(third).singleElement().satisfies(event -> repeated(event, reopened.getSequence()));
            keyed(RunCommandType.RERUN, run, "two");
            assertThat(types(written())).containsExactly(RunEventType.RUN_RERUN);
        }

        @Test
        void alsoWhenTheRepeatHasToWaitForTheHistoryOfTheSecondEnd() throws Exception {
            String run = aRunThatFailed();
            history.show(events);
            keyed(RunCommandType.RERUN, run, "one");
            ends(TaskReportType.FAILED);
            keyed(RunCommandType.RERUN, run, "one");
            keyed(RunCommandType.RERUN, run, "one");
            List<RunEvent> second = written();
            assertThat(types(second)).endsWith(RunEventType.RUN_FAILED).containsOnlyOnce(RunEventType.RUN_RERUN);

            history.show(second);
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            List<RunEvent> third = shown();
            assertThat(third)
                    .singleElement()
                    .satisfies(event -> repeated(event, second.get(0).getSequence()));
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(written())
                    .singleElement()
                    .satisfies(event -> repeated(event, second.get(0).getSequence()));
            assertThat(read(topics.deadLetters())).isEmpty();
        }

        @Test
        void alsoWhenTheEngineRemembersTheRunNoMore() throws Exception {
            String run = aRunThatFailed();
            history.show(events);
            keyed(RunCommandType.RERUN, run, "one");
            ends(TaskReportType.FAILED);
            List<RunEvent> second = shown();
            driver.advanceWallClockTime(Duration.ofDays(30));
            keyed(RunCommandType.RERUN, run, "one");

            assertThat(written())
                    .singleElement()
                    .satisfies(event -> repeated(event, second.get(0).getSequence()));
        }

        @Test
        void andACancellationOfItsFirstLifeDoesNotEndItsSecond() throws Exception {
            trigger("chain", null);
            String run = written().get(0).getRunId();
            keyed(RunCommandType.CANCEL, run, "stop");
            history.show(events);
            assertThat(types(shown())).endsWith(RunEventType.RUN_CANCELLED);
            keyed(RunCommandType.RERUN, run, "one");
            keyed(RunCommandType.CANCEL, run, "stop");

            List<RunEvent> second = written();
            assertThat(types(second)).containsExactly(RunEventType.RUN_RERUN, RunEventType.REPORT_REJECTED);
            assertThat(second.get(1).getReason()).contains("cancellation repeated: it has been decided about before");
        }

        @Test
        void andAnOpenRunKnowsItsCommandsAfterARestart() throws Exception {
            trigger("chain", null);
            String run = written().get(0).getRunId();
            keyed(RunCommandType.RERUN, run, "one");
            OpenRuns restored = new OpenRuns(openRuns(), new StateCodec(wire, "rerun-test"));

            RunState open = restored.get(new RunId(run));
            assertThat(open).isNotNull();
            assertThat(open.head().commands()).containsExactly(CommandId.ofRerun(run, "one"));
        }
    }

    @Nested
    class IsRefused {
        @Test
        void asADeadLetterWhenItsIdIsNotOne() throws Exception {
            String run = aRunThatFailed();
            history.show(events);
            send(
                    topics.runCommands(),
                    run,
                    RunCommand.newBuilder()
                            .setType(RunCommandType.RERUN)
                            .setRunId(run)
                            .setCommandId("one")
                            .build());

            DeadLetter letter = onlyDeadLetter();
            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.INVALID_TRIGGER);
            assertThat(letter.getMessage()).isEqualTo("Not a command id: 'one'");
        }

        @Test
        void inTheAuditLogWhileTheRunIsOpen() throws Exception {
            trigger("chain", null);
            String run = shown().get(0).getRunId();
            command(RunCommandType.RERUN, run);

            RunEvent refusal = written().get(0);
            assertThat(refusal.getType()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(refusal.getSequence()).isEqualTo(2);
            assertThat(refusal.getReason()).contains("rerun rejected: the run has not ended");
        }

        @Test
        void inTheAuditLogWhenTheRunHasNoSuchTaskAndItCanBeOpenedLater() throws Exception {
            String run = aRunThatFailed();
            history.show(events);
            command(RunCommandType.RERUN, run, "z");
            RunEvent refusal = shown().get(0);
            assertThat(refusal.getReason()).contains("rerun rejected: the pipeline has no task z");
            assertThat(refusal.getTasks()).containsExactly("z");

            command(RunCommandType.RERUN, run);
            assertThat(types(written())).containsExactly(RunEventType.RUN_RERUN);
        }

        @Test
        void asADeadLetterForARunThatNeverWas() throws Exception {
            command(RunCommandType.RERUN, "0123456789abcdefghjkmnpqrs");

            assertThat(onlyDeadLetter().getReason()).isEqualTo(DeadLetterReason.UNKNOWN_RUN);
        }

        @Test
        void asADeadLetterForANameThatCannotBeThatOfATask() throws Exception {
            String run = aRunThatFailed();
            command(RunCommandType.RERUN, run, "no id");

            DeadLetter letter = onlyDeadLetter();
            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.INVALID_TRIGGER);
            assertThat(letter.getMessage()).startsWith("not a task id: \"no id\"");
        }

        @Test
        void asADeadLetterWhenItSaysMoreThanTheAuditLogHasRoomFor() throws Exception {
            String run = aRunThatFailed();
            history.show(events);
            command(RunCommandType.RERUN, run, Collections.nCopies(1_001, "a").toArray(String[]::new));
            assertThat(onlyDeadLetter().getMessage()).startsWith("a rerun names 1001 tasks; the limit is 1000");
            send(
                    topics.runCommands(),
                    run,
                    RunCommand.newBuilder()
                            .setType(RunCommandType.RERUN)
                            .setRunId(run)
                            .setReason("x".repeat(900_000))
                            .build());
            assertThat(onlyDeadLetter().getMessage())
                    .startsWith("the reason of a rerun has more than 10000 characters");
            assertThat(written()).isEmpty();
        }

        @Test
        void asADeadLetterWhenItsPipelineIsGone() throws Exception {
            String run = aRunThatFailed();
            history.show(events);
            pipelines.clear();
            command(RunCommandType.RERUN, run);

            assertThat(onlyDeadLetter().getMessage())
                    .isEqualTo("version 1 of the pipeline chain, which the run " + run + " is pinned to, is gone");
        }

        @Test
        void asADeadLetterWhenTheBeginningOfItsHistoryIsGone() throws Exception {
            String run = aRunThatFailed();
            history.show(events.subList(1, events.size()));
            command(RunCommandType.RERUN, run);

            DeadLetter letter = onlyDeadLetter();
            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNKNOWN_RUN);
            assertThat(letter.getMessage()).contains("cannot be read back", "cannot follow event 0");
        }

        @Test
        void asADeadLetterWithTheOriginalWhenItsEndStaysAwayFromAHistoryThatIsComplete() throws Exception {
            String run = aRunThatFailed();
            command(RunCommandType.RERUN, run);
            driver.advanceWallClockTime(Duration.ofSeconds(59));
            assertThat(read(topics.deadLetters())).isEmpty();
            driver.advanceWallClockTime(Duration.ofSeconds(2));

            DeadLetter letter = onlyDeadLetter();
            assertThat(letter.getMessage()).contains("it ended with event " + events.size(), "there is none");
            assertThat(letter.getTopic()).isEqualTo(topics.runCommands().name());
            byte[] original = letter.getValue().orElseThrow().array();
            assertThat(wire.decoder(topics.runCommands()).decode(original).getRunId())
                    .isEqualTo(run);
        }
    }

    @Test
    void whoeverStartedItIsToldInVain() throws Exception {
        trigger("above", null);
        ends(TaskReportType.FAILED);
        List<RunEvent> first = shown();
        String child = first.stream()
                .filter(event -> event.getType() == RunEventType.RUN_FAILED)
                .findFirst()
                .orElseThrow()
                .getRunId();
        command(RunCommandType.RERUN, child);
        ends(TaskReportType.SUCCEEDED);
        ends(TaskReportType.SUCCEEDED);

        List<RunEvent> second = written();
        assertThat(types(second)).endsWith(RunEventType.RUN_SUCCEEDED, RunEventType.REPORT_REJECTED);
        RunEvent rejected = second.get(second.size() - 1);
        assertThat(rejected.getPipeline()).isEqualTo("above");
        assertThat(rejected.getReason()).contains("end of the run " + child + " rejected: no task waits for it");
    }
}
