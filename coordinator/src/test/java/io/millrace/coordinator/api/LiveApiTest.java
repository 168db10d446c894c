package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.coordinator.api.EventStreamReader.Event;
import io.millrace.coordinator.api.TestingApi.Reply;
import io.millrace.coordinator.catalogue.TestingLog;
import io.millrace.coordinator.query.TestingEvents;
import io.millrace.event.Cause;
import io.millrace.event.CauseKind;
import io.millrace.event.LogLine;
import io.millrace.event.LogPosition;
import io.millrace.event.LogStream;
import io.millrace.event.RunEvent;
import io.millrace.event.TaskLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown as it happens, and goes on where it was after a lost connection; logs; and reading one's own writes. */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class LiveApiTest {
    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @Test
    void aRunIsFollowedToItsEnd() {
        TestingEvents run = TestingEvents.aRun("live1").ofOneTask();
        api.log.write(run.events().subList(0, 2));
        await(run, 2);
        try (EventStreamReader reader = follow("/api/v1/runs/live1/events", Optional.empty())) {
            assertThat(reader.until(event -> event.id().equals("2")))
                    .extracting(Event::type)
                    .containsExactly("run_started", "task_started");
            api.log.write(run.events().subList(2, 4));
            List<Event> rest = reader.until(event -> false);
            assertThat(rest).extracting(Event::id).containsExactly("3", "4");
            assertThat(rest.get(1).data())
                    .contains("\"type\":\"run_succeeded\"")
                    .contains("\"position\":{");
        }
        try (EventStreamReader again = follow("/api/v1/runs/live1/events", Optional.of("3"))) {
            assertThat(again.until(event -> false)).extracting(Event::id).containsExactly("4");
        }
        try (EventStreamReader over = follow("/api/v1/runs/live1/events", Optional.of("4"))) {
            assertThat(over.status)
                    .as("a browser does not come back after this")
                    .isEqualTo(204);
        }
    }

    @Test
    void allEventsGoOnAfterALostConnectionWithoutGapOrRepeat() {
        List<String> seen = new ArrayList<>();
        Optional<String> last = Optional.empty();
        String path = "/api/v1/events?pipeline=live_all&from=start";
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 10; i++) {
                api.log.write(TestingEvents.aRun("all" + round + "x" + i)
                        .of("live_all", 1)
                        .from(Instant.now())
                        .ofOneTask()
                        .events());
            }
            try (EventStreamReader reader = follow(path, last)) {
                for (int i = 0; i < 40 - round; i++) {
                    Event event = reader.next().orElseThrow();
                    seen.add(event.data().replaceAll(".*\"run_id\":\"([^\"]*)\".*\"sequence\":([0-9]+).*", "$1/$2"));
                    last = Optional.of(event.id());
                }
            }
        }
        try (EventStreamReader reader = follow(path, last)) {
            while (seen.size() < 240) {
                Event event = reader.next().orElseThrow();
                seen.add(event.data().replaceAll(".*\"run_id\":\"([^\"]*)\".*\"sequence\":([0-9]+).*", "$1/$2"));
            }
        }

        assertThat(seen).doesNotHaveDuplicates().hasSize(240);
        for (int i = 0; i < 10; i++) {
            String run = "all3x" + i + "/";
            assertThat(seen.stream().filter(event -> event.startsWith(run)))
                    .as("in the order of the run")
                    .containsExactly(run + 1, run + 2, run + 3, run + 4);
        }
    }

    @Test
    void aStreamBeginsNowAndIsFilteredByType() {
        api.log.write(TestingEvents.aRun("before1").ofOneTask().events());
        TestingApi.await("it", () -> api.history.summary("before1").isPresent());
        try (EventStreamReader reader = follow("/api/v1/events?type=run_failed,run_cancelled", Optional.empty())) {
            api.log.write(TestingEvents.aRun("after1").ofOneTask().events());
            api.log.write(
                    TestingEvents.aRun("after2").started("a").runFailed("x").events());
            assertThat(reader.next().orElseThrow().data()).contains("\"run_id\":\"after2\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0", "0:", ":1", "0:1,", "0:-1", "0:1;1:2", "0:9999999999999999999"})
    void anEventIdThatWasNotGivenOutIsRefused(String id) {
        api.send(api.request("/api/v1/events").header("Last-Event-ID", id).GET())
                .problem(400, "invalid-parameter");
    }

    @Test
    void streamsOfWhatThereIsNotAreProblems() {
        api.get("/api/v1/events?type=done").problem(400, "invalid-parameter");
        api.get("/api/v1/events?stauts=x").problem(400, "invalid-parameter");
        api.send(api.request("/api/v1/runs/none/events")
                        .header("Accept", "text/event-stream")
                        .GET())
                .problem(404, "unknown-run");
    }

    @Test
    void onlySoManyStreamsAreOpenAtATime() throws Exception {
        List<RawConnection> open = new ArrayList<>();
        try {
            TestingApi.await("the limit", () -> {
                open.add(stream());
                return open.size() >= LiveStreams.MOST
                        && api.send(api.request("/api/v1/events?from=then").GET())
                                        .status()
                                == 429;
            });
            assertThat(open).hasSizeLessThan(LiveStreams.MOST + 20);
            Reply refused = api.send(api.request("/api/v1/events").GET());
            refused.problem(429, "overloaded");
            assertThat(refused.header("retry-after")).isPresent();
            assertThat(api.get("/api/v1/runs").status()).isEqualTo(200);
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
        TestingApi.await(
                "places again",
                () -> api.send(api.request("/api/v1/events?from=then").GET()).status() == 400);
    }

    /** One that is open when this returns. */
    private RawConnection stream() {
        try {
            RawConnection connection = new RawConnection(api.server.port());
            connection.send("GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
            return connection;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theLinesOfATaskAreReadInPagesAndFollowed() {
        String key = "log1/a";
        TestingEvents run =
                TestingEvents.aRun("log1").from(Instant.now()).started("a").taskStarted("a", 1, 1, "w1");
        api.log.write(run.events());
        await(run, 2);
        lines("log1", "a", 1, "one", "two");
        lines("log1", "b", 1, "of another task");
        lines("log1", "a", 2, "of another attempt");
        lines("log1", "a", 1, "three");

        String path = "/api/v1/runs/log1/tasks/a/logs";
        JsonNode first = api.get(path + "?limit=1").body();
        assertThat(texts(first)).containsExactly("one");
        assertThat(first.path("complete").asBoolean()).isFalse();
        JsonNode second = api.get(path + "?from=" + first.path("next").asText()).body();
        assertThat(texts(second)).containsExactly("two", "three");
        assertThat(second.path("lines").get(0).path("stream").asText()).isEqualTo("stdout");
        assertThat(texts(api.get(path + "?from=" + second.path("next").asText()).body()))
                .isEmpty();

        int partition = Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % TestingLog.PARTITIONS;
        try (EventStreamReader reader = follow(path, Optional.empty())) {
            assertThat(reader.next().orElseThrow().data()).contains("\"one\"");
            String id = reader.next().orElseThrow().id();
            lines("log1", "a", 1, "four");
            assertThat(reader.until(event -> event.data().contains("four"))).hasSize(2);
            long end = Long.parseLong(api.get(path).body().path("next").asText().split("[.]", -1)[0]);
            RunEvent done = run.taskSucceeded("a", 1, 1, "{}").events().get(2);
            api.log.write(List.of(RunEvent.newBuilder(done)
                    .setLogs(LogPosition.newBuilder()
                            .setPartition(partition)
                            .setFirstOffset(0L)
                            .setLastOffset(end - 2)
                            .setLines(4)
                            .build())
                    .build()));
            assertThat(reader.until(event -> false))
                    .as("the stream ends with the attempt")
                    .isEmpty();
            try (EventStreamReader again = follow(path, Optional.of(id))) {
                assertThat(again.until(event -> false)).hasSize(2);
            }
        }
        JsonNode whole = api.get(path + "?attempt=1&epoch=1").body();
        assertThat(texts(whole)).containsExactly("one", "two", "three", "four");
        assertThat(whole.path("complete").asBoolean()).isTrue();
        api.get(path + "?attempt=2").problem(404, "unknown-attempt");
        api.get(path + "?from=x").problem(400, "invalid-parameter");
        api.get(path + "?limit=5001").problem(400, "invalid-parameter");
        api.get("/api/v1/runs/log1/tasks/none/logs").problem(404, "unknown-task");
    }

    @Test
    void whoeverWroteReadsWhatWasWritten() throws Exception {
        Reply applied = api.putYaml("mine", "id: mine\ntasks:\n  - {id: a, shell: \"true\"}\n");
        String token = applied.header("millrace-token").orElseThrow();
        assertThat(withToken("/api/v1/pipelines/mine", token).status()).isEqualTo(200);

        for (int i = 0; i < 20; i++) {
            Reply started = api.postJson("/api/v1/pipelines/mine/runs", "{}");
            Reply list = withToken(
                    "/api/v1/runs?pipeline=mine&limit=1",
                    started.header("millrace-token").orElseThrow());
            assertThat(list.body().path("runs").get(0).path("id"))
                    .isEqualTo(started.body().path("id"));
            assertThat(list.header("millrace-token-late")).isEmpty();
        }
    }

    @Test
    void aTokenOfACommandWaitsForWhatCameOfIt() throws Exception {
        String id = "00000000000000000000000cmd";
        TestingEvents run = TestingEvents.aRun(id).ofOneTask();
        api.log.write(run.events());
        await(run, 4);
        CompletableFuture<Reply> waiting =
                CompletableFuture.supplyAsync(() -> withToken("/api/v1/runs/" + id, "c." + id + ".5"));
        RunEvent reopened = run.runRerun(List.of("a")).events().get(4);
        api.log.write(List.of(RunEvent.newBuilder(reopened)
                .setCause(Cause.newBuilder()
                        .setKind(CauseKind.RECORD)
                        .setTopic(api.log.topics().runCommands().name())
                        .setOffset(5L)
                        .build())
                .build()));

        assertThat(waiting.get(30, TimeUnit.SECONDS).body().path("reruns").asInt())
                .isEqualTo(1);
        Reply late = withToken("/api/v1/runs/" + id, "c." + id + ".6");
        assertThat(late.status()).isEqualTo(200);
        assertThat(late.header("millrace-token-late")).contains("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "s.none.0", "c.00000000000000000000000cmd.-1", "s..0", "p.a", "q.a.1"})
    void aTokenThatWasNotGivenOutIsRefused(String token) {
        withToken("/api/v1/runs", token).problem(400, "invalid-parameter");
    }

    private Reply withToken(String path, String token) {
        return api.send(api.request(path).header("Millrace-Token", token).GET());
    }

    private EventStreamReader follow(String path, Optional<String> lastEventId) {
        return new EventStreamReader(api, path, lastEventId);
    }

    private void await(TestingEvents run, int events) {
        TestingApi.await(
                "the run",
                () -> api.history
                                .events(run.id(), 100, Optional.empty())
                                .events()
                                .size()
                        >= events);
    }

    private void lines(String run, String task, int attempt, String... texts) {
        List<LogLine> lines = new ArrayList<>();
        for (String text : texts) {
            lines.add(LogLine.newBuilder()
                    .setAt(Instant.now())
                    .setStream(LogStream.STDOUT)
                    .setText(text)
                    .build());
        }
        api.log.write(
                api.log.topics().taskLogs(),
                run + "/" + task,
                TaskLog.newBuilder()
                        .setRunId(run)
                        .setTask(task)
                        .setAttempt(attempt)
                        .setEpoch(1)
                        .setLines(lines)
                        .build());
    }

    private static List<String> texts(JsonNode page) {
        List<String> texts = new ArrayList<>();
        page.path("lines").forEach(line -> texts.add(line.path("text").asText()));
        return texts;
    }
}
