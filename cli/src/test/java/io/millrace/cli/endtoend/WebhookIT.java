package io.millrace.cli.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.cli.client.Json;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks across processes: very many at once while a coordinator is killed, and the example that tests a repository on each push. */
@Timeout(300)
class WebhookIT {
    private static final int DELIVERIES = 1_000;
    private static final int FORGERIES = 100;
    private static final int ANSWERS_BEFORE_THE_KILL = 50;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String SECRET = "correct horse battery staple";
    private static final String TOKEN = "ghp_0123456789abcdef";

    @TempDir
    private Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What was told to the server that stands for GitHub's. */
    private record Status(String path, String authorization, JsonNode body) {}

    @BeforeEach
    void writeSecrets() throws IOException {
        Path secrets = Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(secrets.resolve("github_hook"), SECRET + "\n");
        Files.writeString(secrets.resolve("github_token"), TOKEN + "\n");
    }

    @Test
    void everyAcknowledgedDeliveryIsOneRunThoughACoordinatorIsKilled() throws Exception {
        String[] settings = settings("coordinator", "standbys=1", "partitions=4");
        try (Cluster cluster = Cluster.startWith(directory, "webhook-it.", settings);
                AuditWatch audit = new AuditWatch(cluster.access())) {
            MillraceProcess second = cluster.coordinator("c2", settings);
            cluster.apply("hooked", """
                    id: hooked
                    inputs: {n: integer}
                    triggers:
                      - id: push
                        webhook: {from: github, secret: github_hook}
                        filter: event.n >= 0
                        inputs: {n: "${{ event.n }}"}
                    tasks:
                      - {id: a, wait: 1ms}
                    """);
            Until.holds(
                    "both coordinators work", LIMIT, () -> cluster.partitions().size() == 2);
            URI one = Cluster.url(cluster.first());
            URI other = Cluster.url(second);
            Map<String, String> accepted = new ConcurrentHashMap<>();
            Map<String, Integer> refused = new ConcurrentHashMap<>();
            CountDownLatch answeredByTheOther = new CountDownLatch(ANSWERS_BEFORE_THE_KILL);

            List<CompletableFuture<Void>> sent = new ArrayList<>();
            for (int i = 0; i < DELIVERIES; i++) {
                URI to = i % 2 == 0 ? one : other;
                String delivery = "delivery-" + i;
                sent.add(send(push(to, delivery, i, SECRET))
                        .thenAccept(answer -> {
                            note(delivery, answer, accepted, refused);
                            if (to.equals(other)) {
                                answeredByTheOther.countDown();
                            }
                        })
                        .exceptionally(broken -> null));
            }
            List<CompletableFuture<HttpResponse<String>>> forged = IntStream.range(0, FORGERIES)
                    .mapToObj(i -> send(push(one, "forged-" + i, i, "another secret")))
                    .toList();
            assertThat(answeredByTheOther.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            second.kill9();
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get();

            assertThat(forged)
                    .allSatisfy(each -> assertThat(each.join().statusCode()).isEqualTo(401));
            assertThat(refused.values()).allSatisfy(status -> assertThat(status).isIn(429, 503));
            List<String> unanswered = IntStream.range(0, DELIVERIES)
                    .mapToObj(i -> "delivery-" + i)
                    .filter(delivery -> !accepted.containsKey(delivery) && !refused.containsKey(delivery))
                    .toList();
            System.out.println(accepted.size() + " were accepted, " + refused.size() + " refused, " + unanswered.size()
                    + " not answered");
            assertThat(accepted).hasSizeGreaterThanOrEqualTo(DELIVERIES / 2 - refused.size());

            // As a sender does that was not answered; and some that were, as people do who press a button twice.
            List<String> again = new ArrayList<>(unanswered);
            again.addAll(accepted.keySet().stream().limit(50).toList());
            for (String delivery : again) {
                int n = Integer.parseInt(delivery.substring("delivery-".length()));
                HttpResponse<String> answer =
                        send(push(one, delivery, n, SECRET)).get();
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                String run = Json.parse(answer.body()).path("id").asText();
                assertThat(Optional.ofNullable(accepted.put(delivery, run)).orElse(run))
                        .isEqualTo(run);
            }
            Until.found(
                    () -> accepted.size() + " runs end: " + runs(audit).size() + " began and " + audit.ended()
                            + " ended; " + cluster.first(),
                    LIMIT,
                    () -> audit.ended() >= accepted.size() ? Optional.of(true) : Optional.empty());
            assertThat(runs(audit)).isEqualTo(accepted);
            Audited.holds(cluster.access());
        }
    }

    private static void note(
            String delivery, HttpResponse<String> answer, Map<String, String> accepted, Map<String, Integer> refused) {
        if (answer.statusCode() == 202) {
            accepted.put(delivery, Json.parse(answer.body()).path("id").asText());
        } else {
            refused.put(delivery, answer.statusCode());
        }
    }

    /** The run of each delivery; fails when there are two of one. */
    private static Map<String, String> runs(AuditWatch audit) {
        Map<String, String> runs = new HashMap<>();
        audit.events(RunEventType.RUN_STARTED).forEach(event -> {
            Trigger trigger = event.getTrigger().orElseThrow();
            assertThat(trigger.getKind()).isEqualTo(TriggerKind.WEBHOOK);
            assertThat(runs.put(trigger.getIdempotencyKey().orElseThrow(), event.getRunId()))
                    .as("a second run of %s", event)
                    .isNull();
        });
        return runs;
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    private static HttpRequest push(URI coordinator, String delivery, int n, String secret) {
        return request(coordinator.resolve("/hooks/hooked/push"), delivery, "{\"n\":" + n + "}", secret);
    }

    private static HttpRequest request(URI hook, String delivery, String body, String secret) {
        return HttpRequest.newBuilder(hook)
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "GitHub-Hookshot/test")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", delivery)
                .header("X-Hub-Signature-256", "sha256=" + hmac(secret, body))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    @Test
    void theExampleTestsARepositoryOnEachPushAndTellsWhatCameOfIt() throws Exception {
        List<Status> statuses = new CopyOnWriteArrayList<>();
        HttpServer github = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        github.createContext("/repos", exchange -> take(exchange, statuses));
        github.start();
        String[] settings = settings("coordinator", "standbys=0", "partitions=2");
        try (Cluster cluster = Cluster.startWith(directory, "webhook-example-it.", settings)) {
            cluster.worker("w1", settings("worker", "partitions=2"));
            cluster.apply(
                    "push",
                    Files.readString(Examples.file("push.yaml"))
                            .replace(
                                    "https://api.github.com",
                                    "http://127.0.0.1:" + github.getAddress().getPort()));
            Path repository = Files.createDirectory(directory.resolve("engine"));
            git(repository, "init", "--quiet");
            String good = commit(repository, "test \"$(cat answer)\" = 42\n");
            String bad = commit(repository, "test \"$(cat answer)\" = 43\n");
            URI hook = Cluster.url(cluster.first()).resolve("/hooks/push/github");

            assertThat(cluster.awaitEnd(deliver(hook, "1", payload(repository, good)))
                            .status())
                    .isEqualTo("succeeded");
            String failed = deliver(hook, "2", payload(repository, bad));
            assertThat(cluster.awaitEnd(failed).status()).isEqualTo("failed");
            assertThat(deliver(hook, "2", payload(repository, bad))).isEqualTo(failed);
            JsonNode deleted = Json.parse(send(request(
                            hook, "3", payload(repository, "0".repeat(40)).replace("false", "true"), SECRET))
                    .get()
                    .body());
            assertThat(deleted.path("started").asBoolean()).isFalse();

            assertThat(statuses.stream().map(each -> state(each, good, bad)).toList())
                    .containsExactly("pending good", "success good", "pending bad", "failure bad");
            assertThat(statuses)
                    .allSatisfy(each -> assertThat(each.authorization()).isEqualTo("Bearer " + TOKEN));
            assertThat(cluster.execute("runs", "--trigger", "webhook", "-o", "json")
                            .ended(0)
                            .json()
                            .path("runs"))
                    .hasSize(2);
            assertThat(cluster.execute("triggers").ended(0).out()).contains("/hooks/push/github");
            try (AllTopics topics = new AllTopics(cluster.access())) {
                assertThat(topics.read())
                        .anyMatch(record -> record.contains("refs/heads/main") || record.contains(good))
                        .noneMatch(record -> record.contains(SECRET) || record.contains(TOKEN));
            }
            assertThat(cluster.first().err() + cluster.first().out())
                    .doesNotContain(SECRET)
                    .doesNotContain(TOKEN);
        } finally {
            github.stop(0);
        }
    }

    private String deliver(URI hook, String delivery, String payload) throws Exception {
        HttpResponse<String> answer =
                send(request(hook, delivery, payload, SECRET)).get();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return Json.parse(answer.body()).path("id").asText();
    }

    /** What GitHub's payload has of use to the example. */
    private static String payload(Path repository, String commit) {
        return Json.line(Json.object()
                .put("ref", "refs/heads/main")
                .put("after", commit)
                .put("deleted", false)
                .set(
                        "repository",
                        Json.object().put("full_name", "ada/engine").put("clone_url", repository.toString())));
    }

    private static String state(Status status, String good, String bad) {
        String commit = status.path().equals("/repos/ada/engine/statuses/" + good)
                ? "good"
                : status.path().equals("/repos/ada/engine/statuses/" + bad) ? "bad" : status.path();
        return status.body().path("state").asText() + " " + commit;
    }

    private static void take(HttpExchange exchange, List<Status> statuses) throws IOException {
        statuses.add(new Status(
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                Json.parse(new String(exchange.getRequestBody().readAllBytes(), UTF_8))));
        byte[] answer = "{}".getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(201, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static String commit(Path repository, String test) throws Exception {
        Files.writeString(repository.resolve("answer"), "42\n");
        Files.writeString(repository.resolve("test.sh"), test);
        git(repository, "add", ".");
        git(repository, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "-m", "x");
        return git(repository, "rev-parse", "HEAD");
    }

    private static String git(Path repository, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** @param of whose secrets these settings are for */
    private String[] settings(String of, String... more) {
        List<String> settings =
                new ArrayList<>(List.of("--set", of + ".secrets.provider=file:" + directory.resolve("secrets")));
        for (String setting : more) {
            settings.addAll(List.of("--set", setting));
        }
        return settings.toArray(String[]::new);
    }

    private static String hmac(String secret, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
