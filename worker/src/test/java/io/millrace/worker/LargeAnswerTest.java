package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An answer of 300 MiB passes through a worker whose heap, and whose buffers beside it, have 64 MiB each. */
@Timeout(300)
@Tag("any-jdk")
class LargeAnswerTest {
    private static final int MEBIBYTES = 300;
    private static final byte[] CHUNK = new byte[1 << 20];

    @TempDir
    Path directory;

    @Test
    void anAnswerPassesThroughAWorkerOfLittleMemory() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Stage stage = new Stage(directory)) {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(request -> write(request.response().setChunked(true), 0))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            stage.dispatch(stage.aTask("r1")
                    .setKind("http")
                    .setAction(new ObjectMapper()
                            .writeValueAsString(Map.of(
                                    "method", "GET", "url", "http://127.0.0.1:" + server.actualPort() + "/large.bin")))
                    .setFileOutputs(List.of("body")));
            Process process = WorkerProcess.start(
                    stage.access,
                    "small",
                    directory.resolve("small"),
                    List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC"),
                    directory.resolve("store"));
            try {
                TaskReport outcome = stage.outcome("r1");

                assertThat(outcome.getType()).as("%s", outcome).isEqualTo(TaskReportType.SUCCEEDED);
                JsonNode body = new ObjectMapper()
                        .readTree(outcome.getOutput().orElseThrow())
                        .path("body");
                assertThat(body.path("size").asLong()).isEqualTo((long) MEBIBYTES << 20);
                assertThat(body.path("name").asText()).isEqualTo("large.bin");
                assertThat(body.path("artifact").asText()).isEqualTo("sha256:" + digest());
            } finally {
                process.destroyForcibly().onExit().get(30, TimeUnit.SECONDS);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static void write(HttpServerResponse response, int written) {
        if (written == MEBIBYTES) {
            response.end();
        } else {
            response.write(Buffer.buffer(CHUNK)).onSuccess(done -> write(response, written + 1));
        }
    }

    private static String digest() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int chunk = 0; chunk < MEBIBYTES; chunk++) {
            digest.update(CHUNK);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
