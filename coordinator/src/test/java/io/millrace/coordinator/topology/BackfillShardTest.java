package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.BackfillId;
import io.millrace.engine.RunId;
import io.millrace.event.Backfill;
import io.millrace.event.BackfillCommand;
import io.millrace.event.BackfillCommandType;
import io.millrace.event.BackfillState;
import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.wire.UndecodableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backfills of a pipeline with a tick every hour, whose runs end when they are answered; what one part of the topology writes, another reads. */
class BackfillShardTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LAST_YEAR = Instant.parse("2025-03-01T00:00:00Z");
    private static final PipelineId ETL = new PipelineId("etl");
    private static final String ID = BackfillId.ofKey(ETL, "test").value();

    @TempDir
    private Path stateDirectory;

    private final TestingPipelines pipelines = new TestingPipelines();
    private final List<RunEvent> events = new ArrayList<>();
    private TestingTopology topology;

    @BeforeEach
    void start() {
        topology = new TestingTopology(stateDirectory, pipelines, new TestingPauses(), NOON);
        pipelines.apply("""
                id: etl
                inputs: {day: {type: string, default: none}}
                triggers:
                  - {id: hourly, schedule: {every: 1h, end: 2025-12-31}, inputs: {day: "${{ schedule.at }}"}}
                tasks:
                  - {id: ask, approval: "Is it enough?"}
                """, NOON);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    private static Instant hour(int hour) {
        return LAST_YEAR.plus(hour, ChronoUnit.HOURS);
    }

    private static String run(int hour) {
        return RunId.ofTick(ETL, "hourly", hour(hour)).value();
    }

    private static BackfillCommand.Builder order(int hours, int limit) {
        return BackfillCommand.newBuilder()
                .setType(BackfillCommandType.START)
                .setBackfillId(ID)
                .setPipeline("etl")
                .setVersion(1)
                .setTriggerId("hourly")
                .setFrom(LAST_YEAR)
                .setTo(hour(hours))
                .setLimit(limit)
                .setTicks(hours)
                .setReason("a column was missing")
                .setBy("ada")
                .setAt(NOON);
    }

    private void ask(BackfillCommand command) {
        topology.send(topology.topics.backfills(), command.getBackfillId(), command);
    }

    private void ask(BackfillCommandType type) {
        ask(BackfillCommand.newBuilder()
                .setType(type)
                .setBackfillId(ID)
                .setReason("because")
                .setBy("bob")
                .setAt(NOON)
                .build());
    }

    private void answers(String run, boolean approved) {
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.ANSWER)
                .setRunId(run)
                .setTask("ask")
                .setApproved(approved)
                .build());
    }

    /** The run of a tick, as its schedule starts it. */
    private void scheduled(int hour) {
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run(hour))
                .setPipeline("etl")
                .setVersion(1)
                .setTrigger(Trigger.newBuilder()
                        .setKind(TriggerKind.SCHEDULE)
                        .setTriggerId("hourly")
                        .setLogicalTime(hour(hour))
                        .build())
                .build());
    }

    /** What has happened to runs since it was asked last; the history shows it, too. */
    private List<String> happened() throws UndecodableException {
        List<RunEvent> fresh = topology.read(topology.topics.runEvents());
        topology.recorded.show(fresh);
        events.addAll(fresh);
        return fresh.stream()
                .filter(event -> event.getTask().isEmpty())
                .map(event -> event.getType() + " " + event.getRunId())
                .toList();
    }

    /** How far the backfill is. */
    private Backfill state() {
        return topology.codec()
                .decodeBackfill(topology.store(RunTopology.BACKFILLS).get(ID));
    }

    private List<String> whatBecame() {
        Backfill state = state();
        return List.of(
                "asked " + state.getAsked(),
                "succeeded " + state.getSucceeded(),
                "failed " + state.getFailed(),
                "cancelled " + state.getCancelled(),
                "skipped " + state.getSkipped(),
                "refused " + state.getRefused());
    }

    @Test
    void oneRunFollowsTheOtherAndEachKnowsItsTime() throws UndecodableException {
        ask(order(3, 1).build());
        assertThat(happened()).containsExactly("RUN_STARTED " + run(0));
        assertThat(events.get(0)).satisfies(begun -> {
            assertThat(begun.getInputs()).hasValue("{\"day\":\"2025-03-01T00:00:00Z\"}");
            Trigger trigger = begun.getTrigger().orElseThrow();
            assertThat(trigger.getKind()).isEqualTo(TriggerKind.BACKFILL);
            assertThat(trigger.getBackfillId()).hasValue(ID);
            assertThat(trigger.getTriggerId()).hasValue("hourly");
            assertThat(trigger.getLogicalTime()).hasValue(hour(0));
            assertThat(trigger.getSource()).isEqualTo("etl/hourly");
        });
        assertThat(state().getNextAt()).hasValue(hour(1));
        assertThat(state().getOpen()).containsExactly(run(0));

        answers(run(0), true);
        assertThat(happened()).containsExactly("RUN_SUCCEEDED " + run(0), "RUN_STARTED " + run(1));
        answers(run(1), false);
        answers(run(2), true);

        assertThat(state().getState()).isEqualTo(BackfillState.FINISHED);
        assertThat(state().getNextAt()).isEmpty();
        assertThat(state().getOpen()).isEmpty();
        assertThat(whatBecame())
                .containsExactly("asked 3", "succeeded 2", "failed 1", "cancelled 0", "skipped 0", "refused 0");
        List<Backfill> published = topology.read(topology.topics.backfillStates());
        assertThat(published.get(published.size() - 1)).isEqualTo(state());
        assertThat(topology.read(topology.topics.deadLetters())).isEmpty();
    }

    @Test
    void asManyAreUnderWayAsMayBe() throws UndecodableException {
        ask(order(10, 3).build());
        assertThat(happened())
                .containsExactly("RUN_STARTED " + run(0), "RUN_STARTED " + run(1), "RUN_STARTED " + run(2));

        answers(run(1), true);

        assertThat(happened()).containsExactly("RUN_SUCCEEDED " + run(1), "RUN_STARTED " + run(3));
        assertThat(state().getOpen()).containsExactly(run(0), run(2), run(3));
    }

    @Test
    void theRepeatOfAnOrderFindsTheBackfillThatIsThere() throws UndecodableException {
        ask(order(3, 1).build());
        happened();

        ask(order(3, 1).build());
        ask(order(9, 9).build());

        assertThat(happened()).isEmpty();
        assertThat(state().getLimit()).isEqualTo(1);
    }

    @Test
    void whatHasSucceededOrIsUnderWayIsSkipped() throws UndecodableException {
        scheduled(0);
        answers(run(0), true);
        scheduled(1);
        happened();

        ask(order(3, 1).build());

        assertThat(happened()).containsExactly("RUN_STARTED " + run(2));
        answers(run(2), true);
        assertThat(whatBecame()).startsWith("asked 3", "succeeded 1").contains("skipped 2");
        answers(run(1), true);
        assertThat(state().getSucceeded()).as("what went on without it").isEqualTo(1);
    }

    @Test
    void whatFailedOrWasCancelledIsOpenedAgain() throws UndecodableException {
        scheduled(0);
        answers(run(0), false);
        happened();

        ask(order(1, 1).build());

        assertThat(happened()).containsExactly("RUN_RERUN " + run(0));
        assertThat(events.stream().filter(event -> event.getType() == RunEventType.RUN_RERUN))
                .singleElement()
                .satisfies(again -> {
                    assertThat(again.getBackfillId()).hasValue(ID);
                    assertThat(again.getReason()).hasValue("the backfill " + ID);
                });
        answers(run(0), true);
        happened();
        assertThat(state().getState()).isEqualTo(BackfillState.FINISHED);
        assertThat(state().getSucceeded()).isEqualTo(1);
    }

    @Test
    void whatHasSucceededRunsAgainWhereThatIsAskedFor() throws UndecodableException {
        scheduled(0);
        answers(run(0), true);
        happened();

        ask(order(1, 1).setAgain(true).build());

        assertThat(happened()).containsExactly("RUN_RERUN " + run(0));
        assertThat(state().getOpen()).containsExactly(run(0));
        answers(run(0), true);
        assertThat(state().getState()).isEqualTo(BackfillState.FINISHED);
        assertThat(whatBecame()).startsWith("asked 1", "succeeded 1");
    }

    /** Who opens a run again by hand does it for no backfill. */
    @Test
    void aRunThatIsOpenedAgainByHandIsNoMoreOfTheBackfill() throws UndecodableException {
        ask(order(1, 1).build());
        answers(run(0), false);
        happened();
        assertThat(state().getFailed()).isEqualTo(1);
        topology.read(topology.topics.backfills());

        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.RERUN)
                .setRunId(run(0))
                .build());
        answers(run(0), true);

        assertThat(happened()).containsExactly("RUN_RERUN " + run(0), "RUN_SUCCEEDED " + run(0));
        assertThat(topology.read(topology.topics.backfills())).isEmpty();
    }

    @Test
    void aRunWhoseHistoryCannotBeReadYetIsWaitedFor() throws UndecodableException {
        scheduled(0);
        answers(run(0), false);
        topology.recorded.lag(true);
        ask(order(2, 2).build());
        assertThat(state().getOpen()).containsExactly(run(0), run(1));
        assertThat(happened())
                .as("nobody knows yet whether they have been")
                .doesNotContain("RUN_RERUN " + run(0), "RUN_STARTED " + run(1));

        topology.recorded.lag(false);
        topology.pass(Duration.ofSeconds(1));

        assertThat(happened()).containsExactlyInAnyOrder("RUN_RERUN " + run(0), "RUN_STARTED " + run(1));
    }

    @Test
    void aRunThatCannotBeDecidedAboutHoldsNoBackfillUp() throws UndecodableException {
        scheduled(0);
        answers(run(0), false);
        happened();
        topology.recorded.damage();

        ask(order(1, 1).build());

        assertThat(happened()).isEmpty();
        assertThat(whatBecame()).contains("refused 1");
        assertThat(state().getState()).isEqualTo(BackfillState.FINISHED);
        assertThat(state().getRefusal())
                .hasValueSatisfying(said -> assertThat(said).contains("is damaged"));
    }

    /** The engine remembers ended runs for a day in this test; the log has them for longer. */
    @Test
    void whatEndedLongAgoIsFoundInTheHistory() throws UndecodableException {
        scheduled(0);
        answers(run(0), true);
        happened();
        topology.pass(Duration.ofDays(3));

        ask(order(1, 1).build());

        assertThat(happened()).isEmpty();
        assertThat(whatBecame()).contains("skipped 1");
    }

    @Test
    void theScheduleStartsNoTickThatABackfillMadeUpForLongAgo() throws UndecodableException {
        ask(order(1, 1).build());
        answers(run(0), true);
        happened();
        topology.pass(Duration.ofDays(3));

        scheduled(0);

        assertThat(happened()).isEmpty();
    }

    @Test
    void whileItIsPausedNoRunIsStarted() throws UndecodableException {
        ask(order(3, 1).build());
        ask(BackfillCommandType.PAUSE);
        answers(run(0), true);

        assertThat(state().getState()).isEqualTo(BackfillState.PAUSED);
        assertThat(state().getStateBy()).hasValue("bob");
        assertThat(state().getStateReason()).hasValue("because");
        assertThat(happened()).containsExactly("RUN_STARTED " + run(0), "RUN_SUCCEEDED " + run(0));
        topology.pass(Duration.ofMinutes(1));
        assertThat(happened()).isEmpty();

        ask(BackfillCommandType.RESUME);

        assertThat(happened()).containsExactly("RUN_STARTED " + run(1));
    }

    @Test
    void whenItIsCancelledItsRunsAreAndNoOthers() throws UndecodableException {
        scheduled(1);
        ask(order(5, 2).build());
        assertThat(state().getOpen()).as("the schedule's own is skipped").containsExactly(run(0), run(2));
        happened();

        ask(BackfillCommandType.CANCEL);

        assertThat(happened()).containsExactlyInAnyOrder("RUN_CANCELLED " + run(0), "RUN_CANCELLED " + run(2));
        assertThat(state().getState()).isEqualTo(BackfillState.CANCELLED);
        assertThat(whatBecame()).contains("asked 3", "cancelled 2", "skipped 1");
        ask(BackfillCommandType.RESUME);
        assertThat(happened()).isEmpty();
    }

    /** That it was cancelled may reach a run before the backfill has heard that the run is not its own. */
    @Test
    void theEndOfABackfillEndsNoRunThatIsUnderWayWithoutIt() throws UndecodableException {
        scheduled(0);
        happened();

        topology.command(BackfillCommands.cancel(new RunId(run(0)), new BackfillId(ID), NOON));

        assertThat(happened()).isEmpty();
    }

    @Test
    void whatCannotBeStartedIsCountedWithTheReason() throws UndecodableException {
        pipelines.apply("""
                id: etl
                inputs: {share: integer}
                triggers:
                  - {id: hourly, schedule: {every: 1h}, inputs: {share: "${{ 1 / (size(schedule.at) - 20) }}"}}
                tasks:
                  - {id: ask, approval: "Is it enough?"}
                """, NOON);

        ask(order(3, 1).setVersion(2).build());

        assertThat(happened()).isEmpty();
        assertThat(state().getState()).isEqualTo(BackfillState.FINISHED);
        assertThat(whatBecame()).contains("asked 3", "refused 3");
        assertThat(state().getRefusal())
                .hasValueSatisfying(reason -> assertThat(reason).contains("zero"));
        assertThat(topology.read(topology.topics.deadLetters())).isEmpty();
    }

    @Test
    void itKeepsTheVersionThatItBeganWith() throws UndecodableException {
        ask(order(2, 1).build());
        pipelines.apply("id: etl\ntasks: [{id: a, wait: 1h}]\n", NOON);
        answers(run(0), true);
        happened();

        assertThat(events)
                .filteredOn(event -> event.getType() == RunEventType.RUN_STARTED)
                .extracting(RunEvent::getVersion)
                .containsExactly(1, 1);
    }

    @Test
    void aTopicOfManyTicksIsGoneThroughTickByTick() throws UndecodableException {
        pipelines.apply("""
                id: etl
                triggers: [{id: hourly, schedule: {every: 1h}}]
                tasks: [{id: pass, if: "false", wait: 1ms}]
                """, NOON);

        ask(order(500, 7).setVersion(2).build());

        happened();
        assertThat(events)
                .filteredOn(event -> event.getType() == RunEventType.RUN_STARTED)
                .extracting(RunEvent::getRunId)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 500).mapToObj(BackfillShardTest::run).toList());
        assertThat(whatBecame()).startsWith("asked 500", "succeeded 500");
        assertThat(topology.read(topology.topics.backfillStates()))
                .allSatisfy(state -> assertThat(state.getOpen()).hasSizeLessThanOrEqualTo(7));
    }

    @Test
    void whoTakesOverGoesOnWhereItWas() {
        ask(order(3, 1).build());
        BackfillRecords restored = new BackfillRecords(topology.store(RunTopology.BACKFILLS), topology.codec());

        assertThat(restored.get(ID)).hasValue(state());
        io.millrace.engine.Backfill backfill = BackfillRecords.toEngine(state());
        assertThat(backfill.reached()).isEqualTo(hour(0));
        assertThat(backfill.open()).containsExactly(new RunId(run(0)));
    }

    @Test
    void whatIsOverIsForgottenWithItsRuns() {
        ask(order(1, 1).build());
        ask(BackfillCommandType.CANCEL);
        topology.pass(Duration.ofHours(23));
        assertThat(state().getState()).isEqualTo(BackfillState.CANCELLED);

        topology.pass(Duration.ofHours(2));

        assertThat(topology.store(RunTopology.BACKFILLS).approximateNumEntries())
                .isZero();
    }

    @Test
    void whatIsNoCommandIsPutAside() throws UndecodableException {
        topology.send(topology.topics.backfills(), ID, "no avro".getBytes(UTF_8));
        topology.send(topology.topics.backfills(), "other", order(1, 1).build());
        ask(order(1, 0).build());
        ask(order(0, 1).build());
        ask(order(1, 1).setVersion(99).build());
        ask(order(1, 1).setTriggerId("nobody").build());
        ask(BackfillCommandType.PAUSE);
        ask(order(3, 1).build());
        ask(BackfillCommand.newBuilder().setBackfillId(ID).build());
        ask(BackfillCommand.newBuilder()
                .setType(BackfillCommandType.RUN_ENDED)
                .setBackfillId(ID)
                .setRunId("?")
                .build());
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.BACKFILL)
                .setRunId(run(9))
                .build());

        assertThat(topology.read(topology.topics.deadLetters()))
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.UNKNOWN_PIPELINE,
                        DeadLetterReason.UNKNOWN_PIPELINE,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER);
        assertThat(happened()).containsExactly("RUN_STARTED " + run(0));
    }

    /** The pipeline lets one run be under way, and its schedule goes on while it makes up for the past. */
    @Test
    void aFreshRunIsGivenItsSlotBeforeThoseOfABackfill() throws UndecodableException {
        pipelines.apply("""
                id: etl
                concurrency: 1
                triggers:
                  - {id: hourly, schedule: {every: 1h, end: 2025-12-31}}
                tasks:
                  - {id: ask, approval: "Is it enough?"}
                """, NOON);
        ask(order(3, 2).setVersion(2).build());
        assertThat(happened())
                .contains("RUN_ADMITTED " + run(0), "RUN_QUEUED " + run(1))
                .doesNotContain("RUN_ADMITTED " + run(1));
        String fresh = RunId.ofKey(ETL, "fresh").value();
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(fresh)
                .setPipeline("etl")
                .setVersion(2)
                .setTrigger(Trigger.newBuilder().setKind(TriggerKind.API).build())
                .build());

        answers(run(0), true);
        assertThat(happened()).contains("RUN_ADMITTED " + fresh).doesNotContain("RUN_ADMITTED " + run(1));
        answers(fresh, true);
        assertThat(happened()).contains("RUN_ADMITTED " + run(1));
    }
}
