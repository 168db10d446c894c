package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.coordinator.catalogue.IntakeOverloadedException;
import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Webhooks over real HTTP; how each sender signs is in {@code WebhooksTest}. */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class HookApiTest {
    private static final String SECRET = "It's a Secret to Everybody";
    private static final String PUSH = "{\"ref\":\"refs/heads/main\",\"after\":\"1f2e\",\"n\":1}";

    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
        api.secrets.put("hook", SECRET);
        assertThat(api.putYaml("ci", """
                                id: ci
                                inputs: {commit: string, n: {type: integer, default: 0}, why: {type: string, default: ''}}
                                triggers:
                                  - id: push
                                    webhook: {from: github, secret: hook}
                                    filter: request.headers["x-github-event"] == "push" && event.ref == "refs/heads/main"
                                    inputs: {commit: "${{ event.after }}", n: "${{ event.n }}"}
                                  - id: paid
                                    webhook: {from: stripe, secret: hook}
                                    inputs: {commit: "${{ event.id }}", why: "${{ request.query.why }}"}
                                  - {id: ours, webhook: {from: generic, secret: hook}, inputs: {commit: "${{ event.a }}"}}
                                  - {id: open, webhook: {from: generic, unsigned: true}, inputs: {commit: "${{ event[0] }}"}}
                                  - id: chosen
                                    webhook: {from: github, secret: hook, delivery: event.after}
                                    inputs: {commit: "${{ event.after }}"}
                                  - id: keyed
                                    webhook: {from: github, secret: hook, delivery: event.id}
                                    inputs: {commit: x}
                                  - {id: lost, webhook: {from: github, secret: nowhere}, inputs: {commit: x}}
                                  - {id: nightly, schedule: "@daily", inputs: {commit: x}}
                                tasks:
                                  - {id: test, shell: "true"}
                                """).status()).isEqualTo(201);
    }

    @AfterEach
    void acceptsAgain() {
        api.starter.failWith(null);
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @Test
    void aPushStartsARunThatKnowsWhatItIsFor() {
        Instant before = Instant.now().minusSeconds(1);
        TestingApi.Reply reply = api.send(push(PUSH, "d-1"));

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.body().path("started").asBoolean()).isTrue();
        String run = reply.body().path("id").asText();
        assertThat(reply.header("location")).contains("/api/v1/runs/" + run);
        JsonNode shown = api.get("/api/v1/runs/" + run).body();
        assertThat(shown.path("inputs").toString()).isEqualTo("{\"commit\":\"1f2e\",\"n\":1,\"why\":\"\"}");
        JsonNode trigger = shown.path("trigger");
        assertThat(trigger.path("kind").asText()).isEqualTo("webhook");
        assertThat(trigger.path("trigger").asText()).isEqualTo("push");
        assertThat(trigger.path("idempotency_key").asText()).isEqualTo("d-1");
        assertThat(trigger.path("source").asText()).isEqualTo("GitHub-Hookshot/1f2e");
        assertThat(Instant.parse(trigger.path("logical_time").asText())).isBetween(before, Instant.now());
        assertThat(api.get("/api/v1/runs?trigger=webhook&idempotency_key=d-1")
                        .body()
                        .path("runs"))
                .hasSize(1);
    }

    @Test
    void aDeliveryThatComesAgainIsTheSameRun() {
        String first = api.send(push(PUSH, "again")).body().path("id").asText();
        assertThat(api.send(push(PUSH, "again")).body().path("id").asText()).isEqualTo(first);
        assertThat(api.send(push(PUSH, "another")).body().path("id").asText()).isNotEqualTo(first);
        assertThat(api.get("/api/v1/runs?idempotency_key=again").body().path("runs"))
                .hasSize(1);
    }

    @Test
    void aKeyOfTheEventIsNotUndoneByAnotherDelivery() {
        String body = "{\"after\":\"77aa\"}";
        String first = api.send(signed("/hooks/ci/chosen", body).header("X-GitHub-Delivery", "1"))
                .body()
                .path("id")
                .asText();
        assertThat(api.send(signed("/hooks/ci/chosen", body).header("X-GitHub-Delivery", "2"))
                        .body()
                        .path("id")
                        .asText())
                .isEqualTo(first);
        assertThat(api.send(signed("/hooks/ci/chosen", body)).status()).isEqualTo(202);
    }

    @Test
    void whatTheFilterIsFalseForStartsNothingAndIsNoError() {
        int before = api.starter.started().size();
        TestingApi.Reply reply = api.send(push("{\"ref\":\"refs/tags/v1\"}", "tag"));
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.body().toString())
                .isEqualTo("{\"started\":false,\"id\":null,\"pipeline\":\"ci\",\"version\":1,\"location\":null,"
                        + "\"reason\":\"the filter is false for this event\"}");
        assertThat(api.starter.started()).hasSize(before);
    }

    @Test
    void aFormOfGithubIsReadAndItsBytesAreWhatIsSigned() {
        String form = "payload=" + URLEncoder.encode(PUSH, UTF_8);
        assertThat(api.send(api.request("/hooks/ci/push")
                                .header("X-Hub-Signature-256", "sha256=" + hmac(form))
                                .header("X-GitHub-Event", "push")
                                .header("X-GitHub-Delivery", "form")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(form)))
                        .body()
                        .path("started")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aReplayOfWhatIsSignedWithATimeStartsNothing() {
        long now = Instant.now().getEpochSecond();
        String body = "{\"a\":\"x\"}";
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(api.send(ours(body, now)).body().path("id").asText());
        }
        assertThat(runs).doesNotContain("").containsOnly(runs.get(0));
        int before = api.starter.started().size();
        api.send(ours(body, now - 301)).problem(401, "invalid-signature");
        api.send(ours(body, now + 330)).problem(401, "invalid-signature");
        assertThat(api.starter.started()).hasSize(before);
        assertThat(api.send(ours(body, now - 60)).body().path("id").asText()).isNotEqualTo(runs.get(0));
    }

    @Test
    void stripesEventsAreKnownByTheirIdAndParametersAreSeen() {
        String body = "{\"id\":\"evt_1\"}";
        List<String> runs = new ArrayList<>();
        for (int age : new int[] {0, 30}) {
            long time = Instant.now().getEpochSecond() - age;
            runs.add(api.send(api.request("/hooks/ci/paid?why=paid")
                            .header("Stripe-Signature", "t=" + time + ",v1=" + hmac(time + "." + body))
                            .POST(BodyPublishers.ofString(body)))
                    .body()
                    .path("id")
                    .asText());
        }
        assertThat(runs.get(1)).isNotEmpty().isEqualTo(runs.get(0));
        assertThat(api.get("/api/v1/runs/" + runs.get(0))
                        .body()
                        .path("inputs")
                        .path("why")
                        .asText())
                .isEqualTo("paid");
    }

    @Test
    void whatIsTakenUnsignedOnPurposeStartsARunEachUnlessItSaysOtherwise() {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            runs.add(api.postJson("/hooks/ci/open", "[\"x\"]").body().path("id").asText());
            runs.add(api.send(api.request("/hooks/ci/open")
                            .header("X-Millrace-Delivery", "same")
                            .POST(BodyPublishers.ofString("[\"x\"]")))
                    .body()
                    .path("id")
                    .asText());
        }
        assertThat(runs).doesNotContain("");
        assertThat(runs.get(0)).isNotEqualTo(runs.get(2));
        assertThat(runs.get(1)).isEqualTo(runs.get(3));
    }

    /** Everything here is refused, and starts nothing. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refuses(String what, int status, String kind, HttpRequest.Builder request) {
        int before = api.starter.started().size();
        String detail = api.send(request).problem(status, kind);
        assertThat(api.starter.started()).hasSize(before);
        assertThat(detail).doesNotContain(SECRET).doesNotContain("Jackson").doesNotContain("StreamRead");
        if (status == 401) {
            assertThat(detail).isEqualTo("the signature is missing, wrong or too old");
        }
    }

    Stream<Arguments> refuses() {
        String good = hmac(PUSH);
        return Stream.of(
                Arguments.of("unsigned", 401, "invalid-signature", post("/hooks/ci/push", PUSH)),
                Arguments.of("an empty signature", 401, "invalid-signature", push(PUSH, "sha256=", "d")),
                Arguments.of("another algorithm", 401, "invalid-signature", push(PUSH, "sha1=" + good, "d")),
                Arguments.of(
                        "tampered with",
                        401,
                        "invalid-signature",
                        push(PUSH.replace("main", "mine"), "sha256=" + good, "d")),
                Arguments.of("a space more", 401, "invalid-signature", push(PUSH + " ", "sha256=" + good, "d")),
                Arguments.of(
                        "of another secret",
                        401,
                        "invalid-signature",
                        push(PUSH, "sha256=" + hmac("another secret", PUSH), "d")),
                Arguments.of(
                        "two signatures",
                        401,
                        "invalid-signature",
                        push(PUSH, "sha256=" + good, "d").header("X-Hub-Signature-256", "sha256=" + good)),
                Arguments.of(
                        "the signature of an empty body for none", 400, "malformed-json", signed("/hooks/ci/push", "")),
                Arguments.of("not JSON", 400, "malformed-json", push("{\"ref\":", "d")),
                Arguments.of("a number", 400, "malformed-json", push("17", "d")),
                Arguments.of("null", 400, "malformed-json", push("null", "d")),
                Arguments.of("two values", 400, "malformed-json", push("{} {}", "d")),
                Arguments.of("a key twice", 400, "malformed-json", push("{\"ref\":1,\"ref\":2}", "d")),
                Arguments.of(
                        "an integer of 70 bits", 400, "malformed-json", push("{\"n\":1180591620717411303424}", "d")),
                Arguments.of(
                        "a number of many digits",
                        400,
                        "malformed-json",
                        push("{\"n\":" + "9".repeat(2_000) + "}", "d")),
                Arguments.of("deep", 400, "malformed-json", push("[".repeat(50_000) + "]".repeat(50_000), "d")),
                Arguments.of(
                        "a form without its payload", 400, "malformed-request", form("/hooks/ci/push", "load=%7B%7D")),
                Arguments.of("a form that is none", 400, "malformed-request", form("/hooks/ci/push", "payload=%7")),
                Arguments.of(
                        "a form of the payload not JSON", 400, "malformed-json", form("/hooks/ci/push", "payload=x")),
                Arguments.of(
                        "packed",
                        415,
                        "unsupported-media-type",
                        push(PUSH, "sha256=" + good, "d").header("Content-Encoding", "gzip")),
                Arguments.of("no delivery", 400, "invalid-idempotency-key", event(signed("/hooks/ci/push", PUSH))),
                Arguments.of("an empty delivery", 400, "invalid-idempotency-key", push(PUSH, " ")),
                Arguments.of("a long delivery", 400, "invalid-idempotency-key", push(PUSH, "d".repeat(256))),
                Arguments.of("a filter without its member", 422, "invalid-event", push("{}", "d")),
                Arguments.of("a filter over a list", 422, "invalid-event", push("[]", "d")),
                Arguments.of(
                        "inputs without their member",
                        422,
                        "invalid-event",
                        push("{\"ref\":\"refs/heads/main\",\"n\":1}", "d")),
                Arguments.of(
                        "inputs of another type",
                        422,
                        "invalid-inputs",
                        push("{\"ref\":\"refs/heads/main\",\"after\":{},\"n\":\"1\"}", "d")),
                Arguments.of("a key of another type", 422, "invalid-event", signed("/hooks/ci/keyed", "{\"id\":null}")),
                Arguments.of(
                        "a body that is too large", 413, "too-large", push("\"" + "x".repeat(1 << 20) + "\"", "d")),
                Arguments.of(
                        "inputs that are too large",
                        413,
                        "too-large",
                        signed("/hooks/ci/chosen", "{\"after\":\"" + "x".repeat(600_000) + "\"}")),
                Arguments.of("a secret that is not there", 503, "unavailable", signed("/hooks/ci/lost", PUSH)),
                Arguments.of("of another trigger", 404, "no-such-resource", signed("/hooks/ci/pull", PUSH)),
                Arguments.of("of a schedule", 404, "no-such-resource", signed("/hooks/ci/nightly", PUSH)),
                Arguments.of("of another pipeline", 404, "no-such-resource", signed("/hooks/cd/push", PUSH)),
                Arguments.of("of no id", 404, "no-such-resource", signed("/hooks/..%2Fci/push", PUSH)),
                Arguments.of("of half a path", 404, "no-such-resource", signed("/hooks/ci", PUSH)),
                Arguments.of(
                        "of a web page",
                        403,
                        "cross-origin",
                        push(PUSH, "sha256=" + good, "d").header("Origin", "https://example.org")),
                Arguments.of(
                        "read",
                        405,
                        "method-not-allowed",
                        api.request("/hooks/ci/push").GET()),
                Arguments.of(
                        "put",
                        405,
                        "method-not-allowed",
                        api.request("/hooks/ci/push").PUT(BodyPublishers.ofString(PUSH))));
    }

    @Test
    void whatIsWrongWithAnEventIsToldWithItsPlace() {
        TestingApi.Reply reply = api.send(push("{}", "d"));
        assertThat(reply.problem(422, "invalid-event")).contains("event.ref").contains("there is no member `ref`");
        assertThat(reply.body().path("line").asInt()).isEqualTo(6);
        assertThat(reply.body().path("column").asInt()).isEqualTo(65);
    }

    @Test
    void nothingIsStartedWhilePausedAndNothingIsAcknowledged() {
        int before = api.starter.started().size();
        api.postJson("/api/v1/pipelines/ci/pause", "{\"trigger\":\"push\"}");
        TestingApi.await("the pause", () -> api.send(push(PUSH, "paused")).status() == 503);
        TestingApi.Reply reply = api.send(push(PUSH, "paused"));
        reply.problem(503, "trigger-paused");
        assertThat(reply.header("retry-after")).contains("60");
        // Who cannot sign does not learn that; what would start nothing anyway is not held up.
        api.send(post("/hooks/ci/push", PUSH)).problem(401, "invalid-signature");
        assertThat(api.send(push("{\"ref\":\"refs/tags/v1\"}", "paused")).status())
                .isEqualTo(202);
        api.postJson("/api/v1/pipelines/ci/resume", "{\"trigger\":\"push\"}");
        TestingApi.await("going on", () -> api.send(push(PUSH, "resumed")).status() == 202);
        assertThat(api.starter.started().size()).isGreaterThan(before);
        assertThat(api.get("/api/v1/runs?trigger=webhook&idempotency_key=paused")
                        .body()
                        .path("runs"))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void overloadIsA429AndAKafkaThatDoesNotAnswerA503() {
        api.starter.failWith(new IntakeOverloadedException("too much", Duration.ofSeconds(3)));
        TestingApi.Reply overloaded = api.send(push(PUSH, "overload"));
        overloaded.problem(429, "overloaded");
        assertThat(overloaded.header("retry-after")).contains("3");
        api.starter.failWith(new IntakeUnavailableException("no answer", new IllegalStateException()));
        api.send(push(PUSH, "overload")).problem(503, "unavailable");
    }

    @Test
    void aSecretThatComesLaterIsEnough() {
        api.putYaml("late", """
                id: late
                triggers: [{id: push, webhook: {from: github, secret: [late_hook, later_hook]}}]
                tasks: [{id: a, shell: "true"}]
                """);
        HttpRequest.Builder request = signed("/hooks/late/push", "{}").header("X-GitHub-Delivery", "1");
        assertThat(api.send(request).problem(503, "unavailable")).doesNotContain("later_hook");
        api.secrets.put("later_hook", SECRET);
        assertThat(api.send(request).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({"push, github, /hooks/ci/push", "open, generic, /hooks/ci/open"})
    void triggersTellWhereTheyAreCalled(String id, String from, String path) {
        for (JsonNode trigger : api.get("/api/v1/triggers?pipeline=ci").body().path("triggers")) {
            if (trigger.path("trigger").asText().equals(id)) {
                assertThat(trigger.path("kind").asText()).isEqualTo("webhook");
                assertThat(trigger.path("from").asText()).isEqualTo(from);
                assertThat(trigger.path("path").asText()).isEqualTo(path);
                return;
            }
        }
        throw new AssertionError("no trigger " + id);
    }

    private HttpRequest.Builder push(String body, String delivery) {
        return push(body, "sha256=" + hmac(body), delivery);
    }

    private HttpRequest.Builder push(String body, String signature, String delivery) {
        return event(post("/hooks/ci/push", body))
                .header("X-Hub-Signature-256", signature)
                .header("X-GitHub-Delivery", delivery);
    }

    private static HttpRequest.Builder event(HttpRequest.Builder request) {
        return request.header("X-GitHub-Event", "push").header("User-Agent", "GitHub-Hookshot/1f2e");
    }

    private HttpRequest.Builder signed(String path, String body) {
        return post(path, body).header("X-Hub-Signature-256", "sha256=" + hmac(body));
    }

    private HttpRequest.Builder form(String path, String form) {
        return api.request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Hub-Signature-256", "sha256=" + hmac(form))
                .header("X-GitHub-Delivery", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(form));
    }

    private HttpRequest.Builder post(String path, String body) {
        return api.request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder ours(String body, long time) {
        return api.request("/hooks/ci/ours")
                .header("X-Millrace-Signature", "t=" + time + ",v1=" + hmac(time + "." + body))
                .POST(BodyPublishers.ofString(body));
    }

    private static String hmac(String text) {
        return hmac(SECRET, text);
    }

    private static String hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
