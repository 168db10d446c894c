package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.FailureKind;
import io.millrace.worker.artifact.ArtifactReference;
import io.millrace.worker.artifact.ArtifactSettings;
import io.millrace.worker.artifact.Artifacts;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers whose body the task declares as a file. */
@Timeout(60)
class HttpAnswerFileTest {
    @TempDir
    Path directory;

    private Path attempts;
    private Artifacts artifacts;
    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        attempts = Files.createDirectory(directory.resolve("attempts"));
        artifacts = Artifacts.open(ArtifactSettings.in(directory.resolve("store")));
        bench = new Workbench(attempts).artifacts(artifacts).fileOutputs("body");
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        artifacts.close();
        try (Stream<Path> left = Files.list(attempts)) {
            assertThat(left).isEmpty();
        }
    }

    private Execution get(String url) {
        return bench.execute("http", Workbench.json(Map.of("method", "GET", "url", url)));
    }

    private ArtifactReference reference(Execution execution) throws IOException {
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
        JsonNode output = Workbench.JSON.readTree(Workbench.output(execution));
        assertThat(output.path("status").asInt()).isEqualTo(200);
        return ArtifactReference.in(output.path("body")).orElseThrow();
    }

    private byte[] content(ArtifactReference reference) throws IOException {
        try (InputStream content = artifacts.open(reference)) {
            return content.readAllBytes();
        }
    }

    @Test
    void theBodyIsStoredAsItIsUnderTheLastPartOfTheUrl() throws IOException {
        byte[] bytes = new byte[3_000_000];
        new Random(7).nextBytes(bytes);
        try (TestingServer server = new TestingServer((request, body) -> request.response()
                .putHeader("content-type", "application/octet-stream")
                .end(Buffer.buffer(bytes)))) {
            ArtifactReference reference = reference(get(server.url("/exports/orders-2026.parquet?day=today")));

            assertThat(reference.name()).isEqualTo("orders-2026.parquet");
            assertThat(reference.size()).isEqualTo(bytes.length);
            assertThat(content(reference)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({"/,body", "/a/,body", "/%2e%2e,body", "/..%2f..%2fpasswd,body", "/.hidden,body", "/a.csv,a.csv"})
    void whatIsNoNameOfAFileIsCalledBody(String path, String name) throws IOException {
        try (TestingServer server = TestingServer.answering(200, "text/csv", "a,b")) {
            assertThat(reference(get(server.url(path))).name()).isEqualTo(name);
        }
    }

    @Test
    void anEmptyBodyIsAnEmptyFileAndJsonIsOneAsItIsWritten() throws IOException {
        try (TestingServer empty = TestingServer.answering(200, "text/plain", "");
                TestingServer json = TestingServer.answering(200, "application/json", "{ \"a\": 1 }")) {
            assertThat(reference(get(empty.url("/"))).size()).isZero();
            assertThat(content(reference(get(json.url("/"))))).asString().isEqualTo("{ \"a\": 1 }");
        }
    }

    @Test
    void redirectsAreFollowedAndAnotherStatusFailsAsEver() throws IOException {
        try (TestingServer server = new TestingServer((request, body) -> {
            switch (request.path()) {
                case "/old" ->
                    request.response()
                            .setStatusCode(302)
                            .putHeader("Location", "/new")
                            .end("moved");
                case "/new" -> request.response().end("content");
                default ->
                    request.response()
                            .setStatusCode(503)
                            .putHeader("Retry-After", "7")
                            .end("not now");
            }
        })) {
            assertThat(content(reference(get(server.url("/old"))))).asString().isEqualTo("content");

            Failure failure = Workbench.failure(get(server.url("/busy")));
            assertThat(failure.status()).isEqualTo(OptionalInt.of(503));
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.retryAfter()).isEqualTo(Optional.of(Duration.ofSeconds(7)));
            assertThat(failure.message()).endsWith("It says: not now");
        }
    }

    @Test
    void anErrorWithALongBodyIsStillThatError() {
        try (TestingServer server = TestingServer.answering(502, "text/html", "x".repeat(1_000_000))) {
            Failure failure = Workbench.failure(get(server.url("/")));

            assertThat(failure.status()).isEqualTo(OptionalInt.of(502));
            assertThat(failure.retryable()).isTrue();
        }
    }

    @Test
    void theLeastLimitCountsAndIsNamedAlsoOfWhatWasCompressed() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[5_000_000]);
        }
        try (TestingServer server = new TestingServer((request, body) ->
                request.response().putHeader("content-encoding", "gzip").end(Buffer.buffer(packed.toByteArray())))) {
            String url = server.url("/");
            bench.disk(2_000_000);
            assertThat(Workbench.failure(get(url)).message())
                    .isEqualTo("GET " + url + " answers with a body over the limit worker.task.disk of 2000000 bytes.");

            Failure own = Workbench.failure(
                    bench.execute("http", Workbench.json(Map.of("method", "GET", "url", url, "max_bytes", 1_000_000))));
            assertThat(own.message())
                    .isEqualTo("GET " + url + " answers with a body over the limit response.max of 1000000 bytes.");
            assertThat(own.kind()).isEqualTo(FailureKind.LIMIT);
            assertThat(own.retryable()).isFalse();

            bench.artifacts(Artifacts.open(
                    ArtifactSettings.in(directory.resolve("small")).withLimitBytes(500_000)));
            assertThat(Workbench.failure(get(url)).message())
                    .isEqualTo("GET " + url
                            + " answers with a body over the limit worker.artifacts.limit of 500000 bytes.");
        }
    }

    @Test
    void withoutAStoreNothingIsCalled() {
        bench.artifacts(Artifacts.open(ArtifactSettings.NONE));
        try (TestingServer server = TestingServer.answering(200, "text/plain", "content")) {
            Failure failure = Workbench.failure(get(server.url("/")));

            assertThat(failure.message())
                    .isEqualTo("This worker has no store for artifacts; set millrace.worker.artifacts.store.");
            assertThat(failure.retryable()).isFalse();
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void aBodyThatBreaksOffIsNoFile() {
        try (TestingServer server = new TestingServer((request, body) -> {
            request.response().putHeader("content-length", "1000000");
            request.response()
                    .write("x".repeat(200_000))
                    .onComplete(written -> request.connection().close());
        })) {
            Failure failure = Workbench.failure(get(server.url("/")));

            assertThat(failure.retryable()).isTrue();
            assertThat(failure.message()).contains("failed without an answer");
        }
    }

    @Test
    void aBodyThatNeverEndsEndsAtTheTimeout() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (TestingServer server = new TestingServer((request, body) -> {
            request.connection().closeHandler(gone -> closed.countDown());
            flood(request.response().setChunked(true));
        })) {
            bench.timeout(Duration.ofMillis(500));
            Failure failure = Workbench.failure(get(server.url("/")));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aBodyThatNeverEndsEndsWhenTheTaskIsCancelled() throws Exception {
        CountDownLatch flowing = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (TestingServer server = new TestingServer((request, body) -> {
            request.connection().closeHandler(gone -> closed.countDown());
            flowing.countDown();
            flood(request.response().setChunked(true));
        })) {
            CompletableFuture<Execution> execution = CompletableFuture.supplyAsync(() -> get(server.url("/")));
            assertThat(flowing.await(30, TimeUnit.SECONDS)).isTrue();
            bench.stop.request(StopSignal.Reason.CANCELLED, "it was cancelled");

            assertThat(execution.get(30, TimeUnit.SECONDS).outcome()).isInstanceOf(Outcome.Stopped.class);
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void flood(HttpServerResponse response) {
        response.write("x".repeat(16_384)).onSuccess(written -> flood(response));
    }

    @Test
    void theNextTaskFindsTheFileByItsPath() throws IOException {
        try (TestingServer server = TestingServer.answering(200, "text/csv", "a,b\n1,2\n")) {
            String body = reference(get(server.url("/orders.csv"))).toJson().toString();

            Execution next = new Workbench(attempts)
                    .artifacts(artifacts)
                    .inputs("{\"rows\":" + body + "}")
                    .shell("printf '{\"text\":\"%s\"}' \"$(tr '\\n' ';' < inputs/orders.csv)\" > $MILLRACE_OUTPUT");

            assertThat(Workbench.output(next)).isEqualTo("{\"text\":\"a,b;1,2;\"}");
        }
    }
}
