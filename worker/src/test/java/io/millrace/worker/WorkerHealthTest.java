package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.config.Settings;
import io.millrace.schemas.config.SettingsException;
import io.millrace.worker.health.HealthAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker says of itself by HTTP, on a real broker. */
@Timeout(120)
class WorkerHealthTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final HealthAddress ANY_PORT = new HealthAddress("127.0.0.1", 0);
    private static final Pattern DOCUMENTED = Pattern.compile("\\| `(millrace_worker_[a-z_]+)` \\|");

    @TempDir
    Path directory;

    private Stage stage;

    @BeforeEach
    void begin() {
        stage = new Stage(directory);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void isReadyOnceItIsInTheGroupAndNotWhileItDrains() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Worker worker = Worker.builder(stage.config("w"))
                .handler("h", context -> {
                    running.countDown();
                    goOn.await();
                    return Map.of();
                })
                .health(ANY_PORT)
                .start();
        Thread closing = new Thread(worker::close);
        try {
            int port = worker.healthPort().orElseThrow();
            assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
            awaitReady(port);

            stage.dispatch(stage.aTask("run-1"));
            running.await();
            assertThat(number(get(port, "/metrics").body(), "millrace_worker_slots_busy"))
                    .isEqualTo(1);
            closing.start();
            while (get(port, "/readyz").statusCode() == 200) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
            assertThat(get(port, "/readyz").body()).contains("the worker drains and takes nothing more");
            assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
        } finally {
            goOn.countDown();
            closing.join();
        }
    }

    @Test
    void measuresExactlyWhatTheDocumentationSays() throws Exception {
        try (Worker worker = Worker.builder(stage.config("w"))
                .handler("h", context -> Map.of())
                .health(ANY_PORT)
                .start()) {
            int port = worker.healthPort().orElseThrow();
            stage.dispatch(stage.aTask("run-1"));
            stage.dispatch(stage.aScript("run-2", "exit 3"));
            stage.dispatch(stage.aTask("run-3").setKind("spell"));
            stage.dispatch(stage.aTask("run-4").setEpoch(0));
            awaitAtLeast(port, "millrace_worker_executions_seconds_count{kind=\"java\",outcome=\"succeeded\"}", 1);
            awaitAtLeast(port, "millrace_worker_executions_seconds_count{kind=\"shell\",outcome=\"failed\"}", 1);
            awaitAtLeast(port, "millrace_worker_executions_seconds_count{kind=\"unknown\",outcome=\"failed\"}", 1);
            awaitAtLeast(port, "millrace_worker_dead_letters_total", 1);

            String metrics = get(port, "/metrics").body();
            assertThat(number(metrics, "millrace_worker_slots")).isEqualTo(2);
            assertThat(number(metrics, "millrace_worker_claimed_total")).isEqualTo(3);
            assertThat(number(metrics, "millrace_worker_queue_wait_seconds_count"))
                    .isEqualTo(3);
            assertThat(number(metrics, "millrace_worker_claims_seconds_count{fate=\"committed\"}"))
                    .isPositive();
            assertThat(number(metrics, "millrace_worker_heartbeat_age_seconds")).isLessThan(60);
            assertThat(metrics).contains("kafka_consumer_fetch_manager_records_lag", "jvm_memory_used_bytes");
            assertThat(types(metrics)).isEqualTo(documented());
        }
    }

    @Test
    void answersNothingElse() throws Exception {
        try (Worker worker = Worker.builder(stage.config("w")).health(ANY_PORT).start()) {
            int port = worker.healthPort().orElseThrow();
            assertThat(get(port, "/").statusCode()).isEqualTo(404);
            assertThat(get(port, "/../etc/passwd").statusCode()).isEqualTo(404);
            assertThat(send(HttpRequest.newBuilder(uri(port, "/metrics"))
                                    .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                                    .build())
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void isOffUnlessAPortIsGiven() {
        try (Worker worker = stage.start(stage.config("w"))) {
            assertThat(worker.healthPort()).isEmpty();
        }
        assertThat(HealthAddress.read(Settings.of(Map.of("worker.http.host", "127.0.0.1"))))
                .isEmpty();
        assertThat(HealthAddress.read(Settings.of(Map.of("worker.http.port", "9464"))))
                .contains(new HealthAddress("127.0.0.1", 9464));
        assertThatThrownBy(() -> {
                    Settings settings = Settings.of(Map.of("worker.http.port", "70000"));
                    HealthAddress.read(settings);
                    settings.check();
                })
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("worker.http.port");
    }

    @Test
    void aTakenPortIsSaidAndNothingIsLeftBehind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            HealthAddress address = new HealthAddress("127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(() ->
                            Worker.builder(stage.config("w")).health(address).start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("worker.http.port")
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
        try (Worker again = stage.start(stage.config("w"))) {
            assertThat(again.isRunning()).isTrue();
        }
    }

    @Test
    void isAliveAndNotReadyWhileKafkaIsAway() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        KafkaAccess away = new KafkaAccess("127.0.0.1:" + nobody, stage.access.registryUrl(), "away.", Map.of());
        Thread starting = new Thread(() -> {
            try {
                Worker.builder(WorkerConfig.of(away).withWorkerId("away").withWorkDirectory(directory.resolve("away")))
                        .health(new HealthAddress("127.0.0.1", port))
                        .start()
                        .close();
            } catch (IllegalStateException interrupted) {
                // As it should be: Kafka never came.
            }
        });
        starting.start();
        try {
            HttpResponse<String> ready = awaitAnswer(port, "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("the worker is starting");
            assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
        } finally {
            starting.interrupt();
            starting.join();
        }
    }

    private static void awaitReady(int port) throws Exception {
        while (get(port, "/readyz").statusCode() != 200) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static HttpResponse<String> awaitAnswer(int port, String path) throws Exception {
        while (true) {
            try {
                return get(port, path);
            } catch (java.net.ConnectException notYet) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static void awaitAtLeast(int port, String series, double least) throws Exception {
        while (number(get(port, "/metrics").body(), series) < least) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static double number(String metrics, String series) {
        return metrics.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    private static Set<String> types(String metrics) {
        Matcher names = Pattern.compile("(?m)^# TYPE (millrace_[a-z_]+) ").matcher(metrics);
        return names.results()
                .map(result -> result.group(1))
                .filter(name -> !name.endsWith("_max"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented() throws Exception {
        Matcher names = DOCUMENTED.matcher(Files.readString(Path.of("..", "docs", "metrics.md")));
        return names.results().map(result -> result.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(port, path)).build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
