package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Query;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} under more than it is used to: many who start runs at once, and clients that nobody would wish for. */
@Tag("alone")
class HttpLoadIT {
    private static final int RUNS = 500;
    private static final int CONNECTIONS = 100;
    private static final int IDLE_CONNECTIONS = 5_000;
    private static final int SLOW_CLIENTS = 200;
    private static final int LARGE_BODY = 1_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static MillraceProcess up;
    private static URI url;
    private static ApiClient api;

    @BeforeAll
    static void start() throws IOException {
        up = MillraceProcess.up(directory.resolve("data"));
        url = up.upUrl();
        api = new ApiClient(url);
        for (String id : List.of("load", "flood", "calm")) {
            Path file = Files.writeString(
                    directory.resolve(id + ".yaml"), "id: " + id + "\ntasks: [{id: work, shell: 'true'}]\n");
            Cli.at(url, "apply", file.toString()).ended(0);
        }
    }

    @AfterAll
    static void stop() {
        up.signal("TERM");
        assertThat(up.awaitExit()).as("%s", up).isZero();
    }

    @Test
    void startsExactlyOneRunForEachKeyAndListsAgreeWithIt() throws Exception {
        long seed = Long.getLong("millrace.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        List<String> requests = new ArrayList<>();
        IntStream.range(0, RUNS).forEach(i -> requests.addAll(List.of("key-" + i, "key-" + i)));
        Collections.shuffle(requests, new Random(seed));
        Map<String, Set<String>> accepted = new ConcurrentHashMap<>();
        Latencies latencies = new Latencies();
        AtomicBoolean over = new AtomicBoolean();
        Instant begin = Instant.now();

        Future<Integer> walks = Background.run(() -> walkUntil(over));
        inParallel(CONNECTIONS, requests, key -> {
            String run = latencies
                    .of(() -> api.start("load", Json.object(), key))
                    .path("id")
                    .asText();
            accepted.computeIfAbsent(key, unused -> ConcurrentHashMap.newKeySet())
                    .add(run);
        });
        Instant accepting = Instant.now();
        Until.holds(
                "all runs have ended",
                PATIENCE,
                () -> runs(Query.ALL.with("status", "running"), 500).isEmpty()
                        && runs(Query.ALL.with("pipeline", "load"), 500).size() >= RUNS);
        double seconds = seconds(begin, Instant.now());
        over.set(true);

        System.out.printf(
                "%,d runs, each asked for twice over %d connections: accepted within %.1f s, ended within %.1f s (%.0f runs/s);"
                        + " requests %s; %d walks through the lists meanwhile%n",
                RUNS, CONNECTIONS, seconds(begin, accepting), seconds, RUNS / seconds, latencies, walks.get());
        assertThat(accepted)
                .hasSize(RUNS)
                .allSatisfy((key, runs) -> assertThat(runs).as(key).hasSize(1));
        Set<String> ids = new HashSet<>();
        accepted.values().forEach(ids::addAll);
        assertThat(ids).hasSize(RUNS);
        listsAgree(ids);
        Cli.at(url, "audit", "verify").ended(0);
    }

    /** What is there once nothing happens any more: whichever way the lists are asked, they tell the same. */
    private static void listsAgree(Set<String> ids) {
        Query all = Query.ALL.with("pipeline", "load");
        List<JsonNode> runs = runs(all, 500);
        assertThat(ids(runs)).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.path("status").asText()).isEqualTo("succeeded");
            assertThat(run.path("trigger").path("kind").asText()).isEqualTo("api");
        });
        for (int page : List.of(7, 33, 499)) {
            assertThat(ids(runs(all, page))).as("pages of %d", page).isEqualTo(ids(runs));
        }
        assertThat(ids(runs(all.with("status", "succeeded"), 100))).isEqualTo(ids(runs));
        assertThat(runs(all.with("status", "running,failed,cancelled"), 100)).isEmpty();
        String middle = runs.get(RUNS / 2).path("started_at").asText();
        List<String> later = ids(runs(all.with("since", middle), 50));
        List<String> earlier = ids(runs(all.with("until", middle), 50));
        assertThat(Stream.concat(later.stream(), earlier.stream()).toList()).isEqualTo(ids(runs));
        for (JsonNode run : List.of(runs.get(0), runs.get(RUNS / 3), runs.get(RUNS - 1))) {
            String key = run.path("trigger").path("idempotency_key").asText();
            assertThat(ids(runs(all.with("idempotency_key", key), 50)))
                    .containsExactly(run.path("id").asText());
        }
    }

    /** Walks through the lists while runs begin and end, and returns how often. */
    private static int walkUntil(AtomicBoolean over) {
        Query all = Query.ALL.with("pipeline", "load");
        Set<String> seen = Set.of();
        int walks = 0;
        while (!over.get()) {
            List<JsonNode> runs = runs(all, 37);
            assertThat(ids(runs)).doesNotHaveDuplicates().containsAll(seen);
            assertThat(runs.stream().map(run -> run.path("started_at").asText()))
                    .as("newest first")
                    .isSortedAccordingTo(Collections.reverseOrder());
            // A run that ends while the running ones are walked through is among those that have succeeded, and never
            // in neither.
            List<JsonNode> running = runs(all.with("status", "running"), 41);
            List<JsonNode> succeeded = runs(all.with("status", "succeeded"), 43);
            assertThat(running).allMatch(run -> run.path("status").asText().equals("running"));
            assertThat(succeeded).allMatch(run -> run.path("status").asText().equals("succeeded"));
            assertThat(ids(succeeded)).doesNotHaveDuplicates();
            Set<String> either = new HashSet<>(ids(running));
            either.addAll(ids(succeeded));
            assertThat(either).containsAll(ids(runs));
            seen = Set.copyOf(ids(runs));
            walks++;
        }
        return walks;
    }

    @Test
    void whoeverIsToldToComeBackComesBackAndIsAccepted() throws Exception {
        // These wait for Kafka, and more of them than may wait are refused.
        HttpRequest slow = HttpRequest.newBuilder(url.resolve("/api/v1/dead-letters?limit=500"))
                .build();
        HttpClient http = HttpClient.newHttpClient();
        AtomicBoolean over = new AtomicBoolean();
        List<HttpResponse<Void>> refused = Collections.synchronizedList(new ArrayList<>());
        Future<Integer> flood = Background.run(() -> {
            int floods = 0;
            while (!over.get() || refused.isEmpty()) {
                CompletableFuture.allOf(IntStream.range(0, 600)
                                .mapToObj(i -> http.sendAsync(slow, BodyHandlers.discarding())
                                        .thenAccept(answer -> {
                                            assertThat(answer.statusCode()).isIn(200, 429);
                                            if (answer.statusCode() == 429) {
                                                refused.add(answer);
                                            }
                                        }))
                                .toArray(CompletableFuture[]::new))
                        .get();
                floods++;
            }
            return floods;
        });
        Set<String> runs = ConcurrentHashMap.newKeySet();
        List<String> keys = IntStream.range(0, 200).mapToObj(i -> "flood-" + i).toList();

        inParallel(
                20,
                keys,
                key -> runs.add(
                        api.start("flood", Json.object(), key).path("id").asText()));
        over.set(true);
        flood.get();

        System.out.printf("%,d requests were told to come back later%n", refused.size());
        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(answer -> assertThat(answer.headers().firstValue("Retry-After"))
                        .hasValueSatisfying(seconds -> assertThat(seconds).matches("[1-9][0-9]?")));
        assertThat(runs).hasSize(keys.size());
        Until.holds(
                "all have ended",
                PATIENCE,
                () -> runs(Query.ALL.with("pipeline", "flood").with("status", "succeeded"), 500)
                                .size()
                        == keys.size());
    }

    @Test
    void idleSlowAndLargeClientsHurtNobody() throws Exception {
        String run = api.start("calm", Json.object(), "first").path("id").asText();
        Until.holds("it has ended", () -> !api.run(run).path("status").asText().equals("running"));
        ordinary(run, 200); // A process that has just begun is slow for reasons of its own.
        Latencies calm = ordinary(run, 300);
        AtomicBoolean over = new AtomicBoolean();
        int idle = RudeClients.affordable(IDLE_CONNECTIONS);

        try (RudeClients rude = new RudeClients(url)) {
            rude.idle(idle);
            rude.slowHeads(SLOW_CLIENTS);
            rude.slowBodies(SLOW_CLIENTS);
            Future<Integer> large = Background.run(() -> sendLargeBodies(over));
            Latencies meanwhile = ordinary(run, 300);
            over.set(true);
            int bodies = large.get();

            System.out.printf(
                    "ordinary requests: alone %s; beside %,d idle connections, %d slow heads, %d slow bodies and %d bodies of %,d"
                            + " bytes: %s%n",
                    calm, idle, SLOW_CLIENTS, SLOW_CLIENTS, bodies, LARGE_BODY, meanwhile);
            assertThat(bodies).isPositive();
            assertThat(meanwhile.median())
                    .isLessThan(calm.median().multipliedBy(20).plusMillis(100));
            assertThat(meanwhile.percentile(99)).isLessThan(Duration.ofSeconds(3));
            assertThat(rude.awaitCutOff(Duration.ofSeconds(90)))
                    .as("connections that never came to a request are closed")
                    .isEqualTo(idle + 2 * SLOW_CLIENTS);
        }
        assertThat(ordinary(run, 50).percentile(99)).isLessThan(Duration.ofSeconds(3));
    }

    /** Held all at once they would be twice the memory of the process. */
    @Test
    void bodiesThatNeverEndDoNotFillTheMemory() throws Exception {
        String run = api.start("calm", Json.object(), "first").path("id").asText();
        Until.holds("it has ended", () -> !api.run(run).path("status").asText().equals("running"));

        try (RudeClients rude = new RudeClients(url)) {
            rude.stuckBodies(RudeClients.affordable(1_000), LARGE_BODY);
            Latencies meanwhile = ordinary(run, 100);
            // Who sends a large one in good time is not kept waiting by those that do not.
            assertThat(large().statusCode()).isEqualTo(413);

            System.out.printf("ordinary requests beside 1,000 bodies that never end: %s%n", meanwhile);
            assertThat(meanwhile.percentile(99)).isLessThan(Duration.ofSeconds(3));
        }
        assertThat(up.err()).doesNotContain("OutOfMemory");
    }

    /** A run is looked at, runs are listed, a run is started: each counts. */
    private static Latencies ordinary(String run, int times) {
        Latencies latencies = new Latencies();
        for (int i = 0; i < times; i++) {
            latencies.of(() -> api.run(run));
            latencies.of(() -> api.runs(Query.ALL.with("pipeline", "calm")).first(20));
            latencies.of(() -> api.start("calm", Json.object(), "first"));
        }
        return latencies;
    }

    private static int sendLargeBodies(AtomicBoolean over) throws Exception {
        int sent = 0;
        while (!over.get()) {
            assertThat(large().statusCode()).isEqualTo(413);
            sent++;
        }
        return sent;
    }

    /** A body that may be sent, with inputs that are larger than inputs may be. */
    private static HttpResponse<String> large() throws IOException, InterruptedException {
        String body = "{\"inputs\":{\"x\":\"" + "x".repeat(LARGE_BODY - 19) + "\"}}";
        assertThat(body).hasSize(LARGE_BODY);
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/api/v1/pipelines/calm/runs"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static List<JsonNode> runs(Query filter, int page) {
        List<JsonNode> runs = new ArrayList<>();
        String cursor = "";
        do {
            Query query = filter.with("limit", Integer.toString(page));
            JsonNode answer = get(cursor.isEmpty() ? query : query.with("cursor", cursor));
            assertThat(answer.path("runs").size()).isLessThanOrEqualTo(page);
            answer.path("runs").forEach(runs::add);
            cursor = answer.path("next").asText("");
        } while (!cursor.isEmpty() && !cursor.equals("null"));
        return runs;
    }

    private static JsonNode get(Query query) {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(url.resolve("/api/v1/runs" + query.text()))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return Json.parse(answer.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> ids(List<JsonNode> runs) {
        return runs.stream().map(run -> run.path("id").asText()).toList();
    }

    private interface Sending {
        void send(String key);
    }

    private static void inParallel(int threads, List<String> keys, Sending sending)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Object>> tasks = keys.stream()
                    .map(key -> Executors.callable(() -> sending.send(key)))
                    .toList();
            for (Future<Object> each : pool.invokeAll(tasks)) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
