package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.coordinator.api.TestingApi.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The nastiest that HTTP allows, and some that it does not; after each the server answers others as before. */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class HttpRobustnessTest {
    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
    }

    @AfterEach
    void othersAreAnsweredAsBefore() {
        assertThat(api.get("/livez").status()).isEqualTo(200);
        assertThat(api.get("/api/v1/runs").status()).isEqualTo(200);
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api", "/api/v2/runs", "/api/v1/pipelines/a/b", "/api/v1/runs/a/b", "/favicon.ico"})
    void anUnknownPathIsAProblem(String path) {
        assertThat(api.get(path).problem(404, "no-such-resource")).contains(path);
    }

    @Test
    void aMethodThatIsNotAllowedIsAnsweredWithThoseThatAre() {
        Reply delete = api.send(api.request("/api/v1/pipelines/etl").DELETE());
        delete.problem(405, "method-not-allowed");
        assertThat(delete.header("allow")).contains("GET, HEAD, PUT");

        Reply put = api.send(api.request("/livez").PUT(BodyPublishers.noBody()));
        put.problem(405, "method-not-allowed");
        assertThat(put.header("allow")).contains("GET, HEAD");

        Reply post = api.send(api.request("/api/v1/runs").POST(BodyPublishers.ofString("{}")));
        assertThat(post.header("allow")).contains("GET, HEAD");

        Reply odd = api.send(api.request("/api/v1/runs").method("BREW", BodyPublishers.noBody()));
        odd.problem(405, "method-not-allowed");
    }

    @Test
    void headIsGetWithoutTheBody() throws IOException {
        String answer = api.raw("HEAD /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("status");
    }

    @Test
    void aTargetThatIsTooLongIsAProblem() {
        api.get("/api/v1/runs?pipeline=" + "a".repeat(ServerLimits.MAX_REQUEST_LINE_BYTES))
                .problem(414, "uri-too-long");
    }

    @Test
    void headersThatAreTooLargeAreAProblem() {
        api.send(api.request("/livez").header("X-Large", "a".repeat(ServerLimits.MAX_HEADER_BYTES)))
                .problem(431, "headers-too-large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "GET /livez\r\n\r\n",
                "GET /livez HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /api/v1/runs/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/runs/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/runs/%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/runs?limit=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/runs/..%2f..%2fetc HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /api/v1/pipelines/a/runs HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "POST /api/v1/pipelines/a/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /api/v1/pipelines/a/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
                "POST /api/v1/pipelines/a/runs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001"
            })
    void whatIsNotWellFormedIsRefusedOrItsConnectionEnded(String bytes) throws IOException {
        String answer;
        try (RawConnection connection = new RawConnection(api.server.port())) {
            connection.send(bytes.getBytes(UTF_8));
            connection.endOfInput();
            answer = connection.readToEnd();
        }
        // Versions of HTTP that there are not, Vert.x refuses itself, with 501 and nothing more.
        if (!answer.isEmpty() && !answer.contains(" 501 Not Implemented")) {
            assertThat(answer).matches("(?s)HTTP/1\\.[01] 4\\d\\d .*");
            assertThat(answer.toLowerCase(Locale.ROOT)).contains("application/problem+json");
        }
    }

    @Test
    void chunksWithoutEndAreCutOffAtTheLimit() throws IOException {
        try (RawConnection connection = new RawConnection(api.server.port())) {
            connection.send(("POST /api/v1/pipelines/a/runs HTTP/1.1\r\nHost: x\r\n"
                            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(UTF_8));
            byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(UTF_8);
            try {
                for (int i = 0; i < 64; i++) {
                    connection.send(chunk);
                }
            } catch (IOException refused) {
                // The server may have hung up by now; what it said is still to be read.
            }
            assertThat(connection.readToEnd()).startsWith("HTTP/1.1 413").contains("1048576");
        }
    }

    @Test
    void jsonThatNestsWithoutEndIsRefused() {
        String deep = "{\"inputs\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}";
        api.putYaml("deep", "id: deep\ntasks:\n  - {id: a, shell: \"true\"}\n");

        api.postJson("/api/v1/pipelines/deep/runs", deep).problem(400, "malformed-json");
    }

    @Test
    void yamlBombsAreRefused() {
        StringBuilder bomb = new StringBuilder("id: bomb\na0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a");
            bomb.append(i - 1).append("]\n");
        }
        api.putYaml("bomb", bomb.toString()).problem(422, "invalid-pipeline");
    }

    @Test
    void numbersWithManyDigitsAreRefused() {
        api.putYaml("digits", "id: digits\ninputs: {n: {type: number}}\ntasks:\n  - {id: a, shell: \"true\"}\n");

        api.postJson("/api/v1/pipelines/digits/runs", "{\"inputs\":{\"n\":" + "9".repeat(100_000) + "}}")
                .problem(400, "malformed-json");
        api.postJson("/api/v1/pipelines/digits/runs", "{\"inputs\":{\"n\":1e999999999}}")
                .problem(422, "invalid-inputs");
    }

    @Test
    void aPageOfAnotherSiteCannotStartRuns() throws IOException {
        String answer = api.raw("POST /api/v1/pipelines/a/runs HTTP/1.1\r\nHost: 127.0.0.1:" + api.server.port()
                + "\r\nOrigin: https://evil.example\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 403").contains("cross-origin");
        String own = api.raw("POST /api/v1/pipelines/a/runs HTTP/1.1\r\nHost: 127.0.0.1:" + api.server.port()
                + "\r\nOrigin: http://127.0.0.1:" + api.server.port() + "\r\nContent-Length: 0\r\n\r\n");
        assertThat(own).startsWith("HTTP/1.1 404");
    }

    @Test
    void manyRequestsOnOneConnectionAreAnsweredInOrder() throws IOException {
        String request = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
        String last = "GET /api/v1/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        try (RawConnection connection = new RawConnection(api.server.port())) {
            connection.send((request.repeat(50) + last).getBytes(UTF_8));
            for (int i = 0; i < 50; i++) {
                assertThat(connection.readToEnd()).startsWith("HTTP/1.1 200").contains("\"checks\"");
            }
            assertThat(connection.readToEnd()).contains("\"instance\"");
        }
    }

    @Test
    void connectionsThatSayNothingDoNotKeepOthersWaiting() throws IOException {
        List<RawConnection> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                RawConnection connection = new RawConnection(api.server.port());
                connection.send("POST /api/v1/pipelines/a/runs HTTP/1.1\r\nHost: x\r\nContent-Le".getBytes(UTF_8));
                silent.add(connection);
            }
            assertThat(api.get("/api/v1/info").status()).isEqualTo(200);
        } finally {
            for (RawConnection connection : silent) {
                connection.close();
            }
        }
    }

    @Test
    void checksThatHangDoNotKeepOthersWaiting() {
        CountDownLatch never = new CountDownLatch(1);
        api.extraChecks.add(new ReadinessCheck("hanging", () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        }));
        try {
            Reply reply = api.get("/readyz");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.body().path("checks").get(0).path("detail").asText())
                    .contains("no answer within 2 s");
            assertThat(api.get("/livez").status()).isEqualTo(200);
        } finally {
            api.extraChecks.clear();
            never.countDown();
        }
    }

    @Test
    void noRandomBytesHarmOthers() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[random.nextInt(2_000) + 1];
            random.nextBytes(bytes);
            try (RawConnection connection = new RawConnection(api.server.port())) {
                connection.send(bytes);
                connection.endOfInput();
                assertThat(connection.readToEnd()).as("seed %s", seed).doesNotContain("HTTP/1.1 5");
            } catch (IOException hungUp) {
                assertThat(hungUp).as("seed %s", seed).hasMessageNotContaining("Neither");
            }
        }
    }

    @Test
    void aFloodIsAnsweredInFullOrWith429() throws Exception {
        int requests = 2_000;
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                answers.add(CompletableFuture.supplyAsync(
                        () -> api.get("/api/v1/runs").status(), threads));
            }
            for (CompletableFuture<Integer> answer : answers) {
                assertThat(answer.get(120, TimeUnit.SECONDS)).isIn(200, 429);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> ApiServer.start(
                            new ApiServer.Address("127.0.0.1", taken.getLocalPort()),
                            new InstanceInfo("1", "c1", "b", "p", URI.create("http://127.0.0.1:8081")),
                            api.parts))
                    .isInstanceOf(ApiStartException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("taken");
        }
    }
}
