package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.coordinator.api.TestingApi.Reply;
import io.millrace.coordinator.catalogue.IntakeOverloadedException;
import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.coordinator.query.TestingEvents;
import io.millrace.event.RunEventType;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class RunApiTest {
    private static final String START = "/api/v1/pipelines/etl/runs";

    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
        assertThat(api.putYaml("etl", """
                                id: etl
                                inputs:
                                  customer: {type: string, default: all}
                                  top: {type: integer, default: 3}
                                tasks:
                                  - {id: load, shell: "true"}
                                  - {id: train, needs: [load], python: {code: pass}}
                                """).status()).isEqualTo(201);
    }

    @AfterEach
    void heal() {
        api.starter.failWith(null);
        api.extraChecks.clear();
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @Test
    void aRunIsAcceptedAndShownAtOnce() {
        Reply accepted = api.postJson(START, "{\"inputs\":{\"customer\":\"c7\"}}", "User-Agent", "shop/1.0");

        assertThat(accepted.status()).isEqualTo(202);
        String id = accepted.body().path("id").asText();
        assertThat(accepted.header("location")).contains("/api/v1/runs/" + id);
        assertThat(accepted.body().path("location").asText()).isEqualTo("/api/v1/runs/" + id);
        assertThat(accepted.body().path("pipeline").asText()).isEqualTo("etl");
        assertThat(accepted.body().path("version").asInt()).isEqualTo(1);
        assertThat(api.starter.lastSource()).isEqualTo("shop/1.0");

        Reply shown = api.get("/api/v1/runs/" + id);
        assertThat(shown.status()).as(shown.body().toString()).isEqualTo(200);
        JsonNode run = shown.body();
        assertThat(run.path("status").asText()).isEqualTo("running");
        assertThat(run.path("inputs").toString()).isEqualTo("{\"customer\":\"c7\",\"top\":3}");
        assertThat(run.path("tasks_total").asInt()).isEqualTo(2);
        assertThat(run.path("ended_at").isNull()).isTrue();
        assertThat(run.path("trigger").toString())
                .isEqualTo("{\"kind\":\"api\",\"source\":\"shop/1.0\",\"idempotency_key\":null,\"topic\":null,"
                        + "\"partition\":null,\"offset\":null,\"parent_run\":null,\"parent_task\":null,"
                        + "\"trigger\":null,\"logical_time\":null}");
        assertThat(run.path("tasks")).hasSize(2);
        JsonNode load = run.path("tasks").get(0);
        assertThat(load.path("status").asText()).isEqualTo("queued");
        assertThat(load.path("attempts").get(0).path("status").asText()).isEqualTo("dispatched");
        JsonNode train = run.path("tasks").get(1);
        assertThat(fieldNames(train))
                .containsExactly(
                        "id",
                        "item_of",
                        "item",
                        "needs",
                        "kind",
                        "queue",
                        "status",
                        "attempt",
                        "epoch",
                        "worker",
                        "queued_at",
                        "started_at",
                        "ended_at",
                        "output",
                        "output_bytes",
                        "failure",
                        "reason",
                        "due_at",
                        "deferral",
                        "progress",
                        "logs",
                        "attempts");
        assertThat(train.path("status").asText()).isEqualTo("waiting");
        assertThat(train.path("kind").asText()).isEqualTo("python");
        assertThat(train.path("needs").toString()).isEqualTo("[\"load\"]");
    }

    @Test
    void withoutABodyTheInputsAreTheDefaults() {
        Reply accepted = api.send(api.request(START).POST(BodyPublishers.noBody()));

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(api.get(accepted.body().path("location").asText())
                        .body()
                        .path("inputs")
                        .path("customer")
                        .asText())
                .isEqualTo("all");
    }

    @Test
    void aRepeatWithTheSameKeyAnswersTheSameRun() {
        Reply first = api.postJson(START, "{}", "Idempotency-Key", "order 7");
        Reply second = api.postJson(START, "{}", "Idempotency-Key", "order 7");
        Reply other = api.postJson(START, "{}", "Idempotency-Key", "order 8");

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(other.body().path("id")).isNotEqualTo(first.body().path("id"));
        assertThat(api.get(first.body().path("location").asText())
                        .body()
                        .path("trigger")
                        .path("idempotency_key")
                        .asText())
                .isEqualTo("order 7");
    }

    @Test
    void keysThatAreNotAllowedAreRefused() {
        for (String key : List.of("", "x".repeat(256), "tab\there", "ümlaut")) {
            Reply reply = rawStart(key);
            assertThat(reply.problem(400, "invalid-idempotency-key")).contains("1 to 255 printable");
        }
        assertThat(api.postJson(START, "{}", "Idempotency-Key", "x".repeat(255)).status())
                .isEqualTo(202);
        api.postJson(START, "{}", "Idempotency-Key", "a", "Idempotency-Key", "b")
                .problem(400, "invalid-idempotency-key");
    }

    /** The client of the JDK refuses to send some of these, so they are sent by hand. */
    private Reply rawStart(String key) {
        try {
            String answer = api.raw("POST " + START + " HTTP/1.1\r\nHost: x\r\nIdempotency-Key: " + key
                    + "\r\nContent-Length: 0\r\n\r\n");
            int status = Integer.parseInt(answer.substring(9, 12));
            JsonNode body = new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
            return new RawReply(status, body).asReply(api);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private record RawReply(int status, JsonNode body) {
        Reply asReply(TestingApi api) {
            return new Reply(status, api.get("/api/v1/runs/none").response(), body);
        }
    }

    @Test
    void inputsThatDoNotFitAreRefusedWithASentenceEach() {
        Reply reply = api.postJson(START, "{\"inputs\":{\"top\":\"three\",\"custmer\":\"x\"}}");

        String detail = reply.problem(422, "invalid-inputs");
        assertThat(reply.body().path("problems")).hasSize(2);
        assertThat(detail).contains("top").contains("custmer").contains("customer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"inputs\":[]}",
                "{\"inputs\":\"x\"}",
                "{\"input\":{}}",
                "[]",
                "null",
                "{\"inputs\":{\"a\":1,\"a\":2}}",
                "{\"inputs\":{\"a\":NaN}}",
                "\u0000",
                "{\"inputs\":{}}{\"inputs\":{}}"
            })
    void bodiesThatAreNotTheJsonExpectedAreRefused(String body) {
        api.postJson(START, body).problem(400, "malformed-json");
    }

    @Test
    void inputsOverTheLimitAreRefusedWithIt() {
        String large = "{\"inputs\":{\"customer\":\"" + "x".repeat(256 << 10) + "\"}}";
        assertThat(api.postJson(START, large).problem(413, "too-large")).contains("262144");

        String larger = "{\"inputs\":{\"customer\":\"" + "x".repeat(1 << 20) + "\"}}";
        assertThat(api.postJson(START, larger).problem(413, "too-large")).contains("1048576");
    }

    @Test
    void anUnknownPipelineCannotBeStarted() {
        assertThat(api.postJson("/api/v1/pipelines/none/runs", "{}").problem(404, "unknown-pipeline"))
                .contains("\"none\"");
        api.postJson("/api/v1/pipelines/No-Id/runs", "{}").problem(404, "unknown-pipeline");
    }

    @Test
    void overloadAndAnAbsentKafkaAreToldApart() {
        api.starter.failWith(
                new IntakeOverloadedException("too many commands are under way", Duration.ofMillis(2_500)));
        Reply overloaded = api.postJson(START, "{}");
        overloaded.problem(429, "overloaded");
        assertThat(overloaded.header("retry-after")).contains("3");

        api.starter.failWith(new IntakeUnavailableException("Kafka did not acknowledge", new TimeoutException()));
        Reply unavailable = api.postJson(START, "{}");
        assertThat(unavailable.problem(503, "unavailable")).contains("Kafka did not acknowledge");
        assertThat(unavailable.header("retry-after")).isPresent();
    }

    @Test
    void whatNobodyExpectedIsAnsweredWithoutInternals() {
        api.starter.failWith(new IllegalStateException("password=hunter2 at Secret.java:7"));

        Reply reply = api.postJson(START, "{}");

        String detail = reply.problem(500, "internal-error");
        assertThat(reply.body().toString()).doesNotContain("hunter2").doesNotContain("IllegalState");
        assertThat(detail).contains(reply.body().path("error_id").asText());
        assertThat(reply.body().path("error_id").asText()).matches("[0-9a-f-]{36}");
    }

    @Test
    void aRunIsCancelled() {
        String id = api.postJson(START, "{}").body().path("id").asText();

        Reply cancelled = api.postJson("/api/v1/runs/" + id + "/cancel", "{\"reason\":\"by hand\"}");
        assertThat(cancelled.status()).as(cancelled.body().toString()).isEqualTo(202);
        TestingApi.await("the end", () -> status(id).equals("cancelled"));
        assertThat(api.get("/api/v1/runs/" + id).body().path("reason").asText()).isEqualTo("by hand");

        assertThat(api.postJson("/api/v1/runs/" + id + "/cancel", "{}").status())
                .as("again")
                .isEqualTo(202);
    }

    @Test
    void aRunThatEndedCannotBeCancelled() {
        String id = api.postJson(START, "{}").body().path("id").asText();
        api.starter.end(id, RunEventType.RUN_SUCCEEDED, "");
        TestingApi.await("the end", () -> status(id).equals("succeeded"));

        assertThat(api.postJson("/api/v1/runs/" + id + "/cancel", "{}").problem(409, "run-has-ended"))
                .contains("succeeded");
        api.postJson("/api/v1/runs/" + id + "/cancel", "{\"reason\":7}").problem(400, "malformed-json");
        api.postJson("/api/v1/runs/unknown/cancel", "{}").problem(404, "unknown-run");
    }

    @Test
    void theAuditLogOfARunIsShownAsItIs() {
        TestingEvents run = TestingEvents.aRun("0000000000000000000000aud1")
                .started("load")
                .taskStarted("load", 1, 1, "w1")
                .taskRetried("load", 1, 1, Duration.ofSeconds(5))
                .taskQueued("load", 2, 1)
                .taskStarted("load", 2, 1, "w1")
                .taskSucceeded("load", 2, 1, "{\"n\":1.50}", "train")
                .lateReportRejected("load");
        api.log.write(run.events());
        TestingApi.await("the run", () -> api.history.summary(run.id()).isPresent());

        Reply reply = api.get("/api/v1/runs/" + run.id() + "/events");
        assertThat(new String(reply.response().body(), UTF_8))
                .as("numbers keep every digit")
                .contains("\"output\":{\"n\":1.50}");
        JsonNode events = reply.body().path("events");
        assertThat(events).hasSize(7);
        assertThat(events.get(0).path("type").asText()).isEqualTo("run_started");
        assertThat(events.get(0).path("at").asText()).isEqualTo("2026-03-01T12:00:00.000Z");
        assertThat(events.get(0).path("inputs").path("customer").asText()).isEqualTo("all");
        assertThat(events.get(0).path("trigger").path("kind").asText()).isEqualTo("api");
        assertThat(events.get(2).path("failure").path("kind").asText()).isEqualTo("exit");
        assertThat(events.get(2).path("due_at").asText()).isEqualTo("2026-03-01T12:00:07.000Z");
        assertThat(events.get(5).path("dispatched").toString()).isEqualTo("[\"train\"]");
        assertThat(events.get(6).path("sequence").asInt()).isZero();
        assertThat(events.get(6).path("position").path("topic").asText()).endsWith("run-events");
        assertThat(events.get(6).path("position").path("offset").asLong())
                .isGreaterThan(events.get(0).path("position").path("offset").asLong());

        JsonNode load = api.get("/api/v1/runs/" + run.id()).body().path("tasks").get(0);
        assertThat(load.path("output").path("n").asDouble()).isEqualTo(1.5);
        assertThat(load.path("attempts")).hasSize(2);
        assertThat(load.path("attempts").get(0).path("failure").toString())
                .isEqualTo("{\"kind\":\"exit\",\"message\":\"exit code 1\",\"exit_code\":1,\"signal\":null,"
                        + "\"stderr_tail\":[\"boom\"],\"status\":null,\"retry_after_millis\":null,\"retryable\":true}");
        assertThat(load.path("logs").toString())
                .isEqualTo("{\"partition\":1,\"first_offset\":10,\"last_offset\":12,\"lines\":4,\"truncated\":false}");
    }

    @Test
    void runsAreListedInPages() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            TestingEvents run = TestingEvents.aRun("page%022d".formatted(i))
                    .of("paged", 1)
                    .from(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i * 60L))
                    .started("a");
            api.log.write((i % 2 == 0 ? run.runSucceeded() : run).events());
            expected.add(0, run.id());
        }
        TestingApi.await(
                "the last run", () -> api.history.summary(expected.get(0)).isPresent());
        TestingApi.await("the end of the log", () -> api.history.lag() == 0);

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get("/api/v1/runs?pipeline=paged&limit=3&cursor=" + cursor)
                    .body();
            page.path("runs").forEach(run -> listed.add(run.path("id").asText()));
            cursor = page.path("next").asText("");
            assertThat(page.path("next").isNull()).isEqualTo(cursor.equals("null") || cursor.isEmpty());
        } while (!cursor.isEmpty() && !cursor.equals("null"));
        assertThat(listed).containsExactlyElementsOf(expected);

        assertThat(api.get("/api/v1/runs?pipeline=paged&status=running").body().path("runs"))
                .hasSize(3);
        assertThat(api.get("/api/v1/runs?pipeline=none").body().toString()).isEqualTo("{\"runs\":[],\"next\":null}");
        String next = api.get("/api/v1/runs?pipeline=paged&limit=1")
                .body()
                .path("next")
                .asText();
        api.get("/api/v1/runs?limit=1&cursor=" + next).problem(400, "invalid-cursor");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=501",
                "limit=x",
                "limit=",
                "status=done",
                "status=RUNNING",
                "pipeline=A",
                "stauts=failed",
                "limit=1&limit=2"
            })
    void parametersThatAreNotAllowedAreRefusedWithWhatIs(String query) {
        Reply reply = api.get("/api/v1/runs?" + query);
        if (query.equals("limit=")) {
            assertThat(reply.status()).as("empty is not given").isEqualTo(200);
        } else {
            assertThat(reply.problem(400, "invalid-parameter")).contains("allowed");
        }
    }

    @Test
    void aCursorThatIsNoneIsRefused() {
        api.get("/api/v1/runs?cursor=abc").problem(400, "invalid-cursor");
    }

    @Test
    void unknownRunsAreNotFound() {
        api.get("/api/v1/runs/nope").problem(404, "unknown-run");
        api.get("/api/v1/runs/nope/events").problem(404, "unknown-run");
    }

    @Test
    void healthAndInfoAreTold() {
        assertThat(api.get("/livez").status()).isEqualTo(200);
        assertThat(api.get("/readyz").body().toString())
                .isEqualTo("{\"status\":\"ok\",\"checks\":[{\"name\":\"extra\",\"status\":\"ok\",\"detail\":null}]}");

        api.extraChecks.add(new ReadinessCheck("x", () -> Optional.of("Kafka is away")));
        Reply failing = api.get("/readyz");
        assertThat(failing.status()).isEqualTo(503);
        assertThat(failing.body().path("checks").get(0).path("detail").asText()).isEqualTo("Kafka is away");

        api.extraChecks.clear();
        api.extraChecks.add(new ReadinessCheck("x", () -> {
            throw new IllegalStateException("password=hunter2");
        }));
        Reply broken = api.get("/readyz");
        assertThat(broken.status()).isEqualTo(503);
        assertThat(broken.body().toString()).doesNotContain("hunter2");

        JsonNode info = api.get("/api/v1/info").body();
        assertThat(info.path("version").asText()).isEqualTo("1.2.3");
        assertThat(info.path("instance").asText()).isEqualTo("c1");
        assertThat(info.path("kafka").path("bootstrap_servers").asText())
                .isEqualTo(api.log.access().bootstrapServers());
        assertThat(info.path("registry_url").asText()).isEqualTo("http://127.0.0.1:8081");
    }

    private String status(String run) {
        return api.get("/api/v1/runs/" + run).body().path("status").asText();
    }

    private static List<String> fieldNames(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
