package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.alert.AlertKey;
import io.millrace.engine.RunId;
import io.millrace.event.Alert;
import io.millrace.event.AlertDeliveryState;
import io.millrace.event.AlertPhase;
import io.millrace.event.AlertSignal;
import io.millrace.event.AlertSignalType;
import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.expression.Document;
import io.millrace.pipeline.AlertId;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.wire.UndecodableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts of a pipeline whose runs end when they are answered, as do those of its channel; what one part of the topology writes, another reads. */
class AlertShardTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final PipelineId IRIS = new PipelineId("iris");
    private static final String CHANNEL = """
            id: pager
            inputs: {alert: object}
            tasks: [{id: deliver, approval: "Was it passed on?"}]
            """;

    @TempDir
    private Path stateDirectory;

    private final TestingPipelines pipelines = new TestingPipelines();
    private final List<RunEvent> events = new ArrayList<>();
    private TestingTopology topology;
    private int runs;

    @BeforeEach
    void start() {
        topology = new TestingTopology(stateDirectory, pipelines, new TestingPauses(), NOON);
        pipelines.apply(CHANNEL, NOON);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    private void iris(String alerts) {
        pipelines.apply("""
                id: iris
                tasks: [{id: predict, approval: "Is it right?"}]
                alerts: [%s]
                """.formatted(alerts), NOON);
        topology.pass(Duration.ofSeconds(1));
    }

    private String begins() {
        String run = RunId.ofKey(IRIS, "run-" + runs++).value();
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run)
                .setPipeline("iris")
                .setTrigger(Trigger.newBuilder().setKind(TriggerKind.API).build())
                .build());
        return run;
    }

    private void answer(String run, String task, boolean approved) {
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.ANSWER)
                .setRunId(run)
                .setTask(task)
                .setApproved(approved)
                .build());
    }

    private void fails() {
        answer(begins(), "predict", false);
    }

    private void succeeds() {
        answer(begins(), "predict", true);
    }

    private static AlertKey key(String rule) {
        return new AlertKey(IRIS, new AlertId(rule), "");
    }

    private Alert alert(String rule) {
        return topology.codec()
                .decodeAlert(topology.store(RunTopology.ALERTS).get(key(rule).toString()));
    }

    /** The messages that the channel was asked to pass on since it was asked last: each is a run. */
    private List<Map<String, ?>> messages() throws UndecodableException {
        List<RunEvent> fresh = topology.read(topology.topics.runEvents());
        events.addAll(fresh);
        List<Map<String, ?>> messages = new ArrayList<>();
        for (RunEvent event : fresh) {
            if (event.getType() == RunEventType.RUN_STARTED
                    && event.getPipeline().equals("pager")) {
                assertThat(event.getTrigger().orElseThrow().getKind()).isEqualTo(TriggerKind.ALERT);
                messages.add((Map<String, ?>)
                        Document.parse(event.getInputs().orElseThrow()).asMap().get("alert"));
            }
        }
        return messages;
    }

    private List<String> kinds() throws UndecodableException {
        return messages().stream()
                .map(message -> message.get("kind") + " " + message.get("rule") + " " + message.get("count"))
                .toList();
    }

    private void say(AlertSignalType type, String rule, Instant until) {
        AlertSignal signal = AlertSignal.newBuilder()
                .setType(type)
                .setPipeline("iris")
                .setRule(rule)
                .setUntil(until)
                .setBy("ann")
                .setReason("because")
                .setAt(NOON)
                .build();
        topology.send(topology.topics.alertSignals(), "iris", signal);
    }

    @Test
    void aFailureIsToldByARunOfTheChannelWhoseEndIsKnown() throws UndecodableException {
        iris("{id: failed, on: run.failed, to: [pager], severity: critical}");
        fails();

        assertThat(messages()).singleElement().satisfies(message -> {
            assertThat(message.get("kind")).isEqualTo("raised");
            assertThat(message.get("severity")).isEqualTo("critical");
            assertThat(message.get("id")).isEqualTo(key("failed").id());
            assertThat(message.get("summary")).asString().startsWith("iris: the run failed: ");
            assertThat(message.get("text")).asString().contains("Task: predict, attempt 1");
        });
        assertThat(alert("failed").getPhase()).isEqualTo(AlertPhase.OPEN);
        assertThat(alert("failed").getDeliveries())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.getState()).isEqualTo(AlertDeliveryState.PENDING));

        String passing = alert("failed").getDeliveries().get(0).getRunId().orElseThrow();
        answer(passing, "deliver", true);
        assertThat(alert("failed").getDeliveries())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.getState()).isEqualTo(AlertDeliveryState.DELIVERED));
        assertThat(topology.read(topology.topics.alerts()))
                .extracting(alert -> alert.getChange().name())
                .containsExactly("RAISED", "TOLD", "DELIVERED");
    }

    @Test
    void whatCannotBePassedOnIsSaid() throws UndecodableException {
        pipelines.apply("id: deaf\ntasks: [{id: a, wait: 1s}]\n", NOON);
        iris("{id: failed, on: run.failed, to: [pager, nobody, deaf]}");
        fails();
        answer(alert("failed").getDeliveries().get(0).getRunId().orElseThrow(), "deliver", false);

        assertThat(alert("failed").getDeliveries())
                .extracting(each -> each.getChannel() + " " + each.getState())
                .containsExactly("pager UNDELIVERED", "nobody UNDELIVERED", "deaf UNDELIVERED");
        assertThat(alert("failed").getDeliveries())
                .extracting(each -> each.getReason().orElse(""))
                .allSatisfy(reason -> assertThat(reason).isNotEmpty());
        assertThat(topology.read(topology.topics.deadLetters()))
                .extracting(DeadLetter::getReason)
                .as("a channel that does not take the message")
                .containsExactly(DeadLetterReason.INVALID_INPUTS);
    }

    @Test
    void itIsResolvedWhenTheOppositeHappens() throws UndecodableException {
        iris("{id: failed, on: run.failed, to: [pager], interval: 10s}");
        fails();
        topology.pass(Duration.ofSeconds(20));
        succeeds();

        assertThat(kinds()).containsExactly("raised failed 1", "resolved failed 1");
        assertThat(alert("failed").getPhase()).isEqualTo(AlertPhase.RESOLVED);
    }

    @Test
    void manyFailuresAreAHandfulOfMessages() throws UndecodableException {
        iris("{id: failed, on: run.failed, to: [pager], interval: 10s}");
        for (int i = 0; i < 1_000; i++) {
            fails();
        }
        topology.pass(Duration.ofSeconds(20));

        assertThat(kinds()).containsExactly("raised failed 1", "again failed 1000");
    }

    @Test
    void aRunThatIsLateIsToldAndItsEnd() throws UndecodableException {
        iris("{id: late, deadline: 15m, to: [pager], interval: 10s}");
        String run = begins();
        String other = begins();
        topology.pass(Duration.ofMinutes(14));
        answer(other, "predict", true);
        assertThat(kinds()).isEmpty();

        topology.pass(Duration.ofMinutes(2));
        assertThat(messages()).singleElement().satisfies(message -> {
            assertThat(message.get("run_id")).isEqualTo(run);
            assertThat(message.get("summary"))
                    .isEqualTo("iris: the run has not ended by 2026-03-01T12:15:01Z; it began at 2026-03-01T12:00:01Z");
        });
        answer(run, "predict", false);
        topology.pass(Duration.ofSeconds(20));
        assertThat(kinds()).containsExactly("resolved late 1");
        assertThat(topology.store(RunTopology.ALERT_WATCHES).approximateNumEntries())
                .isZero();
    }

    @Test
    void silenceIsToldFromWhenTheRuleWasApplied() throws UndecodableException {
        iris("{id: silent, expect: run.succeeded, within: 25h, to: [pager], interval: 10s}");
        topology.pass(Duration.ofHours(24));
        fails();
        assertThat(kinds()).isEmpty();
        topology.pass(Duration.ofHours(2));
        assertThat(kinds()).containsExactly("raised silent 1");
        topology.pass(Duration.ofHours(50));
        assertThat(kinds()).as("it is told once").isEmpty();

        succeeds();
        assertThat(kinds()).containsExactly("resolved silent 1");
        topology.pass(Duration.ofHours(26));
        assertThat(kinds()).containsExactly("raised silent 1");
    }

    @Test
    void whatNoRuleIsAboutAnyMoreIsWell() throws UndecodableException {
        iris("{id: silent, expect: run.succeeded, within: 1h, to: [pager], interval: 10s}");
        topology.pass(Duration.ofHours(2));
        assertThat(kinds()).containsExactly("raised silent 1");

        iris("");
        topology.pass(Duration.ofSeconds(20));
        assertThat(kinds()).containsExactly("resolved silent 1");
        assertThat(topology.store(RunTopology.ALERT_WATCHES).approximateNumEntries())
                .isZero();
    }

    @Test
    void whoeverTakesThePartitionOverGoesOnWhereItWas() throws UndecodableException {
        iris("{id: failed, on: run.failed, to: [pager], interval: 10s},"
                + "{id: late, deadline: 15m, to: [pager], interval: 10s},"
                + "{id: thrice, on: run.failed, count: 3, within: 1h, to: [pager]}");
        begins();
        fails();
        fails();
        topology.revive();
        assertThat(kinds()).containsExactly("raised failed 1");

        topology.pass(Duration.ofSeconds(20));
        assertThat(kinds()).containsExactly("again failed 2");
        topology.revive();
        fails();
        topology.revive();
        topology.pass(Duration.ofMinutes(20));
        assertThat(kinds()).containsExactlyInAnyOrder("again failed 3", "raised thrice 3", "raised late 1");
    }

    @Test
    void aRateIsKeptByWhoeverTakesThePartitionOver() throws UndecodableException {
        iris("{id: rate, on: run.failed, rate: 0.5, last: 10, to: [pager], interval: 10s}");
        for (int i = 0; i < 5; i++) {
            succeeds();
            fails();
            topology.revive();
        }
        assertThat(kinds()).isEmpty();

        fails();
        assertThat(kinds()).containsExactly("raised rate 1");
        topology.pass(Duration.ofSeconds(20));
        topology.revive();
        succeeds();
        succeeds();
        assertThat(kinds()).containsExactly("resolved rate 1");
    }

    @Test
    void aRuleHasNoMoreAlertsThanItMay() throws UndecodableException {
        iris("{id: failed, on: run.failed, group: run.id, to: [pager], interval: 10s}");
        for (int i = 0; i < AlertRecords.MOST_GROUPS + 5; i++) {
            fails();
        }
        topology.pass(Duration.ofSeconds(20));

        assertThat(topology.store(RunTopology.ALERTS).approximateNumEntries()).isEqualTo(AlertRecords.MOST_GROUPS + 1);
        assertThat(messages())
                .filteredOn(message -> message.get("group").equals(AlertBook.OTHERS))
                .extracting(message -> message.get("kind") + " " + message.get("count"))
                .containsExactly("raised 1", "again 5");

        AlertSignal well = AlertSignal.newBuilder()
                .setType(AlertSignalType.RESOLVE)
                .setPipeline("iris")
                .setRule("failed")
                .setGroup(RunId.ofKey(IRIS, "run-0").value())
                .setAt(NOON)
                .build();
        topology.send(topology.topics.alertSignals(), "iris", well);
        topology.pass(Duration.ofSeconds(20));
        messages();
        fails();
        assertThat(messages())
                .singleElement()
                .satisfies(message -> assertThat(message.get("group"))
                        .as("there is room where another is forgotten")
                        .isEqualTo(RunId.ofKey(IRIS, "run-" + (runs - 1)).value()));
    }

    @Test
    void peopleHaveTheirSay() throws UndecodableException {
        iris("{id: failed, on: run.failed, to: [pager], interval: 10s, repeat: 1h}");
        fails();
        topology.pass(Duration.ofMinutes(61));
        assertThat(kinds()).containsExactly("raised failed 1", "reminder failed 1");

        say(AlertSignalType.ACKNOWLEDGE, "failed", null);
        assertThat(alert("failed").getPhase()).isEqualTo(AlertPhase.ACKNOWLEDGED);
        assertThat(alert("failed").getBy()).hasValue("ann");
        fails();
        topology.pass(Duration.ofHours(3));
        assertThat(kinds()).isEmpty();

        say(AlertSignalType.RESOLVE, "failed", null);
        assertThat(kinds()).containsExactly("resolved failed 2");
        say(AlertSignalType.SILENCE, "failed", NOON.plus(Duration.ofDays(2)));
        fails();
        topology.pass(Duration.ofHours(3));
        assertThat(kinds()).isEmpty();
    }

    @Test
    void whatCannotBeDecidedAboutIsPutAside() throws UndecodableException {
        iris("{id: failed, on: run.failed, to: [pager]}");
        say(AlertSignalType.ACKNOWLEDGE, "failed", null);
        say(AlertSignalType.UNKNOWN, "failed", null);
        AlertSignal other = AlertSignal.newBuilder()
                .setType(AlertSignalType.HAPPENED)
                .setPipeline("iris")
                .setVersion(1)
                .setRule("other")
                .setRunId(RunId.ofKey(IRIS, "x").value())
                .build();
        topology.send(topology.topics.alertSignals(), "iris", other);
        topology.send(topology.topics.alertSignals(), "x", other);
        topology.send(
                topology.topics.alertSignals(),
                "iris",
                AlertSignal.newBuilder(other).setRule("failed").setFacts("[]").build());
        topology.send(topology.topics.alertSignals(), "iris", "poison".getBytes(UTF_8));

        assertThat(topology.read(topology.topics.deadLetters())).hasSize(6);
        fails();
        assertThat(kinds()).containsExactly("raised failed 1");
    }
}
