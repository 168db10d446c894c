package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.config.KafkaAccess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose Kafka is not there yet waits for a minute, and not a moment longer than it is asked to. */
@Timeout(120)
class WorkerStartTest {
    private static final Duration PROMPTLY = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void isCalledOffWhereNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        isCalledOff("127.0.0.1:" + port);
    }

    @Test
    void isCalledOffWhereNobodyAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            isCalledOff("127.0.0.1:" + silent.getLocalPort());
        }
    }

    private void isCalledOff(String bootstrap) throws Exception {
        WorkerConfig config = WorkerConfig.of(
                        new KafkaAccess(bootstrap, URI.create("http://127.0.0.1:1"), "start-test.", Map.of()))
                .withWorkerId("early")
                .withWorkDirectory(directory);
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread starting = new Thread(() -> {
            try (Worker worker = Worker.start(config)) {
                ended.completeExceptionally(new AssertionError("it started: " + worker.id()));
            } catch (RuntimeException calledOff) {
                ended.complete(Thread.currentThread().isInterrupted());
            }
        });
        starting.start();
        awaitTheQuestion(starting);

        starting.interrupt();

        assertThat(ended.get(PROMPTLY.toMillis(), TimeUnit.MILLISECONDS))
                .as("the thread's flag")
                .isTrue();
        WorkerHome.open(directory, "early").close();
    }

    /** Until it waits for what Kafka says of the topics, which is where an interruption finds it for most of the minute. */
    private static void awaitTheQuestion(Thread starting) {
        while (Arrays.stream(starting.getStackTrace())
                .noneMatch(frame -> frame.getClassName().endsWith("TopicCreation"))) {
            assertThat(starting.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }
}
