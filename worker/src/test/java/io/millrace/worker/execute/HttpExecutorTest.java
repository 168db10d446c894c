package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.FailureKind;
import io.millrace.event.LogStream;
import io.millrace.worker.http.WebhookSigner;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks of http, against servers that answer in all the ways in which servers answer. */
@Timeout(60)
class HttpExecutorTest {
    private final Workbench bench;

    HttpExecutorTest(@TempDir Path directory) {
        bench = new Workbench(directory);
    }

    private Execution call(Map<String, ?> action) {
        return bench.execute("http", Workbench.json(action));
    }

    private static JsonNode output(Execution execution) throws JsonProcessingException {
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
        return Workbench.JSON.readTree(Workbench.output(execution));
    }

    @Test
    void givesStatusHeadersAndTheBodyThatIsJson() throws Exception {
        try (TestingServer server = TestingServer.answering(201, "application/json", "{\"case\":7,\"tags\":[\"a\"]}")) {
            JsonNode output = output(call(Map.of("method", "GET", "url", server.url("/cases"))));

            assertThat(output.path("status").asInt()).isEqualTo(201);
            assertThat(output.path("headers").path("content-type").asText()).isEqualTo("application/json");
            assertThat(output.path("body").path("case").asInt()).isEqualTo(7);
            assertThat(bench.texts(LogStream.SYSTEM)).anyMatch(line -> line.startsWith("GET 127.0.0.1: 201, 23 bytes"));
        }
    }

    @Test
    void sendsQueryHeadersAndBodyEncoded() throws Exception {
        try (TestingServer server = TestingServer.answering(204, "text/plain", "")) {
            JsonNode output = output(call(Map.of(
                    "method", "POST",
                    "url", server.url("/cases?a=1#part"),
                    "query", Map.of("q", List.of("x&y=z", "ä")),
                    "headers", Map.of("X-Team", "risk", "X-Number", 3.0),
                    "json", Map.of("score", 0.5))));

            assertThat(output.path("body").isNull()).isTrue();
            assertThat(server.last().uri()).isEqualTo("/cases?a=1&q=x%26y%3Dz&q=%C3%A4");
            assertThat(server.last().body()).isEqualTo("{\"score\":0.5}");
            assertThat(server.last().headers())
                    .containsEntry("content-type", "application/json")
                    .containsEntry("x-team", "risk")
                    .containsEntry("x-number", "3")
                    .containsEntry("user-agent", "Millrace")
                    .containsEntry("idempotency-key", "key-1");
        }
    }

    @Test
    void sendsAForm() throws Exception {
        try (TestingServer server = TestingServer.answering(200, "text/plain", "done")) {
            JsonNode output =
                    output(call(Map.of("method", "PUT", "url", server.url("/"), "form", Map.of("name", "Ada & Co"))));

            assertThat(output.path("body").asText()).isEqualTo("done");
            assertThat(server.last().body()).isEqualTo("name=Ada+%26+Co");
            assertThat(server.last().headers()).containsEntry("content-type", "application/x-www-form-urlencoded");
        }
    }

    @Test
    void theIdempotencyKeyCanBeAnotherAndLeftOut() throws Exception {
        try (TestingServer server = TestingServer.answering(200, "text/plain", "")) {
            call(Map.of("method", "POST", "url", server.url("/"), "headers", Map.of("Idempotency-Key", "my-own")));
            assertThat(server.last().headers()).containsEntry("idempotency-key", "my-own");

            bench.execute(
                    "http",
                    "{\"method\":\"POST\",\"url\":\"" + server.url("/") + "\",\"headers\":{\"Idempotency-Key\":null}}");
            assertThat(server.last().headers()).doesNotContainKey("idempotency-key");

            call(Map.of("method", "GET", "url", server.url("/")));
            assertThat(server.last().headers()).doesNotContainKey("idempotency-key");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429,true",
        "500,true",
        "502,true",
        "503,true",
        "504,true",
        "408,true",
        "400,false",
        "404,false",
        "401,false",
        "409,false",
        "501,false",
        "304,false"
    })
    void anotherStatusFailsAndSaysWhetherAnotherAttemptMayHelp(int status, boolean retryable) {
        try (TestingServer server = TestingServer.answering(status, "text/plain", status == 304 ? "" : "not now")) {
            Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", server.url("/x"))));

            assertThat(failure.kind()).isEqualTo(FailureKind.HTTP);
            assertThat(failure.status()).isEqualTo(OptionalInt.of(status));
            assertThat(failure.retryable()).isEqualTo(retryable);
            assertThat(failure.message()).startsWith("GET " + server.url("/x") + " answered " + status);
        }
    }

    @Test
    void theTaskSaysWhichStatusesAreFineAndWhichPass() throws Exception {
        try (TestingServer server = TestingServer.answering(404, "text/plain", "none")) {
            JsonNode output = output(call(Map.of(
                    "method", "GET", "url", server.url("/"), "ok", List.of(List.of(200, 299), List.of(404, 404)))));
            assertThat(output.path("status").asInt()).isEqualTo(404);

            Failure failure = Workbench.failure(
                    call(Map.of("method", "GET", "url", server.url("/"), "retry_on", List.of(List.of(404, 404)))));
            assertThat(failure.retryable()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", " 7 "})
    void passesOnHowLongTheServerWantsToBeLeftAlone(String header) {
        try (TestingServer server = new TestingServer((request, body) -> request.response()
                .setStatusCode(429)
                .putHeader("Retry-After", header)
                .end())) {
            Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", server.url("/"))));

            assertThat(failure.retryAfter()).isEqualTo(Optional.of(Duration.ofSeconds(7)));
        }
    }

    @Test
    void followsRedirectsAndSendsACredentialToNoOtherHost() throws Exception {
        try (TestingServer other = TestingServer.answering(200, "application/json", "[1]");
                TestingServer server = new TestingServer((request, body) -> {
                    switch (request.path()) {
                        case "/a" ->
                            request.response()
                                    .setStatusCode(302)
                                    .putHeader("Location", "/b?x=1")
                                    .end();
                        default ->
                            request.response()
                                    .setStatusCode(307)
                                    .putHeader("Location", other.urlOfAnotherHost("/c"))
                                    .end();
                    }
                })) {
            bench.knowing(Map.of("token", "very-secret-token", "key", "other-secret-key"));
            JsonNode output = output(bench.execute(
                    "http",
                    Workbench.json(Map.of(
                            "method", "GET",
                            "url", server.url("/a"),
                            "auth", Map.of("bearer", ""),
                            "headers", Map.of("X-Api-Key", "", "Cookie", "session=1", "Accept", "application/json"),
                            "secrets", Map.of("/auth/bearer", "token", "/headers/X-Api-Key", "key")))));

            assertThat(output.path("body").path(0).asInt()).isEqualTo(1);
            assertThat(server.asked).hasSize(2);
            assertThat(server.last().uri()).isEqualTo("/b?x=1");
            assertThat(server.last().headers())
                    .containsEntry("authorization", "Bearer very-secret-token")
                    .containsEntry("x-api-key", "other-secret-key");
            assertThat(other.last().uri()).isEqualTo("/c");
            assertThat(other.last().headers())
                    .containsEntry("accept", "application/json")
                    .doesNotContainKeys("authorization", "x-api-key", "cookie");
        }
    }

    @Test
    void aPostTurnsIntoAGetAfter303AndStaysOneAfter307() throws Exception {
        try (TestingServer server = new TestingServer((request, body) -> {
            String path = request.path();
            int status = path.equals("/see") ? 303 : path.equals("/keep") ? 307 : 200;
            if (status != 200) {
                request.response().putHeader("Location", "/done");
            }
            request.response().setStatusCode(status).end("ok");
        })) {
            output(call(Map.of("method", "POST", "url", server.url("/see"), "text", "hello")));
            assertThat(server.last().method()).isEqualTo("GET");
            assertThat(server.last().body()).isEmpty();
            assertThat(server.last().headers()).doesNotContainKeys("content-type", "idempotency-key");

            output(call(Map.of("method", "POST", "url", server.url("/keep"), "text", "hello")));
            assertThat(server.last().method()).isEqualTo("POST");
            assertThat(server.last().body()).isEqualTo("hello");
        }
    }

    @Test
    void aBodyWithASecretIsNotSentToAnotherHost() {
        try (TestingServer other = TestingServer.answering(200, "text/plain", "got it");
                TestingServer server = new TestingServer((request, body) -> request.response()
                        .setStatusCode(308)
                        .putHeader("Location", other.urlOfAnotherHost("/c"))
                        .end())) {
            bench.knowing(Map.of("password", "very-secret"));
            Failure failure = Workbench.failure(call(Map.of(
                    "method", "POST",
                    "url", server.url("/login"),
                    "form", Map.of("password", ""),
                    "secrets", Map.of("/form/password", "password"))));

            assertThat(failure.message()).contains("another host, to which a body with a secret is not sent");
            assertThat(failure.retryable()).isFalse();
            assertThat(other.asked).isEmpty();
        }
    }

    @Test
    void signsWhatItSendsWithTheSameIdAtEveryAttempt() throws Exception {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        bench.knowing(Map.of("hook", secret));
        try (TestingServer server = TestingServer.answering(200, "text/plain", "got it")) {
            for (Map<String, ?> body : List.of(
                    Map.of("json", Map.of("score", 0.5, "name", "ä")),
                    Map.of("text", "grün"),
                    Map.of("form", Map.of("a", "b c")),
                    Map.<String, Object>of())) {
                Map<String, Object> action = new HashMap<>(body);
                action.putAll(Map.of("method", "POST", "url", server.url("/"), "secrets", Map.of("/sign", "hook")));
                Instant before = Instant.now();
                output(call(action));

                Map<String, String> headers = server.last().headers();
                Instant at = Instant.ofEpochSecond(Long.parseLong(headers.get("webhook-timestamp")));
                assertThat(at).isBetween(before.minusSeconds(1), Instant.now());
                assertThat(headers)
                        .containsEntry("webhook-id", "key-1")
                        .containsAllEntriesOf(WebhookSigner.of(secret)
                                .orElseThrow()
                                .headers("key-1", at, server.last().body().getBytes(StandardCharsets.UTF_8)));
            }
            assertThat(bench.lines.toString()).doesNotContain("MfKQ9r8");
        }
    }

    @Test
    void aSignatureGoesNeitherToAnotherHostNorWithAnotherBody() throws Exception {
        bench.knowing(Map.of("hook", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        try (TestingServer other = TestingServer.answering(200, "text/plain", "got it");
                TestingServer server = new TestingServer((request, body) -> {
                    String path = request.path();
                    if (path.equals("/see")) {
                        request.response().putHeader("Location", "/done");
                    } else if (path.equals("/away")) {
                        request.response().putHeader("Location", other.urlOfAnotherHost("/"));
                    }
                    request.response()
                            .setStatusCode(path.equals("/see") ? 303 : path.equals("/away") ? 307 : 200)
                            .end("ok");
                })) {
            Map<String, ?> signed = Map.of("method", "POST", "text", "hello", "secrets", Map.of("/sign", "hook"));
            Map<String, Object> see = new HashMap<>(signed);
            see.put("url", server.url("/see"));
            output(call(see));
            assertThat(server.asked.get(0).headers()).containsKey("webhook-signature");
            assertThat(server.last().method()).isEqualTo("GET");
            assertThat(server.last().headers())
                    .doesNotContainKeys("webhook-id", "webhook-timestamp", "webhook-signature");

            Map<String, Object> away = new HashMap<>(signed);
            away.put("url", server.url("/away"));
            output(call(away));
            assertThat(other.last().headers())
                    .doesNotContainKeys("webhook-id", "webhook-timestamp", "webhook-signature");
        }
    }

    @Test
    void aSecretThatIsNoKeySignsNothing() {
        bench.knowing(Map.of("hook", "whsec_not base64"));
        try (TestingServer server = TestingServer.answering(200, "text/plain", "")) {
            Failure failure = Workbench.failure(call(
                    Map.of("method", "POST", "url", server.url("/"), "text", "x", "secrets", Map.of("/sign", "hook"))));

            assertThat(failure.retryable()).isFalse();
            assertThat(failure.message())
                    .isEqualTo("The secret of `sign` is no key of Standard Webhooks: those are base64, with or without"
                            + " whsec_ before it.");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void redirectsAreBounded() {
        try (TestingServer server = new TestingServer((request, body) -> request.response()
                .setStatusCode(302)
                .putHeader("Location", "/again")
                .end())) {
            Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", server.url("/"), "redirects", 3)));

            assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT);
            assertThat(failure.message())
                    .isEqualTo("GET " + server.url("/") + " redirects more often than the limit redirects of 3.");
            assertThat(server.asked).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "http://[", "javascript:alert(1)"})
    void aRedirectElsewhereIsNotFollowed(String location) {
        try (TestingServer server = new TestingServer((request, body) -> request.response()
                .setStatusCode(302)
                .putHeader("Location", location)
                .end())) {
            Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", server.url("/"))));

            assertThat(failure.retryable()).isFalse();
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void anAnswerOverTheLimitFailsByNameAndValue() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        try (TestingServer server = new TestingServer((request, body) -> {
            request.response().setChunked(true);
            request.connection().closeHandler(closed -> stopped.countDown());
            flood(request.response());
        })) {
            Failure failure =
                    Workbench.failure(call(Map.of("method", "GET", "url", server.url("/"), "max_bytes", 100_000)));

            assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT);
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.message())
                    .isEqualTo("GET " + server.url("/")
                            + " answers with a body over the limit response.max of 100000 bytes.");
            assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void flood(HttpServerResponse response) {
        response.write("x".repeat(16_384)).onSuccess(written -> flood(response));
    }

    @Test
    void anAnswerThatFitsButIsTooLargeForAnOutputFailsByNameAndValue() {
        try (TestingServer server = TestingServer.answering(200, "text/plain", "\"".repeat(200_000))) {
            Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", server.url("/"))));

            assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
            assertThat(failure.message()).contains("256 KiB");
        }
    }

    @Test
    void aServerThatDropsTheConnectionIsWorthAnotherAttempt() {
        try (TestingServer server =
                new TestingServer((request, body) -> request.connection().close())) {
            Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", server.url("/x"))));

            assertThat(failure.kind()).isEqualTo(FailureKind.ERROR);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.status()).isEmpty();
            assertThat(failure.message()).startsWith("GET " + server.url("/x") + " failed without an answer: ");
        }
    }

    @Test
    void aBodyThatBreaksOffIsNoAnswer() {
        try (TestingServer server = new TestingServer((request, body) -> {
            request.response().putHeader("content-length", "1000");
            request.response()
                    .write("half")
                    .onComplete(written -> request.connection().close());
        })) {
            Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", server.url("/"))));

            assertThat(failure.retryable()).isTrue();
            assertThat(failure.message()).contains("failed without an answer");
        }
    }

    @Test
    void aPortWhereNobodyListensIsWorthAnotherAttempt() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", "http://127.0.0.1:" + port + "/")));

        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).contains("Connection refused");
    }

    @Test
    void theTimeOfTheAttemptHolds() throws Exception {
        try (TestingServer server = new TestingServer((request, body) -> {})) {
            Failure failure = Workbench.failure(bench.timeout(Duration.ofMillis(300))
                    .execute("http", Workbench.json(Map.of("method", "GET", "url", server.url("/")))));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.message()).endsWith("did not answer within 300ms.");
            assertThat(server.closedByClient.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theTimeOfTheCallHoldsForAnAnswerThatTrickles() {
        try (TestingServer server = new TestingServer((request, body) -> {
            request.response().setChunked(true);
            request.response().write("a");
        })) {
            Failure failure =
                    Workbench.failure(call(Map.of("method", "GET", "url", server.url("/"), "timeout_ms", 300)));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        }
    }

    @Test
    void cancellationClosesTheConnection() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        try (TestingServer server = new TestingServer((request, body) -> waiting.countDown())) {
            CompletableFuture<Execution> execution =
                    CompletableFuture.supplyAsync(() -> call(Map.of("method", "GET", "url", server.url("/"))));
            assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
            bench.stop.request(StopSignal.Reason.CANCELLED, "Somebody cancelled it.");

            assertThat(execution.get(30, TimeUnit.SECONDS).outcome()).isInstanceOf(Outcome.Stopped.class);
            assertThat(server.closedByClient.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aSecretThatComesBackIsMasked() throws Exception {
        try (TestingServer server = new TestingServer((request, body) -> request.response()
                .setStatusCode(request.path().equals("/fail") ? 400 : 200)
                .putHeader("X-Echo", request.getHeader("Authorization"))
                .putHeader("Set-Cookie", "session=abc")
                .end("you sent " + request.getHeader("Authorization")))) {
            bench.knowing(Map.of("token", "very-secret-token"));
            Map<String, Object> auth = Map.of("bearer", "");
            JsonNode output = output(call(Map.of(
                    "method",
                    "GET",
                    "url",
                    server.url("/"),
                    "auth",
                    auth,
                    "secrets",
                    Map.of("/auth/bearer", "token"))));
            assertThat(output.toString()).doesNotContain("very-secret").contains("you sent Bearer ***");
            assertThat(output.path("headers").has("set-cookie")).isFalse();

            Failure failure = Workbench.failure(call(Map.of(
                    "method",
                    "GET",
                    "url",
                    server.url("/fail"),
                    "auth",
                    auth,
                    "secrets",
                    Map.of("/auth/bearer", "token"))));
            assertThat(failure.message()).endsWith("It says: you sent Bearer ***");
            assertThat(bench.lines.toString()).doesNotContain("very-secret");
        }
    }

    @Test
    void aSecretThatNobodyKnowsFailsTheTask() {
        Failure failure = Workbench.failure(call(
                Map.of("method", "GET", "url", "http://127.0.0.1:1/", "secrets", Map.of("/auth/bearer", "nobody"))));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).contains("'nobody' is not known to this worker");
    }

    @Test
    void whatAValueOfARunLooksLikeIsNoSecret() throws Exception {
        try (TestingServer server = TestingServer.answering(200, "text/plain", "")) {
            bench.knowing(Map.of("token", "very-secret-token"));
            output(call(Map.of(
                    "method",
                    "POST",
                    "url",
                    server.url("/"),
                    "json",
                    Map.of(
                            "secrets",
                            Map.of("/json", "token"),
                            "x",
                            "${{ secrets.token }}",
                            "y",
                            Map.of("secret", "token")))));

            assertThat(server.last().body()).doesNotContain("very-secret").contains("${{ secrets.token }}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "ftp://127.0.0.1/",
                "file:///etc/passwd",
                "http://user:password@127.0.0.1/",
                "http:///x",
                "http://127.0.0.1:99999/",
                "http://127.0.0.1/a b",
                "http://127.0.0.1/\r\nX-Evil: 1",
                "http://127.0.0.1/%zz"
            })
    void aUrlThatIsNoneIsRefused(String url) {
        Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", url)));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).startsWith("The call cannot be made: ");
        assertThat(failure.message()).doesNotContain("password@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "\0", "€"})
    void aHeaderThatCannotBeSentIsRefused(String value) {
        Failure failure = Workbench.failure(
                call(Map.of("method", "GET", "url", "http://127.0.0.1:1/", "headers", Map.of("X-A", value))));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).startsWith("The header x-a cannot be sent");
    }

    @Test
    void anAnswerThatIsNoTextSaysSo() {
        try (TestingServer server = new TestingServer((request, body) -> request.response()
                .putHeader("content-type", "image/png")
                .end(Buffer.buffer(new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, (byte) 0xff})))) {
            Failure failure = Workbench.failure(call(Map.of("method", "GET", "url", server.url("/"))));

            assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
            assertThat(failure.message()).contains("is no text, but image/png");
        }
    }

    @ParameterizedTest
    @CsvSource({"application/json,{broken", "text/plain,'{\"a\":1}'", "application/json; charset=utf-8,'[1] [2]'"})
    void whatIsNoJsonStaysAText(String type, String body) throws Exception {
        try (TestingServer server = TestingServer.answering(200, type, body)) {
            assertThat(output(call(Map.of("method", "GET", "url", server.url("/"))))
                            .path("body")
                            .asText())
                    .isEqualTo(body);
        }
    }
}
