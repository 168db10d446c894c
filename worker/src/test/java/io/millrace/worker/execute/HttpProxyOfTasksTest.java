package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.FailureKind;
import io.millrace.worker.http.HttpProxy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JksOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls by a real proxy, of hosts whose names nobody but the proxy can look up. */
@Timeout(60)
class HttpProxyOfTasksTest {
    private static final HttpProxy.Login LOGIN = new HttpProxy.Login("worker", "proxy_password");

    @TempDir
    Path directory;

    private Workbench bench(int port, Optional<HttpProxy.Login> login, String... bypass) {
        return new Workbench(directory).proxy(new HttpProxy("127.0.0.1", port, login, List.of(bypass)));
    }

    private static Execution get(Workbench bench, String url) {
        return bench.execute("http", Workbench.json(Map.of("method", "GET", "url", url)));
    }

    @Test
    void aCallGoesByTheProxyWhichLooksUpTheHost() {
        try (TestingServer server = TestingServer.answering(200, "text/plain", "hello");
                TestingProxy proxy = new TestingProxy(Optional.empty())) {
            String url = "http://orders.invalid:" + server.port() + "/all";

            assertThat(Workbench.output(get(bench(proxy.port(), Optional.empty()), url)))
                    .contains("hello");

            assertThat(proxy.asked).containsExactly("GET " + url);
            assertThat(server.last().uri()).isEqualTo("/all");
        }
    }

    @Test
    void anEncryptedCallIsTunnelledSoThatTheProxySeesNothingOfIt() throws Exception {
        Path store = keyStoreFor("orders.invalid");
        Vertx vertx = Vertx.vertx();
        String before = System.getProperty("javax.net.ssl.trustStore", "");
        System.setProperty("javax.net.ssl.trustStore", store.toString());
        try (TestingProxy proxy = new TestingProxy(Optional.of("worker:very-secret"))) {
            HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                            .setSsl(true)
                            .setKeyCertOptions(
                                    new JksOptions().setPath(store.toString()).setPassword("changeit")))
                    .requestHandler(request -> request.response()
                            .putHeader("content-type", "text/plain")
                            .end("hello " + request.getHeader("proxy-authorization")))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            String host = "orders.invalid:" + server.actualPort();
            Workbench bench = bench(proxy.port(), Optional.of(LOGIN)).knowing(Map.of("proxy_password", "very-secret"));

            assertThat(Workbench.output(get(bench, "https://" + host + "/secret/path")))
                    .contains("hello null");

            assertThat(proxy.asked).containsExactly("CONNECT " + host);
        } finally {
            if (before.isEmpty()) {
                System.clearProperty("javax.net.ssl.trustStore");
            } else {
                System.setProperty("javax.net.ssl.trustStore", before);
            }
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void theProxyIsToldWhoCallsAndTheServerIsNot() {
        try (TestingServer server = TestingServer.answering(200, "text/plain", "hello very-secret");
                TestingProxy proxy = new TestingProxy(Optional.of("worker:very-secret"))) {
            Workbench bench = bench(proxy.port(), Optional.of(LOGIN)).knowing(Map.of("proxy_password", "very-secret"));

            Execution execution = get(bench, "http://orders.invalid:" + server.port() + "/");

            assertThat(Workbench.output(execution)).contains("hello ***").doesNotContain("very-secret");
            assertThat(server.last().headers()).doesNotContainKey("proxy-authorization");
        }
    }

    @Test
    void aProxyThatKnowsTheWorkerNotRefusesByName() {
        try (TestingProxy proxy = new TestingProxy(Optional.of("worker:very-secret"))) {
            Failure plain = Workbench.failure(get(bench(proxy.port(), Optional.empty()), "http://orders.invalid/x"));
            Failure tunnelled =
                    Workbench.failure(get(bench(proxy.port(), Optional.empty()), "https://orders.invalid/x"));

            assertThat(plain.kind()).isEqualTo(FailureKind.HTTP);
            assertThat(plain.status()).isEqualTo(OptionalInt.of(407));
            assertThat(plain.retryable()).isFalse();
            assertThat(plain.message())
                    .isEqualTo("GET http://orders.invalid/x was refused by the proxy http://127.0.0.1:" + proxy.port()
                            + ": 407 Proxy Authentication Required.");
            assertThat(tunnelled.message())
                    .startsWith("GET https://orders.invalid/x failed without an answer by the proxy http://127.0.0.1:"
                            + proxy.port() + ": ")
                    .contains("407");
        }
    }

    @Test
    void aProxyThatIsAwayIsNamedAndWorthAnotherAttempt() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Failure failure = Workbench.failure(get(bench(free, Optional.empty()), "http://orders.invalid/x"));

        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message())
                .startsWith(
                        "GET http://orders.invalid/x failed without an answer by the proxy http://127.0.0.1:" + free);
    }

    @Test
    void aPasswordThatIsNotKnownFailsBeforeAnythingIsCalled() {
        try (TestingProxy proxy = new TestingProxy(Optional.empty())) {
            Failure failure =
                    Workbench.failure(get(bench(proxy.port(), Optional.of(LOGIN)), "http://orders.invalid/x"));

            assertThat(failure.message()).contains("The secret 'proxy_password' is not known to this worker");
            assertThat(proxy.asked).isEmpty();
        }
    }

    @Test
    void aHostThatIsBypassedIsCalledDirectlyAlsoAfterARedirect() {
        try (TestingServer server = TestingServer.answering(200, "text/plain", "hello");
                TestingServer outside = new TestingServer((request, body) -> request.response()
                        .setStatusCode(302)
                        .putHeader("Location", server.url("/inside"))
                        .end());
                TestingProxy proxy = new TestingProxy(Optional.of("worker:very-secret"))) {
            Workbench bench = bench(proxy.port(), Optional.of(LOGIN), "127.0.0.1")
                    .knowing(Map.of("proxy_password", "very-secret"));
            String url = "http://orders.invalid:" + outside.port() + "/";

            assertThat(Workbench.output(get(bench, url))).contains("hello");

            assertThat(proxy.asked).containsExactly("GET " + url);
            assertThat(server.last().headers()).doesNotContainKey("proxy-authorization");
        }
    }

    private Path keyStoreFor(String host) throws IOException, InterruptedException {
        Path store = directory.resolve("server.jks");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "SAN=dns:" + host,
                        "-storetype",
                        "JKS",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit",
                        "-keypass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).as(said).isZero();
        return store;
    }
}
