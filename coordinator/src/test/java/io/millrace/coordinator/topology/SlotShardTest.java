package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunId;
import io.millrace.engine.Slots;
import io.millrace.event.Admission;
import io.millrace.event.AdmissionType;
import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.RunSlot;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PoolId;
import io.millrace.schemas.wire.UndecodableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology with pipelines that let only so many runs be under way; what one of its parts writes, another reads. */
class SlotShardTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final PipelineId ETL = new PipelineId("etl");
    private static final Slots.Room ONE = new Slots.Room() {
        @Override
        public int inAll() {
            return 1;
        }

        @Override
        public int of(PipelineId pipeline) {
            return 1;
        }
    };

    @TempDir
    private Path stateDirectory;

    private final TestingPipelines pipelines = new TestingPipelines();
    private final TestingPools pools = new TestingPools();
    private TestingTopology topology;
    private int version;

    @BeforeEach
    void start() {
        topology = new TestingTopology(stateDirectory, pipelines, new TestingPauses(), pools, NOON);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    /** Runs of it wait for an answer. */
    private void apply(String concurrency) {
        pipelines.apply("""
                id: etl
                inputs: {customer: {type: string, default: ada}, more: {type: object, default: {}}}
                timeout: 1h
                concurrency: %s
                tasks:
                  - {id: ask, approval: "Is it enough?"}
                """.formatted(concurrency), NOON);
        version++;
    }

    private String starts(String name) {
        return starts(name, "{}");
    }

    private String starts(String name, String inputs) {
        String run = RunId.ofKey(ETL, name).value();
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run)
                .setPipeline("etl")
                .setVersion(version)
                .setInputs(inputs)
                .setTrigger(Trigger.newBuilder().setKind(TriggerKind.API).build())
                .build());
        return run;
    }

    private void cancel(String run) {
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.CANCEL)
                .setRunId(run)
                .setReason("enough")
                .build());
    }

    /** What has happened since it was asked last: type and run, and why where that is said. */
    private List<String> events() throws UndecodableException {
        return topology.read(topology.topics.runEvents()).stream()
                .filter(event -> event.getTask().isEmpty())
                .map(event -> event.getType() + " " + event.getRunId()
                        + event.getReason().map(reason -> " " + reason).orElse(""))
                .toList();
    }

    @Test
    void aRunBeginsWhenItHasItsSlotAndTheNextWhenThatHasEnded() throws UndecodableException {
        apply("1");
        String first = starts("first");
        String second = starts("second");

        List<RunEvent> events = topology.read(topology.topics.runEvents());
        assertThat(events)
                .extracting(event -> event.getType() + " " + event.getRunId())
                .containsExactly(
                        "RUN_STARTED " + first,
                        "RUN_QUEUED " + first,
                        "RUN_ADMITTED " + first,
                        "TASK_DEFERRED " + first,
                        "RUN_STARTED " + second,
                        "RUN_QUEUED " + second);
        RunEvent admitted = events.get(2);
        assertThat(admitted.getSlot()).hasValueSatisfying(slot -> {
            assertThat(slot.getKey()).isEmpty();
            assertThat(slot.getAsked()).isEqualTo(2);
            assertThat(slot.getLimit()).isEqualTo(1);
            assertThat(slot.getOffset()).as("where it was decided").isZero();
        });
        assertThat(events.get(0).getDueAt()).as("nothing of its time is over").isEmpty();
        assertThat(admitted.getDueAt()).hasValue(NOON.plus(Duration.ofHours(1)));

        cancel(first);

        assertThat(events()).containsExactly("RUN_CANCELLED " + first + " enough", "RUN_ADMITTED " + second);
        assertThat(topology.read(topology.topics.admissions()))
                .extracting(Admission::getType)
                .containsExactly(AdmissionType.ASK, AdmissionType.ASK, AdmissionType.RELEASE);
    }

    @Test
    void runsWithOtherKeysDoNotWaitForOneAnother() throws UndecodableException {
        apply("{limit: 1, key: inputs.customer}");
        String ada = starts("1", "{\"customer\": \"ada\"}");
        String bob = starts("2", "{\"customer\": \"bob\"}");
        String again = starts("3", "{\"customer\": \"ada\"}");

        assertThat(events())
                .contains("RUN_ADMITTED " + ada, "RUN_ADMITTED " + bob, "RUN_QUEUED " + again)
                .doesNotContain("RUN_ADMITTED " + again);
    }

    @Test
    void aRunThatIsTooMuchIsSkippedOrTakesTheOthersPlace() throws UndecodableException {
        apply("{limit: 1, conflict: skip}");
        String first = starts("first");
        String skipped = starts("skipped");
        assertThat(events())
                .contains("RUN_CANCELLED " + skipped + " skipped, for 1 of 1 slot is taken: run " + first
                        + " is under way");

        apply("{limit: 1, conflict: cancel}");
        String newest = starts("newest");
        assertThat(events())
                .containsSubsequence(
                        "RUN_QUEUED " + newest,
                        "RUN_CANCELLED " + first + " run " + newest + " came after it and takes its place",
                        "RUN_ADMITTED " + newest);
    }

    @Test
    void aRunThatEndsWhileItWaitsIsPassedOver() throws UndecodableException {
        apply("1");
        String first = starts("first");
        String impatient = starts("impatient");
        String third = starts("third");
        cancel(impatient);
        events();

        cancel(first);

        assertThat(events()).containsExactly("RUN_CANCELLED " + first + " enough", "RUN_ADMITTED " + third);
    }

    @Test
    void aHigherLimitHoldsForThoseThatWaitAlready() throws UndecodableException {
        apply("1");
        starts("first");
        String second = starts("second");
        String third = starts("third");
        events();

        apply("3");
        topology.pass(Duration.ofSeconds(1));

        assertThat(events()).containsExactly("RUN_ADMITTED " + second, "RUN_ADMITTED " + third);
    }

    @Test
    void whereThereIsNoLimitAnyMoreNobodyWaits() throws UndecodableException {
        apply("1");
        starts("first");
        String second = starts("second");
        events();

        pipelines.apply("id: etl\ntasks: [{id: a, wait: 1h}]\n", NOON);
        topology.pass(Duration.ofSeconds(1));

        assertThat(events()).containsExactly("RUN_ADMITTED " + second);
    }

    @Test
    void aRunWhoseKeyCannotBeFoundIsADeadLetter() throws UndecodableException {
        apply("{limit: 1, key: inputs.more.customer}");
        starts("first");

        assertThat(events()).isEmpty();
        assertThat(topology.read(topology.topics.deadLetters())).singleElement().satisfies(letter -> {
            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.INVALID_INPUTS);
            assertThat(letter.getMessage()).contains("inputs.more.customer", "customer");
        });
    }

    @Test
    void whatIsNoAdmissionIsPutAsideAndTheOthersGoOn() throws UndecodableException {
        apply("1");
        topology.send(topology.topics.admissions(), "etl", "no avro".getBytes(UTF_8));
        admission(
                "other",
                Admission.newBuilder()
                        .setType(AdmissionType.LOOK)
                        .setPipeline("etl")
                        .build());
        admission("etl", Admission.newBuilder().setPipeline("etl").build());
        admission(
                "etl",
                Admission.newBuilder()
                        .setType(AdmissionType.ASK)
                        .setPipeline("etl")
                        .setRunId("?")
                        .setVersion(1)
                        .build());
        admission(
                "etl",
                Admission.newBuilder()
                        .setType(AdmissionType.ASK)
                        .setPipeline("etl")
                        .setRunId(RunId.ofKey(ETL, "x").value())
                        .setVersion(99)
                        .build());
        admission(
                "etl",
                Admission.newBuilder()
                        .setType(AdmissionType.RELEASE)
                        .setPipeline("etl")
                        .setRunId(RunId.ofKey(ETL, "never asked").value())
                        .build());
        String run = starts("first");

        assertThat(topology.read(topology.topics.deadLetters()))
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.UNKNOWN_PIPELINE);
        assertThat(events()).contains("RUN_ADMITTED " + run);
    }

    private void admission(String key, Admission admission) {
        topology.send(topology.topics.admissions(), key, admission);
    }

    @Test
    void aSlotThatNobodyAskedForBeginsNothing() throws UndecodableException {
        apply("1");
        starts("first");
        String second = starts("second");
        events();

        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.ADMIT)
                .setRunId(second)
                .build());
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.ADMIT)
                .setRunId(second)
                .setPipeline("etl")
                .setSlot(RunSlot.newBuilder()
                        .setAsked(77)
                        .setLimit(1)
                        .setPartition(0)
                        .setOffset(3)
                        .build())
                .build());

        assertThat(events()).isEmpty();
    }

    /** The same wish once more, and one of a run that has ended: written by who knows what. */
    @Test
    void noSlotIsKeptByARunThatDoesNotWaitForOne() throws UndecodableException {
        apply("1");
        String first = starts("first");
        Admission wish = topology.read(topology.topics.admissions()).get(0);
        admission("etl", wish);
        cancel(first);
        admission("etl", wish);
        String second = starts("second");

        assertThat(events()).contains("RUN_ADMITTED " + second);
        cancel(second);
        assertThat(topology.store(RunTopology.SLOTS).approximateNumEntries()).isZero();
    }

    @Test
    void whoHasASlotAndWhoWaitsIsStored() throws UndecodableException {
        apply("1");
        String first = starts("first");
        String second = starts("second");
        SlotRecords restored = new SlotRecords(topology.store(RunTopology.SLOTS), topology.codec());

        assertThat(restored.awaitedBy(ETL)).containsExactly("etl");
        assertThat(restored.of(SlotKey.of(ETL, "")).release(new RunId(first), 2, ONE))
                .extracting(change -> change.request().run().value())
                .containsExactly(first, second);

        cancel(first);
        cancel(second);
        assertThat(topology.store(RunTopology.SLOTS).approximateNumEntries()).isZero();
    }

    /** @param concurrency beside which it has the one task that waits for an answer */
    private String startsOf(String pipeline, String concurrency, String name) {
        PipelineId id = new PipelineId(pipeline);
        if (pipelines.known(id).isEmpty()) {
            pipelines.apply(
                    "id: " + pipeline + "\nconcurrency: " + concurrency
                            + "\ntasks: [{id: ask, approval: Is it enough?}]\n",
                    NOON);
        }
        String run = RunId.ofKey(id, name).value();
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run)
                .setPipeline(pipeline)
                .setVersion(1)
                .setTrigger(Trigger.newBuilder().setKind(TriggerKind.API).build())
                .build());
        return run;
    }

    @Test
    void pipelinesShareAPoolOfWhichNobodyHasSaidAnythingOneAtATime() throws UndecodableException {
        String first = startsOf("load", "{pool: warehouse}", "1");
        String second = startsOf("report", "{pool: warehouse, priority: low}", "2");
        String urgent = startsOf("fix", "{pool: warehouse, priority: high}", "3");
        assertThat(events())
                .contains("RUN_ADMITTED " + first, "RUN_QUEUED " + second, "RUN_QUEUED " + urgent)
                .doesNotContain("RUN_ADMITTED " + second, "RUN_ADMITTED " + urgent);

        cancel(first);
        assertThat(events()).containsExactly("RUN_CANCELLED " + first + " enough", "RUN_ADMITTED " + urgent);
        cancel(urgent);
        assertThat(events()).contains("RUN_ADMITTED " + second);
        assertThat(topology.read(topology.topics.admissions()))
                .allSatisfy(admission -> assertThat(admission.getPool()).hasValue("warehouse"));
        cancel(second);
        assertThat(topology.store(RunTopology.SLOTS).approximateNumEntries()).isZero();
    }

    @Test
    void aPoolThatIsSetHoldsAtOnceAndWhatItWasThenIsOnRecord() throws UndecodableException {
        String first = startsOf("load", "{pool: warehouse, limit: 2}", "1");
        String second = startsOf("load", "{pool: warehouse, limit: 2}", "2");
        String third = startsOf("load", "{pool: warehouse, limit: 2}", "3");
        String other = startsOf("report", "{pool: warehouse}", "4");
        events();

        pools.set("warehouse", 3);
        topology.pass(Duration.ofSeconds(1));

        List<RunEvent> events = topology.read(topology.topics.runEvents()).stream()
                .filter(event -> event.getType() == RunEventType.RUN_ADMITTED)
                .toList();
        assertThat(events)
                .extracting(RunEvent::getRunId)
                .as("two of load are enough")
                .containsExactly(other, second);
        assertThat(events.get(0).getSlot()).hasValueSatisfying(slot -> {
            assertThat(slot.getLimit()).as("it has none of its own").isZero();
            assertThat(slot.getPoolLimit()).isEqualTo(3);
        });
        assertThat(events.get(1).getSlot())
                .hasValueSatisfying(slot -> assertThat(slot.getLimit()).isEqualTo(2));

        cancel(first);
        assertThat(events()).contains("RUN_ADMITTED " + third);
    }

    @Test
    void aClosedPoolLetsNobodyBeginAndThoseThatHaveBegunGoOn() throws UndecodableException {
        pools.set("warehouse", 0);
        topology.pass(Duration.ofSeconds(1));
        String first = startsOf("load", "{pool: warehouse}", "1");
        topology.pass(Duration.ofSeconds(1));
        assertThat(events()).containsExactly("RUN_STARTED " + first, "RUN_QUEUED " + first);

        pools.set("warehouse", 1);
        topology.pass(Duration.ofSeconds(1));
        assertThat(events()).containsExactly("RUN_ADMITTED " + first);

        pools.set("warehouse", 0);
        topology.pass(Duration.ofSeconds(1));
        assertThat(events()).isEmpty();
    }

    @Test
    void whoSharesAPoolIsStored() throws UndecodableException {
        startsOf("load", "{pool: warehouse}", "1");
        startsOf("load", "{pool: warehouse}", "2");
        startsOf("fix", "{pool: warehouse, priority: high}", "3");
        SlotRecords restored = new SlotRecords(topology.store(RunTopology.SLOTS), topology.codec());

        assertThat(restored.awaitedPools()).containsExactly(new PoolId("warehouse"));
        assertThat(restored.awaitedBy(new PipelineId("load"))).containsExactly("pool/warehouse");
        assertThat(restored.of(SlotKey.of(new PoolId("warehouse")))
                        .release(RunId.ofKey(new PipelineId("load"), "1"), 2, ONE))
                .extracting(change -> change.request().line().group().pipeline().value())
                .as("the higher priority is stored, too")
                .containsExactly("load", "fix");
    }
}
