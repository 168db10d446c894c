package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.coordinator.api.TestingApi.Reply;
import io.millrace.coordinator.query.TestingEvents;
import io.millrace.event.RunEventType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are too large for one answer, their tasks one by one, and answers that wait for a run's end. */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class TaskApiTest {
    private static final int ITEMS = 1_200;
    private static final String BIG = "00000000000000000000000b19";
    private static final String RUN = "/api/v1/runs/" + BIG;

    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
        assertThat(api.putYaml("big", """
                                id: big
                                tasks:
                                  - {id: split, shell: "true", queue: gpu}
                                  - {id: join, needs: [split], shell: "true"}
                                """).status()).isEqualTo(201);
        TestingEvents run = TestingEvents.aRun(BIG).of("big", 1).started().taskHasItems("split", ITEMS);
        run.taskExpanded(
                "split",
                IntStream.range(0, ITEMS).mapToObj(i -> "split[" + i + "]").toArray(String[]::new));
        run.taskStarted("split[17]", 1, 1, "w1")
                .taskRetried("split[17]", 1, 1, Duration.ofSeconds(5))
                .taskQueued("split[17]", 2, 1)
                .taskStarted("split[17]", 2, 1, "w1")
                .taskSucceeded("split[17]", 2, 1, "{\"rows\":\"" + "x".repeat(20_000) + "\"}")
                .taskStarted("split[18]", 1, 1, "w2")
                .taskFailed("split[18]", 1, 1);
        api.log.write(run.events());
        TestingApi.await("the run", () -> api.history.summary(BIG).isPresent());
        TestingApi.await("all of it", () -> !tasks("status=failed").isEmpty());
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @Test
    void aLargeRunIsShownWithItsFirstTasksAndTheRestInPages() {
        Reply shown = api.get(RUN);

        assertThat(shown.response().body().length).isLessThan(300_000);
        assertThat(shown.body().path("task_counts").path("queued").asInt()).isEqualTo(ITEMS - 2);
        assertThat(shown.body().path("task_counts").path("succeeded").asInt()).isEqualTo(1);
        assertThat(shown.body().path("task_counts").path("deferred").asInt()).isEqualTo(1);
        List<String> ids = ids(shown.body());
        String next = shown.body().path("tasks_next").asText();
        while (!next.equals("null")) {
            JsonNode page = api.get(RUN + "/tasks?limit=500&cursor=" + next).body();
            ids.addAll(ids(page));
            next = page.path("next").asText();
        }

        List<String> expected = new ArrayList<>(List.of("split", "join"));
        IntStream.range(0, ITEMS).forEach(i -> expected.add("split[" + i + "]"));
        assertThat(ids).containsExactlyElementsOf(expected);
    }

    @Test
    void tasksAreFilteredByStateAndByTheTaskThatHasThem() {
        assertThat(tasks("status=failed,succeeded")).containsExactly("split[17]", "split[18]");
        assertThat(tasks("item_of=split&status=deferred")).isEmpty();
        assertThat(tasks("item_of=split&limit=2")).containsExactly("split[0]", "split[1]");
        assertThat(tasks("item_of=nothing")).isEmpty();
    }

    @Test
    void anItemIsShownWithItsWholeOutputAndAListLeavesLargeOutputsOut() {
        JsonNode item = api.get(RUN + "/tasks/split%5B17%5D").body();

        assertThat(item.path("item_of").asText()).isEqualTo("split");
        assertThat(item.path("item").asInt()).isEqualTo(17);
        assertThat(item.path("queue").asText()).isEqualTo("gpu");
        assertThat(item.path("output").path("rows").asText()).hasSize(20_000);
        assertThat(item.path("output_bytes").asInt()).isEqualTo(20_011);

        JsonNode listed =
                api.get(RUN + "/tasks?status=succeeded").body().path("tasks").get(0);
        assertThat(listed.path("output").isNull()).isTrue();
        assertThat(listed.path("output_bytes").asInt()).isEqualTo(20_011);

        JsonNode attempts =
                api.get(RUN + "/tasks/split%5B17%5D/attempts").body().path("attempts");
        assertThat(attempts)
                .extracting(attempt -> attempt.path("status").asText())
                .containsExactly("failed", "succeeded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "split%5B1200%5D", "split%5B-1%5D", "split%5B017%5D", "%5B%5D", "%00"})
    void aTaskThatThereIsNotIsAProblem(String task) {
        api.get(RUN + "/tasks/" + task).problem(404, "unknown-task");
        api.get(RUN + "/tasks/" + task + "/attempts").problem(404, "unknown-task");
    }

    @Test
    void theTasksOfAnUnknownRunAreAProblem() {
        api.get("/api/v1/runs/none/tasks").problem(404, "unknown-run");
        api.get("/api/v1/runs/none/tasks/split").problem(404, "unknown-run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status=done", "status=failed,", "limit=0", "state=failed", "status=FAILED", "limit=501"})
    void parametersThatAreNotAllowedAreRefused(String query) {
        assertThat(api.get(RUN + "/tasks?" + query).problem(400, "invalid-parameter"))
                .contains("allowed");
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        String next = api.get(RUN + "/tasks?limit=1").body().path("next").asText();

        api.get(RUN + "/tasks?status=failed&cursor=" + next).problem(400, "invalid-cursor");
        api.get(RUN + "/events?cursor=" + next).problem(400, "invalid-cursor");
        api.get(RUN + "/tasks?cursor=x").problem(400, "invalid-cursor");
    }

    @Test
    void anAnswerWaitsForTheEndOfTheRun() throws Exception {
        String location = startedRun();
        CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(() -> api.get(location + "?wait=45s"));
        CompletableFuture<Reply> another = CompletableFuture.supplyAsync(() -> api.get(location + "?wait=45s"));
        assertThat(api.get(location + "?wait=20ms").body().path("status").asText())
                .as("its time is up before the end")
                .isEqualTo("running");

        api.starter.end(location.substring(location.lastIndexOf('/') + 1), RunEventType.RUN_SUCCEEDED, "");

        assertThat(waiting.get(30, TimeUnit.SECONDS).body().path("status").asText())
                .isEqualTo("succeeded");
        assertThat(another.get(30, TimeUnit.SECONDS).body().path("status").asText())
                .isEqualTo("succeeded");
    }

    @Test
    void aRunIsStartedAndItsEndWaitedForInOneRequest() {
        String key = "wait-1";
        String location = api.postJson("/api/v1/pipelines/big/runs", "{}", "Idempotency-Key", key)
                .header("location")
                .orElseThrow();
        api.starter.end(location.substring(location.lastIndexOf('/') + 1), RunEventType.RUN_FAILED, "no luck");

        Reply ended = api.postJson("/api/v1/pipelines/big/runs?wait=45s", "{}", "Idempotency-Key", key);

        assertThat(ended.status()).isEqualTo(200);
        assertThat(ended.header("location")).contains(location);
        assertThat(ended.body().path("status").asText()).isEqualTo("failed");
        assertThat(ended.body().path("reason").asText()).isEqualTo("no luck");
        assertThat(api.get("/api/v1/runs?idempotency_key=" + key).body().path("runs"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "51s", "-1s", "1h", "s", "99999999999s"})
    void aWaitThatIsNotAllowedIsRefused(String wait) {
        assertThat(api.get(RUN + "?wait=" + wait).problem(400, "invalid-parameter"))
                .contains("50s");
    }

    private String startedRun() {
        return api.postJson("/api/v1/pipelines/big/runs", "{}")
                .header("location")
                .orElseThrow();
    }

    private List<String> tasks(String query) {
        return ids(api.get(RUN + "/tasks?" + query).body());
    }

    private static List<String> ids(JsonNode body) {
        List<String> ids = new ArrayList<>();
        body.path("tasks").forEach(task -> ids.add(task.path("id").asText()));
        return ids;
    }
}
