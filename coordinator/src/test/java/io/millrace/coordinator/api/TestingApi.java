package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.coordinator.alert.Alerts;
import io.millrace.coordinator.backfill.Backfills;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.TestingLog;
import io.millrace.coordinator.deadletter.DeadLetterBox;
import io.millrace.coordinator.deadletter.Replay;
import io.millrace.coordinator.deadletter.SecondLook;
import io.millrace.coordinator.fleet.QueueBoard;
import io.millrace.coordinator.fleet.WorkerDirectory;
import io.millrace.coordinator.listen.TriggerProgress;
import io.millrace.coordinator.logs.TaskLogs;
import io.millrace.coordinator.metrics.Measurements;
import io.millrace.coordinator.pause.Pauses;
import io.millrace.coordinator.pool.Pools;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.reading.StretchReader;
import io.millrace.coordinator.webhook.Webhooks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The API over real HTTP with the real catalogue and history on the real broker; only the run engine is missing. */
final class TestingApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    final TestingLog log;
    final PipelineCatalogue catalogue;
    final History history;
    final TestingStarter starter;
    /** What secrets the coordinator knows, by name. */
    final Map<String, String> secrets = new ConcurrentHashMap<>();

    final List<ReadinessCheck> extraChecks = new CopyOnWriteArrayList<>();
    final ApiServer server;
    final ApiParts parts;
    final WorkerDirectory workers;

    private final Measurements measurements = new Measurements();
    private final StretchReader reader;
    private final QueueBoard queues;
    private final Replay replay;
    private final Pauses pauses;
    private final Pools pools;
    private final Backfills backfills;
    private final Alerts alerts;

    private final boolean isShared;
    private final Path directory;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    /** An answer with its body read as JSON; null when it has none. */
    record Reply(int status, HttpResponse<byte[]> response, JsonNode body) {
        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        /** Checks the shape of RFC 9457, and answers what is wrong. */
        String problem(int expectedStatus, String kind) {
            assertThat(status).as(body.toString()).isEqualTo(expectedStatus);
            assertThat(header("content-type")).contains("application/problem+json");
            assertThat(body.path("type").asText()).isEqualTo("urn:millrace:problem:" + kind);
            assertThat(body.path("status").asInt()).isEqualTo(expectedStatus);
            assertThat(body.path("title").asText()).isNotEmpty();
            assertThat(body.path("instance").asText()).startsWith("/");
            return body.path("detail").asText();
        }
    }

    private TestingApi(TestingLog log, boolean isShared) throws IOException {
        this.log = log;
        this.isShared = isShared;
        directory = Files.createTempDirectory("millrace-api-");
        catalogue = log.catalogue();
        history = History.open(
                log.access(),
                log.wire(),
                catalogue,
                directory.resolve("history"),
                Duration.ofDays(3_650),
                Clock.systemUTC());
        starter = new TestingStarter(log);
        workers = WorkerDirectory.open(log.access(), log.wire(), LEASE, Clock.systemUTC());
        reader = new StretchReader(log.access());
        queues = new QueueBoard(log.access(), reader, workers);
        replay = new Replay(log.access(), log.wire(), reader, SecondLook.NONE);
        pauses = Pauses.open(log.access(), log.wire(), Clock.systemUTC());
        pools = Pools.open(log.access(), log.wire(), Clock.systemUTC());
        backfills = Backfills.open(log.access(), log.wire());
        alerts = Alerts.open(log.access(), log.wire());
        parts = new ApiParts(
                catalogue,
                pauses,
                pools,
                backfills,
                alerts,
                TriggerProgress.NONE,
                history,
                new Webhooks(List.of(new TestingSecrets(secrets))),
                starter,
                workers,
                queues,
                new DeadLetterBox(reader, log.wire(), log.topics()),
                replay,
                new TaskLogs(reader, log.wire(), log.topics()),
                measurements,
                List.of(new ReadinessCheck(
                        "extra",
                        () -> extraChecks.stream()
                                .flatMap(check -> check.trouble().get().stream())
                                .findFirst())));
        server = ApiServer.start(
                new ApiServer.Address("127.0.0.1", 0),
                new InstanceInfo(
                        "1.2.3",
                        "c1",
                        log.access().bootstrapServers(),
                        log.access().topicPrefix(),
                        URI.create("http://user:secret@127.0.0.1:8081")),
                parts);
        await("the history", history::isCaughtUp);
    }

    static TestingApi start() throws IOException, InterruptedException {
        return new TestingApi(TestingLog.open(), false);
    }

    /** The API of one more coordinator, with a history of its own, over the topics of this one, which must be closed later. */
    TestingApi another() throws IOException {
        return new TestingApi(log, true);
    }

    Reply get(String path) {
        return send(request(path).GET());
    }

    Reply putYaml(String id, String source) {
        return send(request("/api/v1/pipelines/" + id)
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(source)));
    }

    Reply putJson(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    Reply postJson(String path, String json, String... headers) {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(LIMIT);
    }

    Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            JsonNode body = JSON.readTree(response.body());
            // Every answer that any test gets is held to the description of the API.
            DescribedApi.get()
                    .check(
                            response.request().method(),
                            response.uri().getRawPath(),
                            response.statusCode(),
                            response.headers().firstValue("content-type").orElse(""),
                            body);
            return new Reply(response.statusCode(), response, body);
        } catch (IOException e) {
            throw new IllegalStateException("No answer, or none in JSON", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What comes back when exactly these bytes are sent, until the server has nothing more to say. */
    String raw(String bytes) throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send(bytes.getBytes(UTF_8));
            return connection.readToEnd();
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waited for " + what).isNegative();
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        replay.close();
        pauses.close();
        pools.close();
        alerts.close();
        backfills.close();
        queues.close();
        reader.close();
        workers.close();
        history.close();
        catalogue.close();
        if (!isShared) {
            log.close();
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
