package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.WatchState;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class TriggerApiTest {
    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
        api.putYaml("etl", """
                id: etl
                triggers:
                  - {id: nightly, schedule: {cron: 30 2 * * *, timezone: Europe/Berlin}}
                  - {id: often, schedule: {every: 15m}}
                tasks:
                  - {id: a, shell: "true"}
                """);
        api.putYaml("plain", "id: plain\ntasks:\n  - {id: a, shell: \"true\"}\n");
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    private JsonNode trigger(String id) {
        return trigger("etl", id);
    }

    private JsonNode trigger(String pipeline, String id) {
        for (JsonNode trigger :
                api.get("/api/v1/triggers?pipeline=" + pipeline).body().path("triggers")) {
            if (trigger.path("trigger").asText().equals(id)) {
                return trigger;
            }
        }
        throw new AssertionError("no trigger " + id);
    }

    private void awaitPaused(String id, boolean paused) {
        TestingApi.await(
                id + " paused: " + paused, () -> trigger(id).path("paused").isObject() == paused);
    }

    @Test
    void triggersAreListedWithWhatTheyDoAndWhenTheyFireNext() {
        JsonNode all = api.get("/api/v1/triggers?pipeline=etl").body().path("triggers");
        assertThat(all).hasSize(2);
        assertThat(api.get("/api/v1/triggers").body().path("triggers")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(trigger("nightly").path("schedule").asText()).isEqualTo("30 2 * * * (Europe/Berlin)");
        assertThat(trigger("often").path("schedule").asText()).isEqualTo("every 15m");
        assertThat(trigger("often").path("kind").asText()).isEqualTo("schedule");
        assertThat(Instant.parse(trigger("often").path("next_at").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(960));
        assertThat(api.get("/api/v1/triggers?pipeline=plain").body().path("triggers"))
                .isEmpty();
        api.get("/api/v1/triggers?pipeline=unknown").problem(404, "unknown-pipeline");
        api.get("/api/v1/triggers?kind=all").problem(400, "invalid-parameter");
    }

    @Test
    void whoWatchesADirectoryIsShownWithWhatIsWrongThere() {
        api.putYaml("load", """
                id: load
                triggers:
                  - {id: drop, files: {directory: /data/in, pattern: "**/*.csv", queue: disks}}
                tasks:
                  - {id: a, shell: "true"}
                """);
        JsonNode drop = trigger("load", "drop");
        assertThat(drop.path("kind").asText()).isEqualTo("files");
        assertThat(drop.path("directory").asText()).isEqualTo("/data/in");
        assertThat(drop.path("pattern").asText()).isEqualTo("**/*.csv");
        assertThat(drop.path("queue").asText()).isEqualTo("disks");
        assertThat(drop.path("watched_by").isArray()).isTrue();
        assertThat(drop.path("watched_by")).isEmpty();

        watches("w1", WorkerState.RUNNING, 17, null);
        watches("w2", WorkerState.RUNNING, 0, "there is no directory /data/in");
        watches("w3", WorkerState.STOPPED, 17, null);
        TestingApi.await("the workers", () -> api.workers.worker("w3").isPresent());
        assertThat(trigger("load", "drop").path("watched_by").toString())
                .isEqualTo("[{\"worker\":\"w1\",\"files\":17,\"trouble\":null},"
                        + "{\"worker\":\"w2\",\"files\":0,\"trouble\":\"there is no directory /data/in\"}]");
    }

    private void watches(String worker, WorkerState state, int files, @Nullable String trouble) {
        List<WatchState> watches = Stream.of("drop", "another")
                .map(trigger -> WatchState.newBuilder()
                        .setPipeline("load")
                        .setTrigger(trigger)
                        .setFiles(files)
                        .setTrouble(trouble)
                        .build())
                .toList();
        api.log.write(
                api.log.topics().workerHeartbeats(),
                worker,
                WorkerHeartbeat.newBuilder()
                        .setWorker(worker)
                        .setIncarnation("0001")
                        .setState(state)
                        .setAt(Instant.now())
                        .setWatches(watches)
                        .build());
    }

    @Test
    void oneIsPausedAndGoesOn() {
        JsonNode answer = api.postJson(
                        "/api/v1/pipelines/etl/pause",
                        "{\"trigger\":\"nightly\",\"reason\":\"the warehouse is being moved\",\"by\":\"ada\"}")
                .body();
        assertThat(answer.toString()).isEqualTo("{\"pipeline\":\"etl\",\"trigger\":\"nightly\",\"paused\":true}");
        awaitPaused("nightly", true);
        JsonNode pause = trigger("nightly").path("paused");
        assertThat(pause.path("by").asText()).isEqualTo("ada");
        assertThat(pause.path("reason").asText()).isEqualTo("the warehouse is being moved");
        assertThat(pause.path("whole_pipeline").asBoolean()).isFalse();
        assertThat(trigger("nightly").path("next_at").isNull()).isTrue();
        assertThat(trigger("often").path("paused").isNull()).isTrue();

        api.postJson("/api/v1/pipelines/etl/resume", "{\"trigger\":\"nightly\"}");
        awaitPaused("nightly", false);
        assertThat(trigger("nightly").path("next_at").isTextual()).isTrue();
    }

    @Test
    void allOfAPipelineArePaused() {
        assertThat(api.postJson("/api/v1/pipelines/etl/pause", "{}").status()).isEqualTo(200);
        awaitPaused("often", true);
        assertThat(trigger("nightly").path("paused").path("whole_pipeline").asBoolean())
                .isTrue();
        api.postJson("/api/v1/pipelines/etl/resume", "{}");
        awaitPaused("often", false);
    }

    @Test
    void whatIsNotThereCannotBePaused() {
        api.postJson("/api/v1/pipelines/unknown/pause", "{}").problem(404, "unknown-pipeline");
        api.postJson("/api/v1/pipelines/No-Id/resume", "{}").problem(404, "unknown-pipeline");
        api.postJson("/api/v1/pipelines/etl/pause", "{\"trigger\":\"daily\"}").problem(404, "unknown-trigger");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"trigger\":7}",
                "{\"trigger\":[\"nightly\"]}",
                "{\"reason\":{}}",
                "{\"until\":\"tomorrow\"}",
                "{\"by\":\"a\",\"by\":\"b\"}",
                "nightly",
            })
    void malformedBodiesAreRefused(String body) {
        api.postJson("/api/v1/pipelines/etl/pause", body).problem(400, "malformed-json");
        assertThat(trigger("nightly").path("paused").path("by").isTextual()).isFalse();
    }
}
