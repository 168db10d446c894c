package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.audit.log.Triggers;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.event.Backfill;
import io.millrace.event.BackfillCommand;
import io.millrace.event.BackfillCommandType;
import io.millrace.event.BackfillState;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.Topic;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API makes of backfills, without an engine that acts upon them. */
@Tag("any-jdk")
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class BackfillApiTest {
    private static final String MARCH = "from=2025-03-01&to=2025-03-04";
    private static final String ORDER =
            "{\"pipeline\":\"etl\",\"from\":\"2025-03-01\",\"to\":\"2025-03-04\",\"limit\":2,\"by\":\"ada\",\"reason\":\"a column\"}";

    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
        apply("etl", "  - {id: nightly, schedule: {cron: 30 2 * * *, timezone: Europe/Berlin}}\n");
        apply(
                "two",
                "  - {id: nightly, schedule: {cron: 30 2 * * *}}\n  - {id: often, schedule: {every: 1m}}\n"
                        + "  - {id: after, upstream: etl}\n");
        api.putYaml("plain", "id: plain\ntasks:\n  - {id: a, shell: \"true\"}\n");
    }

    private void apply(String id, String triggers) {
        assertThat(api.putYaml(id, "id: " + id + "\ntriggers:\n" + triggers + "tasks:\n  - {id: a, shell: \"true\"}\n")
                        .status())
                .isLessThan(300);
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    /** The run of a tick, with these events in the log. */
    private void happened(String tick, RunEventType... types) {
        PipelineId etl = new PipelineId("etl");
        String run = RunId.ofTick(etl, "nightly", Instant.parse(tick)).value();
        RunTrigger trigger = new RunTrigger(
                RunTrigger.Kind.SCHEDULE,
                "etl/nightly",
                null,
                null,
                null,
                new RunTrigger.Firing("nightly", Instant.parse(tick)),
                null);
        long sequence = 1;
        for (RunEventType type : types) {
            api.log.write(List.of(RunEvent.newBuilder()
                    .setType(type)
                    .setRunId(run)
                    .setPipeline("etl")
                    .setVersion(1)
                    .setInputs("{}")
                    .setTrigger(Triggers.toAvro(trigger))
                    .setSequence(sequence++)
                    .setAt(Instant.now())
                    .build()));
        }
        RunEventType last = types[types.length - 1];
        TestingApi.await(
                "the history to know of " + run,
                () -> api.history
                        .summary(run)
                        .filter(summary -> last == RunEventType.RUN_STARTED
                                || summary.status().hasEnded())
                        .isPresent());
    }

    private static List<String> actions(JsonNode page) {
        return StreamSupport.stream(page.path("ticks").spliterator(), false)
                .map(tick ->
                        tick.path("at").asText() + " " + tick.path("status").asText() + " "
                                + tick.path("action").asText())
                .toList();
    }

    @Test
    void aPreviewSaysWhatWouldBecomeOfEachTick() {
        happened("2025-03-01T01:30:00Z", RunEventType.RUN_STARTED, RunEventType.RUN_SUCCEEDED);
        happened("2025-03-02T01:30:00Z", RunEventType.RUN_STARTED, RunEventType.RUN_FAILED);

        JsonNode page = api.get("/api/v1/pipelines/etl/ticks?" + MARCH).body();

        assertThat(page.path("from").asText()).as("midnight in Berlin").isEqualTo("2025-02-28T23:00:00.000Z");
        assertThat(page.path("total").asLong()).isEqualTo(3);
        assertThat(page.path("trigger").asText()).isEqualTo("nightly");
        assertThat(actions(page))
                .containsExactly(
                        "2025-03-01T01:30:00.000Z succeeded skip",
                        "2025-03-02T01:30:00.000Z failed rerun",
                        "2025-03-03T01:30:00.000Z null start");
        assertThat(actions(api.get("/api/v1/pipelines/etl/ticks?again=true&" + MARCH)
                        .body()))
                .first()
                .isEqualTo("2025-03-01T01:30:00.000Z succeeded rerun");
    }

    @Test
    void aPreviewComesInPages() {
        JsonNode first = api.get("/api/v1/pipelines/etl/ticks?from=2024-03-01&to=2024-03-06&limit=2")
                .body();
        JsonNode second = api.get("/api/v1/pipelines/etl/ticks?from=2024-03-01&to=2024-03-06&limit=2&cursor="
                        + first.path("next").asText())
                .body();
        JsonNode last = api.get("/api/v1/pipelines/etl/ticks?from=2024-03-01&to=2024-03-06&limit=2&cursor="
                        + second.path("next").asText())
                .body();

        assertThat(first.path("ticks")).hasSize(2);
        assertThat(second.path("ticks").path(0).path("at").asText()).isEqualTo("2024-03-03T01:30:00.000Z");
        assertThat(last.path("ticks")).hasSize(1);
        assertThat(last.path("next").isNull()).isTrue();
    }

    @Test
    void anOrderIsPassedOnWithWhatItMeans() throws Exception {
        JsonNode begun = api.postJson("/api/v1/backfills", ORDER, "Idempotency-Key", "once")
                .body();

        assertThat(begun.path("state").asText()).isEqualTo("running");
        assertThat(begun.path("counts").path("ticks").asLong()).isEqualTo(3);
        BackfillCommand command = asked(begun.path("id").asText()).get(0);
        assertThat(command.getType()).isEqualTo(BackfillCommandType.START);
        assertThat(command.getPipeline()).isEqualTo("etl");
        assertThat(command.getVersion()).isEqualTo(1);
        assertThat(command.getTriggerId()).isEqualTo("nightly");
        assertThat(command.getFrom()).isEqualTo(Instant.parse("2025-02-28T23:00:00Z"));
        assertThat(command.getTo()).isEqualTo(Instant.parse("2025-03-03T23:00:00Z"));
        assertThat(command.getLimit()).isEqualTo(2);
        assertThat(command.getTicks()).isEqualTo(3);
        assertThat(command.getBy()).hasValue("ada");
        assertThat(command.getReason()).hasValue("a column");

        JsonNode again = api.postJson("/api/v1/backfills", ORDER, "Idempotency-Key", "once")
                .body();
        assertThat(again.path("id")).isEqualTo(begun.path("id"));
    }

    /** What was asked of a backfill, all of which Kafka has acknowledged. */
    private List<BackfillCommand> asked(String id) throws UndecodableException {
        Topic<BackfillCommand> topic = api.log.topics().backfills();
        List<BackfillCommand> asked = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                api.log.access().consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    BackfillCommand command = api.log.wire().decoder(topic).decode(record.value());
                    if (command.getBackfillId().equals(id)) {
                        asked.add(command);
                    }
                }
            }
        }
        return asked;
    }

    /** What the engine would show of it. */
    private void shown(String id, BackfillState state) {
        api.log.write(
                api.log.topics().backfillStates(),
                id,
                Backfill.newBuilder()
                        .setBackfillId(id)
                        .setPipeline("etl")
                        .setVersion(1)
                        .setTriggerId("nightly")
                        .setFrom(Instant.parse("2025-03-01T00:00:00Z"))
                        .setTo(Instant.parse("2025-03-04T00:00:00Z"))
                        .setLimit(2)
                        .setTicks(3)
                        .setAsked(2)
                        .setSucceeded(1)
                        .setOpen(List.of("a-run"))
                        .setStartedAt(Instant.now())
                        .setState(state)
                        .setNextAt(Instant.parse("2025-03-03T01:30:00Z"))
                        .build());
        TestingApi.await(
                "the backfill to be " + state,
                () -> api.get("/api/v1/backfills/" + id)
                        .body()
                        .path("state")
                        .asText()
                        .equalsIgnoreCase(state.name()));
    }

    @Test
    void oneIsShownAndAsked() throws Exception {
        String id = api.postJson("/api/v1/backfills", ORDER).body().path("id").asText();
        shown(id, BackfillState.RUNNING);

        JsonNode backfill = api.get("/api/v1/backfills/" + id).body();
        assertThat(backfill.path("counts").path("asked").asLong()).isEqualTo(2);
        assertThat(backfill.path("counts").path("open").asLong()).isEqualTo(1);
        assertThat(backfill.path("open_runs").path(0).asText()).isEqualTo("a-run");
        assertThat(backfill.path("next_at").asText()).isEqualTo("2025-03-03T01:30:00.000Z");
        assertThat(api.get("/api/v1/backfills?pipeline=etl").body().path("backfills"))
                .anySatisfy(each -> assertThat(each.path("id").asText()).isEqualTo(id));
        assertThat(api.get("/api/v1/backfills?pipeline=two").body().path("backfills"))
                .isEmpty();

        for (String verb : List.of("pause", "resume", "cancel")) {
            assertThat(api.postJson("/api/v1/backfills/" + id + "/" + verb, "{\"by\":\"bob\",\"reason\":\"why\"}")
                            .status())
                    .isEqualTo(202);
        }
        assertThat(asked(id))
                .extracting(BackfillCommand::getType)
                .containsExactly(
                        BackfillCommandType.START,
                        BackfillCommandType.PAUSE,
                        BackfillCommandType.RESUME,
                        BackfillCommandType.CANCEL);
        assertThat(asked(id).get(1).getBy()).hasValue("bob");

        shown(id, BackfillState.CANCELLED);
        assertThat(api.postJson("/api/v1/backfills/" + id + "/cancel", "{}").status())
                .as("a repeat")
                .isEqualTo(202);
        assertThat(api.postJson("/api/v1/backfills/" + id + "/resume", "{}").problem(409, "backfill-is-over"))
                .contains("cancelled");
        assertThat(asked(id)).hasSize(4);
    }

    @Test
    void whatIsNotThereIsSaid() {
        api.get("/api/v1/backfills/none").problem(404, "unknown-backfill");
        api.postJson("/api/v1/backfills/none/pause", "{}").problem(404, "unknown-backfill");
        api.get("/api/v1/pipelines/none/ticks?" + MARCH).problem(404, "unknown-pipeline");
        api.get("/api/v1/pipelines/etl/ticks?trigger=daily&" + MARCH).problem(404, "unknown-trigger");
        api.postJson("/api/v1/backfills", ORDER.replace("etl", "none")).problem(404, "unknown-pipeline");
    }

    @Test
    void whatCannotBeBegunIsSaidInWords() {
        assertThat(invalid("plain", MARCH)).contains("has no schedule");
        assertThat(invalid("two", MARCH)).contains("several schedules: nightly, often", "\"trigger\"");
        assertThat(invalid("two", "trigger=after&" + MARCH)).contains("no schedule");
        assertThat(invalid("etl", "from=2025-03-04&to=2025-03-01")).contains("must be later");
        assertThat(invalid("etl", "from=2025-03-01&to=2025-03-01")).contains("must be later");
        assertThat(invalid("etl", "from=2025-03-01T03:00:00Z&to=2025-03-01T04:00:00Z"))
                .contains("has no ticks", "the next is 2025-03-02T01:30:00Z");
        assertThat(invalid("etl", "from=2025-03-01&to=" + Instant.now().plus(3, ChronoUnit.DAYS)))
                .contains("for the schedule itself");
        assertThat(invalid("two", "trigger=often&from=2000-01-01&to=2025-01-01"))
                .contains("more than 1000000 ticks");
        assertThat(api.get("/api/v1/pipelines/two/ticks?trigger=often&limit=1&from=2023-03-01&to=2025-01-01")
                        .body()
                        .path("total")
                        .asLong())
                .as("many are no trouble")
                .isEqualTo(672 * 24 * 60);
    }

    private String invalid(String pipeline, String query) {
        return api.get("/api/v1/pipelines/" + pipeline + "/ticks?" + query).problem(422, "invalid-backfill");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=yesterday&to=2025-03-01",
                "from=2025-03-01",
                "to=2025-03-01",
                "from=2025-03-01T00:00&to=2025-03-02",
                "from=2025-02-30&to=2025-03-02",
                "from=2025-03-01&to=2025-03-02&again=perhaps",
                "from=2025-03-01&to=2025-03-02&cursor=2",
                "from=2025-03-01&to=2025-03-02&limit=0",
                "from=2025-03-01&to=2025-03-02&pipeline=etl",
            })
    void badParametersAreRefused(String query) {
        api.get("/api/v1/pipelines/etl/ticks?" + query).problem(400, "invalid-parameter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"pipeline\":7}",
                "{\"pipeline\":\"etl\",\"limit\":0}",
                "{\"pipeline\":\"etl\",\"limit\":101}",
                "{\"pipeline\":\"etl\",\"limit\":1.5}",
                "{\"pipeline\":\"etl\",\"again\":\"yes\"}",
                "{\"pipeline\":\"etl\",\"from\":2025}",
                "{\"pipeline\":\"etl\",\"until\":\"2025-03-01\"}",
            })
    void malformedOrdersAreRefused(String body) {
        api.postJson("/api/v1/backfills", body).problem(400, "malformed-json");
    }
}
