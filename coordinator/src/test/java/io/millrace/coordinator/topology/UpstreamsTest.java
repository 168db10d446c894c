package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunId;
import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.event.UpstreamEnd;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.wire.UndecodableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that ends of other runs start; what one part of the topology writes, another reads. */
class UpstreamsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path stateDirectory;

    private final TestingPipelines pipelines = new TestingPipelines();
    private final TestingPauses pauses = new TestingPauses();
    private TestingTopology topology;

    @BeforeEach
    void start() {
        topology = new TestingTopology(stateDirectory, pipelines, pauses, NOON);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    /** Its runs end when they are answered. */
    private void asking(String id) {
        pipelines.apply("""
                id: %s
                inputs: {day: {type: string, default: monday}}
                outputs: {day: "${{ inputs.day }}", by: "${{ tasks.ask.output.by }}"}
                tasks:
                  - {id: ask, approval: "Is it enough?"}
                """.formatted(id), NOON);
    }

    /** Its runs wait for an answer, too. */
    private void following(String id, String trigger) {
        pipelines.apply("""
                id: %s
                inputs: {day: {type: string, default: none}}
                triggers:
                  - {id: after, %s}
                tasks:
                  - {id: ask, approval: "And now?"}
                """.formatted(id, trigger), NOON);
    }

    private String starts(String pipeline, String name, String inputs) {
        String run = RunId.ofKey(new PipelineId(pipeline), name).value();
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run)
                .setPipeline(pipeline)
                .setVersion(1)
                .setInputs(inputs)
                .setTrigger(Trigger.newBuilder().setKind(TriggerKind.API).build())
                .build());
        return run;
    }

    private void answers(String run, boolean approved) {
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.ANSWER)
                .setRunId(run)
                .setTask("ask")
                .setApproved(approved)
                .setBy("ada")
                .build());
    }

    private String succeeds(String pipeline, String name, String inputs) {
        String run = starts(pipeline, name, inputs);
        answers(run, true);
        return run;
    }

    /** The runs of a pipeline that have begun since it was asked last. */
    private List<RunEvent> begun(String pipeline) throws UndecodableException {
        return topology.read(topology.topics.runEvents()).stream()
                .filter(event -> event.getType() == RunEventType.RUN_STARTED
                        && event.getPipeline().equals(pipeline))
                .toList();
    }

    @Test
    void theEndOfARunStartsAnotherWithWhatItGave() throws UndecodableException {
        asking("etl");
        following(
                "report",
                "upstream: etl, filter: \"event.outputs.day != 'sunday'\", inputs: {day: \"${{ event.outputs.day }} by ${{ event.outputs.by }}\"}");
        String upstream = succeeds("etl", "1", "{\"day\": \"friday\"}");
        succeeds("etl", "2", "{\"day\": \"sunday\"}");

        assertThat(begun("report")).singleElement().satisfies(begun -> {
            assertThat(begun.getInputs()).hasValue("{\"day\":\"friday by ada\"}");
            Trigger trigger = begun.getTrigger().orElseThrow();
            assertThat(trigger.getKind()).isEqualTo(TriggerKind.UPSTREAM);
            assertThat(trigger.getSource()).isEqualTo("report/after");
            assertThat(trigger.getTriggerId()).hasValue("after");
            assertThat(trigger.getUpstreamRunIds()).containsExactly(upstream);
            assertThat(trigger.getDepth()).isEqualTo(1);
            assertThat(trigger.getLogicalTime()).as("that of the run upstream").hasValue(NOON);
        });
    }

    @Test
    void onlyTheEndsThatAreWaitedForCount() throws UndecodableException {
        asking("etl");
        following("repair", "upstream: {pipeline: etl, on: run.failed}");
        following("always", "upstream: {pipeline: etl, on: run.ended}");
        answers(starts("etl", "good", "{}"), true);
        String bad = starts("etl", "bad", "{}");
        answers(bad, false);
        String ended = starts("etl", "cancelled", "{}");
        topology.command(RunCommand.newBuilder()
                .setType(RunCommandType.CANCEL)
                .setRunId(ended)
                .build());

        List<RunEvent> events = topology.read(topology.topics.runEvents());
        assertThat(events)
                .filteredOn(event -> event.getType() == RunEventType.RUN_STARTED
                        && event.getPipeline().equals("repair"))
                .extracting(event -> event.getTrigger().orElseThrow().getUpstreamRunIds())
                .containsExactly(List.of(bad));
        assertThat(events)
                .filteredOn(event -> event.getType() == RunEventType.RUN_STARTED
                        && event.getPipeline().equals("always"))
                .hasSize(3);
    }

    @Test
    void pipelinesFollowOneAnother() throws UndecodableException {
        asking("p0");
        for (int i = 1; i <= 10; i++) {
            pipelines.apply(
                    "id: p" + i + "\ntriggers: [{id: after, upstream: p" + (i - 1)
                            + "}]\ntasks: [{id: pass, wait: 1ms}]\n",
                    NOON);
        }
        succeeds("p0", "1", "{}");
        for (int i = 1; i <= 10; i++) {
            topology.pass(Duration.ofMillis(100));
        }

        List<RunEvent> events = topology.read(topology.topics.runEvents());
        for (int i = 1; i <= 10; i++) {
            String pipeline = "p" + i;
            assertThat(events)
                    .filteredOn(event -> event.getType() == RunEventType.RUN_SUCCEEDED
                            && event.getPipeline().equals(pipeline))
                    .as(pipeline)
                    .hasSize(1);
        }
    }

    @Test
    void aCircleOfPipelinesComesToAnEnd() throws UndecodableException {
        pipelines.apply("id: a\ntriggers: [{id: after, upstream: b}]\ntasks: [{id: pass, wait: 1ms}]\n", NOON);
        pipelines.apply("id: b\ntriggers: [{id: after, upstream: a}]\ntasks: [{id: pass, wait: 1ms}]\n", NOON);
        starts("a", "1", "{}");
        for (int i = 0; i < 100; i++) {
            topology.pass(Duration.ofMillis(100));
        }

        assertThat(topology.read(topology.topics.deadLetters()))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getMessage()).contains("the limit depth is"));
    }

    @Test
    void whatCanMakeNothingOfTheEndIsADeadLetter() throws UndecodableException {
        asking("etl");
        following("report", "upstream: etl, filter: event.outputs.rows > 3");
        succeeds("etl", "1", "{}");

        assertThat(begun("report")).isEmpty();
        assertThat(topology.read(topology.topics.deadLetters()))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getMessage()).contains("after", "event.outputs.rows"));
    }

    @Test
    void aPausedTriggerStartsNothing() throws UndecodableException {
        asking("etl");
        following("report", "upstream: etl");
        pauses.pause("report/after");
        succeeds("etl", "1", "{}");
        pauses.resume("report/after");
        succeeds("etl", "2", "{}");

        assertThat(begun("report")).hasSize(1);
    }

    @Test
    void aTriggerThatIsAppliedLaterWaitsFromThenOn() throws UndecodableException {
        asking("etl");
        succeeds("etl", "1", "{}");
        following("report", "upstream: etl");
        succeeds("etl", "2", "{}");
        pipelines.apply("id: report\ntasks: [{id: a, wait: 1h}]\n", NOON);
        succeeds("etl", "3", "{}");

        assertThat(begun("report")).hasSize(1);
    }

    @Test
    void aRunStartsWhenAllOfSeveralHaveEnded() throws UndecodableException {
        asking("a");
        asking("b");
        following(
                "both",
                "upstream: {all: [a, b], key: event.inputs.day}, inputs: {day: \"${{ event.key }}: ${{ event.runs.a.outputs.by }}\"}");
        String monday = succeeds("a", "1", "{\"day\": \"monday\"}");
        succeeds("a", "2", "{\"day\": \"tuesday\"}");
        assertThat(begun("both")).isEmpty();

        String alsoMonday = succeeds("b", "3", "{\"day\": \"monday\"}");

        assertThat(begun("both")).singleElement().satisfies(begun -> {
            assertThat(begun.getInputs()).hasValue("{\"day\":\"monday: ada\"}");
            assertThat(begun.getTrigger().orElseThrow().getUpstreamRunIds()).containsExactly(monday, alsoMonday);
        });
        succeeds("b", "4", "{\"day\": \"monday\"}");
        assertThat(begun("both")).as("the first of the next two").isEmpty();
    }

    @Test
    void theNewestOfOnePipelineCounts() throws UndecodableException {
        asking("a");
        asking("b");
        following("both", "upstream: {all: [a, b]}");
        succeeds("a", "1", "{}");
        String newest = succeeds("a", "2", "{}");
        String other = succeeds("b", "3", "{}");

        assertThat(begun("both"))
                .extracting(event -> event.getTrigger().orElseThrow().getUpstreamRunIds())
                .containsExactly(List.of(newest, other));
    }

    @Test
    void whatHasWaitedTooLongIsForgotten() throws UndecodableException {
        asking("a");
        asking("b");
        following("both", "upstream: {all: [a, b], within: 1h}");
        succeeds("a", "1", "{}");
        topology.pass(Duration.ofMinutes(61));
        succeeds("b", "2", "{}");
        assertThat(begun("both")).isEmpty();

        succeeds("a", "3", "{}");
        assertThat(begun("both")).hasSize(1);
        topology.pass(Duration.ofMinutes(61));
        assertThat(topology.store(RunTopology.JOINS).approximateNumEntries()).isZero();
    }

    @Test
    void whatWaitsIsStored() throws UndecodableException {
        asking("a");
        asking("b");
        following("both", "upstream: {all: [a, b], key: \"'with/a slash'\"}");
        String run = succeeds("a", "1", "{}");

        JoinRecords restored = new JoinRecords(topology.store(RunTopology.JOINS), topology.codec());

        assertThat(restored.get(new JoinRecords.Key("both", "after", "with/a slash"), NOON)
                        .ends())
                .extractingByKey("a")
                .extracting(UpstreamEnd::getRunId)
                .isEqualTo(run);
    }

    @Test
    void whatIsNoEndIsPutAside() throws UndecodableException {
        asking("a");
        asking("b");
        following("both", "upstream: {all: [a, b]}");
        topology.send(topology.topics.upstreamEnds(), "both", "no avro".getBytes(UTF_8));
        end("other", UpstreamEnd.newBuilder().setPipeline("both").build());
        end("both", UpstreamEnd.newBuilder().setPipeline("both").setRunId("?").build());
        end(
                "both",
                UpstreamEnd.newBuilder()
                        .setPipeline("both")
                        .setRunId(RunId.ofKey(new PipelineId("a"), "x").value())
                        .setTriggerId("after")
                        .setUpstream("a")
                        .setEvent("[]")
                        .build());
        end(
                "both",
                UpstreamEnd.newBuilder()
                        .setPipeline("both")
                        .setRunId(RunId.ofKey(new PipelineId("a"), "x").value())
                        .setTriggerId("nobody")
                        .setUpstream("a")
                        .build());
        succeeds("a", "1", "{}");
        succeeds("b", "2", "{}");

        assertThat(topology.read(topology.topics.deadLetters()))
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.INVALID_INPUTS);
        assertThat(begun("both")).hasSize(1);
    }

    private void end(String key, UpstreamEnd end) {
        topology.send(topology.topics.upstreamEnds(), key, end);
    }
}
