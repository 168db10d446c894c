package io.millrace.worker.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that answers in S3's place, and badly: each time the attempt fails with one sentence that names the artifact and the store, and may be retried. */
@Timeout(120)
class S3FaultsTest {
    private static final ArtifactReference ABC = new ArtifactReference(
            new Digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), "abc.txt", 3);

    @TempDir
    Path files;

    private HttpServer server;
    private Artifacts artifacts;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        artifacts = Artifacts.open(ArtifactSettings.NONE
                .withLocation(StoreLocation.of("s3://bucket/x"))
                .withS3(new S3Access(
                        Optional.of(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort())),
                        Optional.empty(),
                        true,
                        Optional.of(new S3Access.Keys("access-key", "hunter22-secret")))));
    }

    @AfterEach
    void stop() {
        artifacts.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"403, AccessDenied", "500, InternalError", "503, SlowDown", "400, InvalidRequest"})
    void aRefusalIsNamed(int status, String code) throws IOException {
        answer(exchange -> {
            byte[] body = ("<?xml version=\"1.0\"?><Error><Code>" + code
                            + "</Code><Message>said the server</Message></Error>")
                    .getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        });

        assertThat(fetching().sentence())
                .startsWith("The artifact 'abc.txt' (" + ABC.digest()
                        + ", 3 bytes) could not be fetched from s3://bucket/x/: ")
                .contains("(" + status + ")")
                .doesNotContain("null", "hunter22");
        assertThat(storing().sentence())
                .startsWith("The file 'abc.txt' could not be stored in s3://bucket/x/: ")
                .contains("(" + status + ")")
                .doesNotContain("null", "hunter22");
    }

    @Test
    void aBodyThatEndsEarlyIsNoArtifact() throws IOException {
        answer(exchange -> {
            exchange.getResponseHeaders().set("Last-Modified", "Thu, 26 Nov 2026 00:00:00 GMT");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", "3");
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, 3);
                exchange.getResponseBody().write("ab".getBytes(StandardCharsets.UTF_8));
            }
        });
        assertThat(fetching().sentence()).contains(ABC.digest().toString(), "s3://bucket/x/");
    }

    @Test
    void aPageOfAProxyIsNoArtifact() throws IOException {
        bodies("<html>Please log in</html>");
        assertThat(fetching().sentence()).contains("is damaged", "s3://bucket/x/ gave more than 3 bytes");
    }

    @Test
    void aServerThatTakesItsTimeIsWaitedFor() throws IOException {
        answer(exchange -> {
            exchange.getResponseHeaders().set("Last-Modified", "Thu, 26 Nov 2026 00:00:00 GMT");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            exchange.sendResponseHeaders(200, 3);
            try (OutputStream body = exchange.getResponseBody()) {
                for (byte b : "abc".getBytes(StandardCharsets.UTF_8)) {
                    body.write(b);
                    body.flush();
                    LockSupport.parkNanos(300_000_000);
                }
            }
        });
        artifacts.fetch(ABC, files.resolve("back"), () -> false);
        assertThat(files.resolve("back")).hasContent("abc");
    }

    @Test
    void aServerThatIsAwayIsNamed() {
        server.stop(0);
        assertThat(fetching().sentence())
                .contains(
                        "could not be fetched from s3://bucket/x/", ABC.digest().toString());
    }

    private ArtifactException fetching() {
        ArtifactException fault = catchThrowableOfType(
                ArtifactException.class, () -> artifacts.fetch(ABC, files.resolve("back"), () -> false));
        assertThat(fault.isRetryable()).isTrue();
        return fault;
    }

    private ArtifactException storing() throws IOException {
        Path file = Files.writeString(files.resolve("abc.txt"), "abc");
        ArtifactException fault =
                catchThrowableOfType(ArtifactException.class, () -> artifacts.store(file, "abc.txt", () -> false));
        assertThat(fault.isRetryable()).isTrue();
        return fault;
    }

    private void bodies(String body) {
        answer(exchange -> {
            exchange.getResponseHeaders().set("Last-Modified", "Thu, 26 Nov 2026 00:00:00 GMT");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : body.length());
            if (!head) {
                exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private void answer(HttpHandler handler) {
        server.createContext("/", (HttpExchange exchange) -> {
            exchange.getRequestBody().readAllBytes();
            try {
                handler.handle(exchange);
            } finally {
                exchange.close();
            }
        });
    }
}
