package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.TestingPlatform;
import io.millrace.engine.Claimant;
import io.millrace.engine.RunId;
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
import io.millrace.event.WorkerControl;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wiring: what goes in by which topic, and comes out by which, with which keys, headers and causes. */
class RunTopologyTest {
    private static final String CHAIN = """
            id: chain
            inputs: {n: {type: integer, default: 1}}
            tasks:
              - {id: a, shell: "true", retry: {max: 1, backoff: 5s, jitter: 0}, timeout: 1m, memory: 64MiB}
              - {id: b, shell: "true", needs: a, queue: gpu}
            """;
    private static final String ABOVE = """
            id: above
            tasks:
              - {id: child, run: chain, with: {n: 3}}
            """;
    private static final String BESIDE = """
            id: beside
            tasks:
              - {id: nobody, run: unknown_pipeline}
            """;
    private static final String EACH = """
            id: each
            tasks:
              - {id: item, for_each: [1, 2], shell: "true", with: {n: "${{ item }}"}}
            """;
    private static final Claimant WORKER = new Claimant("w1", "life1");

    private final Topics topics = Topics.standard();
    private final Set<Claimant> lost = ConcurrentHashMap.newKeySet();

    @TempDir
    Path stateDirectory;

    private SchemaRegistryClient registry;
    private WireFormat wire;
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        registry = new SchemaRegistryClient(TestingPlatform.shared().registryUrl());
        wire = new WireFormat(registry);
        driver = drive();
    }

    private TopologyTestDriver drive() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "topology-test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        Decisions decisions = new Decisions(
                "topology-test",
                wire,
                topics,
                TestingPipelines.of(CHAIN, ABOVE, BESIDE, EACH),
                new TestingRecords(),
                claimant -> lost.contains(claimant) ? Optional.of("worker w1 was silent") : Optional.empty(),
                new TestingPauses(),
                PoolLimits.NONE_SET,
                1,
                Duration.ofDays(1));
        return new TopologyTestDriver(RunTopology.of(decisions), properties, Instant.parse("2026-03-01T12:00:00Z"));
    }

    @AfterEach
    void stop() {
        driver.close();
        registry.close();
    }

    private TestInputTopic<byte[], byte[]> input(Topic<?> topic) {
        return driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private <T extends SpecificRecord> List<T> read(Topic<T> topic) throws UndecodableException {
        List<T> values = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : records(topic)) {
            values.add(wire.decoder(topic).decode(record.value()));
        }
        return values;
    }

    private List<TestRecord<byte[], byte[]>> records(Topic<?> topic) {
        return driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private void trigger(String pipeline, @Nullable String key, String payload) {
        TriggerEvent event = TriggerEvent.newBuilder()
                .setPipeline(pipeline)
                .setIdempotencyKey(key)
                .setPayload(payload)
                .setSource("shop")
                .build();
        input(topics.triggers())
                .pipeInput(new TestRecord<>(
                        utf8("any"), wire.encoder(topics.triggers()).encode(event), new RecordHeaders()));
    }

    private void report(TaskEvent task, TaskReportType type) {
        TaskReport report = TaskReport.newBuilder()
                .setType(type)
                .setRunId(task.getRunId())
                .setTask(task.getTask())
                .setAttempt(task.getAttempt())
                .setEpoch(task.getEpoch())
                .setWorker(WORKER.worker())
                .setIncarnation(WORKER.incarnation())
                .build();
        input(topics.taskEvents())
                .pipeInput(
                        utf8(task.getRunId()), wire.encoder(topics.taskEvents()).encode(report));
    }

    private Topic<TaskEvent> queue(String name) {
        return topics.tasks(new QueueName(name));
    }

    private TaskEvent onlyTask(String queue) throws UndecodableException {
        List<TaskEvent> tasks = read(queue(queue));
        assertThat(tasks).hasSize(1);
        return tasks.get(0);
    }

    private OpenRunStore openRuns() {
        return (OpenRunStore) driver.getStateStore(RunTopology.OPEN_RUNS);
    }

    @Test
    void triggerGoesThroughTheWholePipeline() throws Exception {
        trigger("chain", "order-1", "{\"n\":5}");
        TaskEvent a = onlyTask("default");
        assertThat(a.getTask()).isEqualTo("a");
        assertThat(a.getTimeoutMillis()).contains(60_000L);
        assertThat(a.getMemoryBytes()).contains(64L << 20);
        report(a, TaskReportType.CLAIMED);
        report(a, TaskReportType.SUCCEEDED);
        TaskEvent b = onlyTask("gpu");
        report(b, TaskReportType.CLAIMED);
        report(b, TaskReportType.SUCCEEDED);

        List<RunEvent> events = read(topics.runEvents());
        assertThat(events)
                .extracting(RunEvent::getType)
                .containsExactly(
                        RunEventType.RUN_STARTED,
                        RunEventType.TASK_STARTED,
                        RunEventType.TASK_SUCCEEDED,
                        RunEventType.TASK_STARTED,
                        RunEventType.TASK_SUCCEEDED,
                        RunEventType.RUN_SUCCEEDED);
        assertThat(events).extracting(RunEvent::getSequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(events.get(0).getInputs()).contains("{\"n\":5}");
        assertThat(events.get(0).getTrigger().orElseThrow().getSource()).isEqualTo("shop");
        assertThat(events.get(2).getCause().orElseThrow().getTopic())
                .contains(topics.taskEvents().name());
        assertThat(openRuns().all().hasNext())
                .as("nothing of a run that has ended is kept open")
                .isFalse();
    }

    @Test
    void aTaskStartsARunAndGoesOnAtItsEnd() throws Exception {
        trigger("above", "up-1", "{}");
        TaskEvent a = onlyTask("default");
        assertThat(a.getPipeline()).isEqualTo("chain");
        report(a, TaskReportType.CLAIMED);
        report(a, TaskReportType.SUCCEEDED);
        TaskEvent b = onlyTask("gpu");
        report(b, TaskReportType.CLAIMED);
        report(b, TaskReportType.SUCCEEDED);

        List<RunEvent> events = read(topics.runEvents());
        assertThat(events)
                .filteredOn(event -> event.getPipeline().equals("above"))
                .extracting(RunEvent::getType)
                .containsExactly(
                        RunEventType.RUN_STARTED,
                        RunEventType.TASK_DEFERRED,
                        RunEventType.TASK_SUCCEEDED,
                        RunEventType.RUN_SUCCEEDED);
        RunEvent child = events.stream()
                .filter(event -> event.getPipeline().equals("chain"))
                .findFirst()
                .orElseThrow();
        assertThat(child.getInputs()).contains("{\"n\":3}");
        assertThat(child.getTrigger().orElseThrow().getParentTask()).contains("child");
        assertThat(events.get(1).getChildRunId()).contains(child.getRunId());
    }

    @Test
    void aRunThatCannotBeStartedIsSaidToTheTaskThatAskedForIt() throws Exception {
        trigger("beside", "up-2", "{}");

        List<RunEvent> events = read(topics.runEvents());
        assertThat(events).extracting(RunEvent::getType).endsWith(RunEventType.TASK_FAILED, RunEventType.RUN_FAILED);
        assertThat(events.get(2).getFailure().orElseThrow().getMessage())
                .endsWith("refused: there is no pipeline unknown_pipeline");
        assertThat(read(topics.deadLetters())).isEmpty();
    }

    @Test
    void cancellingARunCancelsThoseThatItStarted() throws Exception {
        trigger("above", "up-3", "{}");
        String above = read(topics.runEvents()).get(0).getRunId();
        RunCommand cancel = RunCommand.newBuilder()
                .setType(RunCommandType.CANCEL)
                .setRunId(above)
                .setReason("enough")
                .build();
        input(topics.runCommands())
                .pipeInput(utf8(above), wire.encoder(topics.runCommands()).encode(cancel));

        assertThat(read(topics.runEvents()))
                .filteredOn(event -> event.getType() == RunEventType.RUN_CANCELLED)
                .extracting(RunEvent::getPipeline)
                .containsExactly("above", "chain");
    }

    @Test
    void nothingOfItemsIsKeptWhenTheirRunHasEnded() throws Exception {
        trigger("each", "items-1", "{}");
        List<TaskEvent> items = read(queue("default"));
        assertThat(items).extracting(TaskEvent::getTask).containsExactly("item[0]", "item[1]");
        for (TaskEvent item : items) {
            report(item, TaskReportType.CLAIMED);
            report(item, TaskReportType.SUCCEEDED);
        }

        assertThat(read(topics.runEvents()))
                .extracting(RunEvent::getType)
                .endsWith(RunEventType.TASK_SUCCEEDED, RunEventType.RUN_SUCCEEDED);
        assertThat(openRuns().all().hasNext()).isFalse();
    }

    @Test
    void recordsCarryCloudEventsHeadersAndOneTrace() throws Exception {
        trigger("chain", "order-2", "{}");
        TestRecord<byte[], byte[]> task = records(queue("default")).get(0);
        TestRecord<byte[], byte[]> event = records(topics.runEvents()).get(0);

        assertThat(EventHeaders.type(event.headers())).contains("io.millrace.run.started");
        assertThat(EventHeaders.type(task.headers())).contains("io.millrace.task.dispatched");
        String run = new String(event.key(), StandardCharsets.UTF_8);
        assertThat(EventHeaders.id(event.headers())).contains(run + "/1");
        assertThat(new String(task.key(), StandardCharsets.UTF_8)).isEqualTo(run + "/a");
        String trace = EventHeaders.traceparent(event.headers()).orElseThrow().substring(3, 35);
        assertThat(EventHeaders.traceparent(task.headers()).orElseThrow()).contains(trace);
    }

    @Test
    void repeatedTriggerIsOneRunWhileItIsOpenAndAfterItsEnd() throws Exception {
        trigger("chain", "order-3", "{}");
        trigger("chain", "order-3", "{}");
        TaskEvent a = onlyTask("default");
        report(a, TaskReportType.CLAIMED);
        report(a, TaskReportType.SUCCEEDED);
        TaskEvent b = onlyTask("gpu");
        report(b, TaskReportType.CLAIMED);
        report(b, TaskReportType.SUCCEEDED);

        trigger("chain", "order-3", "{}");

        assertThat(read(topics.runEvents()))
                .filteredOn(event -> event.getType() == RunEventType.RUN_STARTED)
                .hasSize(1);
        assertThat(read(topics.deadLetters())).isEmpty();
    }

    @Test
    void triggersWithoutAKeyAreRunsOfTheirOwn() throws Exception {
        trigger("chain", null, "{}");
        trigger("chain", null, "{}");

        assertThat(read(queue("default")))
                .extracting(TaskEvent::getRunId)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void badTriggersArePutAsideWithTheirReasonAndThePartitionGoesOn() throws Exception {
        byte[] garbage = {1, 2, 3};
        input(topics.triggers()).pipeInput(utf8("k"), garbage);
        trigger("nobody", "k", "{}");
        trigger("Not An Id", "k", "{}");
        trigger("chain", "k".repeat(256), "{}");
        trigger("chain", "", "{}");
        trigger("chain", "k", "[]");
        trigger("chain", "k", "{\"n\":");
        trigger("chain", "k", "{\"n\":\"five\"}");
        trigger("chain", "k", "{\"m\":1}");
        trigger("chain", "k", "{\"n\":1,\"t\":\"" + "x".repeat(300_000) + "\"}");
        trigger("chain", "good", "{}");

        List<DeadLetter> letters = read(topics.deadLetters());
        assertThat(letters)
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.UNKNOWN_PIPELINE,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_INPUTS,
                        DeadLetterReason.INVALID_INPUTS,
                        DeadLetterReason.INVALID_INPUTS,
                        DeadLetterReason.INVALID_INPUTS,
                        DeadLetterReason.LIMIT);
        assertThat(letters.get(0).getValue().orElseThrow().remaining()).isEqualTo(3);
        assertThat(letters).allSatisfy(letter -> assertThat(letter.getMessage()).isNotBlank());
        assertThat(onlyTask("default").getTask()).isEqualTo("a");
    }

    @Test
    void badReportsAndCommandsArePutAside() throws Exception {
        input(topics.taskEvents()).pipeInput(utf8("k"), new byte[] {0, 0, 0, 0, 99});
        input(topics.taskEvents()).pipeInput(utf8("k"), new byte[0]);
        RunCommand command = RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId("not-a-run")
                .build();
        input(topics.runCommands())
                .pipeInput(utf8("other-key"), wire.encoder(topics.runCommands()).encode(command));
        input(topics.runCommands())
                .pipeInput(utf8("not-a-run"), wire.encoder(topics.runCommands()).encode(command));
        trigger("chain", "after", "{}");

        assertThat(read(topics.deadLetters()))
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER);
        assertThat(onlyTask("default").getTask()).isEqualTo("a");
    }

    @Test
    void retryIsDispatchedWhenItIsDue() throws Exception {
        trigger("chain", "retry", "{}");
        TaskEvent first = onlyTask("default");
        report(first, TaskReportType.CLAIMED);
        report(first, TaskReportType.FAILED);
        driver.advanceWallClockTime(Duration.ofSeconds(4));
        assertThat(records(queue("default"))).isEmpty();

        driver.advanceWallClockTime(Duration.ofSeconds(1));

        TaskEvent second = onlyTask("default");
        assertThat(second.getAttempt()).isEqualTo(2);
        assertThat(second.getIdempotencyKey()).isEqualTo(first.getIdempotencyKey());
        assertThat(read(topics.runEvents()))
                .filteredOn(event -> event.getType() == RunEventType.TASK_QUEUED)
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getCause().orElseThrow().getKind()).isEqualTo(CauseKind.TIMER));
    }

    /** The claim and the outcome of a transactional task are one transaction: nothing may come between them. */
    @Test
    void anOutcomeRightBehindItsClaimIsAcceptedAlthoughTheWorkerIsLost() throws Exception {
        trigger("chain", "behind", "{}");
        TaskEvent first = onlyTask("default");
        lost.add(WORKER);
        report(first, TaskReportType.CLAIMED);
        leasesAreAskedFor(2);
        report(first, TaskReportType.SUCCEEDED);
        leasesAreAskedFor(ClaimIndex.QUESTIONS);

        assertThat(read(topics.runEvents()))
                .extracting(RunEvent::getType)
                .containsExactly(RunEventType.RUN_STARTED, RunEventType.TASK_STARTED, RunEventType.TASK_SUCCEEDED);
    }

    @Test
    void aLeaseThatGoesOnAfterAllIsAskedForAnew() throws Exception {
        trigger("chain", "paused", "{}");
        report(onlyTask("default"), TaskReportType.CLAIMED);
        lost.add(WORKER);
        leasesAreAskedFor(ClaimIndex.QUESTIONS - 1);
        lost.clear();
        leasesAreAskedFor(1);
        lost.add(WORKER);

        leasesAreAskedFor(ClaimIndex.QUESTIONS - 1);
        assertThat(read(topics.runEvents()))
                .extracting(RunEvent::getType)
                .containsExactly(RunEventType.RUN_STARTED, RunEventType.TASK_STARTED);

        leasesAreAskedFor(1);
        assertThat(read(topics.runEvents())).extracting(RunEvent::getType).containsExactly(RunEventType.TASK_LOST);
    }

    private void leasesAreAskedFor(int times) {
        for (int i = 0; i < times; i++) {
            driver.advanceWallClockTime(Duration.ofMillis(500));
        }
    }

    @Test
    void lostWorkersTaskIsHandedOnAndTheOldWorkerIsFenced() throws Exception {
        trigger("chain", "lost", "{}");
        TaskEvent first = onlyTask("default");
        report(first, TaskReportType.CLAIMED);
        lost.add(WORKER);
        leasesAreAskedFor(ClaimIndex.QUESTIONS);
        lost.clear();

        TaskEvent second = onlyTask("default");
        assertThat(second.getEpoch()).isEqualTo(2);
        report(first, TaskReportType.SUCCEEDED);

        List<RunEvent> events = read(topics.runEvents());
        assertThat(events)
                .extracting(RunEvent::getType)
                .containsExactly(
                        RunEventType.RUN_STARTED,
                        RunEventType.TASK_STARTED,
                        RunEventType.TASK_LOST,
                        RunEventType.REPORT_REJECTED);
        assertThat(events.get(2).getCause().orElseThrow().getKind()).isEqualTo(CauseKind.LEASE);
    }

    @Test
    void cancelledRunStopsItsWorker() throws Exception {
        trigger("chain", "cancel", "{}");
        TaskEvent a = onlyTask("default");
        report(a, TaskReportType.CLAIMED);
        RunCommand cancel = RunCommand.newBuilder()
                .setType(RunCommandType.CANCEL)
                .setRunId(a.getRunId())
                .setReason("wrong data")
                .build();
        input(topics.runCommands())
                .pipeInput(
                        utf8(a.getRunId()), wire.encoder(topics.runCommands()).encode(cancel));

        List<WorkerControl> control = read(topics.workerControl());
        assertThat(control)
                .singleElement()
                .satisfies(request -> assertThat(request.getTask()).isEqualTo("a"));
        report(a, TaskReportType.SUCCEEDED);
        List<RunEvent> events = read(topics.runEvents());
        assertThat(events.get(events.size() - 2).getType()).isEqualTo(RunEventType.RUN_CANCELLED);
        assertThat(events.get(events.size() - 1).getType()).isEqualTo(RunEventType.REPORT_REJECTED);
        assertThat(events.get(events.size() - 1).getSequence()).isZero();
    }

    @Test
    void aStartWhoseSenderSaysWhyItCannotBeIsADeadLetter() throws Exception {
        RunId run = RunId.ofTick(new PipelineId("chain"), "nightly", Instant.EPOCH);
        RunCommand start = RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run.value())
                .setPipeline("chain")
                .setVersion(1)
                .setReason("the inputs cannot be found")
                .build();
        input(topics.runCommands())
                .pipeInput(utf8(run.value()), wire.encoder(topics.runCommands()).encode(start));

        assertThat(read(topics.runEvents())).isEmpty();
        assertThat(read(topics.deadLetters())).singleElement().satisfies(letter -> {
            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.INVALID_INPUTS);
            assertThat(letter.getMessage()).isEqualTo("the inputs cannot be found");
        });
    }

    @Test
    void restartGoesOnWhereTheStoreLeftOff() throws Exception {
        trigger("chain", "restart", "{}");
        TaskEvent a = onlyTask("default");
        report(a, TaskReportType.CLAIMED);
        List<org.apache.kafka.streams.KeyValue<String, byte[]>> kept = new ArrayList<>();
        openRuns().all().forEachRemaining(kept::add);
        driver.close();

        driver = drive();
        OpenRunStore store = openRuns();
        kept.forEach(record -> store.put(StoreKey.parse(record.key), () -> record.value));
        store.flushCache();
        OpenRuns restored = new OpenRuns(store, new StateCodec(wire, "topology-test"));

        assertThat(restored.size()).isEqualTo(1);
        assertThat(restored.claimants()).containsExactly(WORKER);
        assertThat(restored.takeDue(Instant.parse("2026-03-01T12:02:00Z")))
                .as("the attempt's timeout is still on the clock")
                .isPresent();
    }
}
