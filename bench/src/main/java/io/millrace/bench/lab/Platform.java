package io.millrace.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.role.CoordinatorMain;
import io.millrace.bench.role.WorkerMain;
import io.millrace.schemas.config.KafkaAccess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/**
 * Coordinators and workers on topics of their own, each a process.
 *
 * <p><b>Threading:</b> used by one thread, but for {@link #startByHttp} and {@link #check}, which any may call.
 */
public final class Platform implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TOO_MANY_REQUESTS = 429;

    private final Lab lab;
    private final String name;
    private final PlatformShape shape;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Deque<LabProcess> processes = new ConcurrentLinkedDeque<>();
    private volatile URI api = URI.create("http://127.0.0.1:0");

    Platform(Lab lab, String name, PlatformShape shape) {
        this.lab = lab;
        this.name = name;
        this.shape = shape;
    }

    /** Starts all that belongs to its shape: coordinators {@code c1}, {@code c2}, …, then workers {@code w1}, {@code w2}, … */
    public void start() {
        for (int i = 1; i <= shape.coordinators(); i++) {
            coordinator("c" + i);
        }
        for (int i = 1; i <= shape.workers(); i++) {
            worker("w" + i);
        }
    }

    /** Starts one more coordinator, or one that was there before again, and returns when it answers in full. */
    public LabProcess coordinator(String id) {
        List<String> arguments = settings();
        arguments.addAll(List.of(
                "instance.id=" + id,
                "api.port=0",
                "state.directory=" + lab.directory().resolve(name).resolve(id),
                "standbys=" + shape.standbys()));
        LabProcess started = lab.start(
                name + "-" + id, "coordinator", shape.coordinatorGigabytes(), CoordinatorMain.class, arguments);
        processes.push(started);
        api = URI.create("http://127.0.0.1:" + started.await("ready", Lab.START_LIMIT));
        return started;
    }

    /** Starts one more worker, and returns when it claims. */
    public LabProcess worker(String id) {
        List<String> arguments = settings();
        arguments.addAll(List.of(
                "worker.id=" + id,
                "worker.directory=" + lab.directory().resolve(name).resolve(id),
                "worker.slots=" + shape.slots()));
        LabProcess started = lab.start(name + "-" + id, "worker", Lab.STANDARD_HEAP, WorkerMain.class, arguments);
        processes.push(started);
        started.await("ready", Lab.START_LIMIT);
        return started;
    }

    /** Kills one that was started here, such as {@code c1}, as a power cut would. */
    public void kill(String id) {
        LabProcess process = process(id);
        process.kill();
        processes.remove(process);
    }

    /** One that was started here and is not killed. */
    public LabProcess process(String id) {
        return processes.stream()
                .filter(each -> each.name().equals(name + "-" + id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no process " + id));
    }

    /** @throws LabException when one of its processes, or the broker, has ended by itself */
    public void check() {
        processes().forEach(LabProcess::check);
    }

    /** What coordinators and workers are told alike. */
    private List<String> settings() {
        return new ArrayList<>(List.of(
                "kafka.bootstrap.servers=" + lab.bootstrap(),
                "registry.url=" + lab.registry(),
                "topic.prefix=" + prefix(),
                "partitions=" + Lab.PARTITIONS,
                "replication.factor=1"));
    }

    /** The broker and all that was started here, oldest first. */
    public List<LabProcess> processes() {
        List<LabProcess> all = new ArrayList<>(List.of(lab.broker()));
        processes.descendingIterator().forEachRemaining(all::add);
        return all;
    }

    /** How its topics are reached. */
    public KafkaAccess access() {
        return new KafkaAccess(lab.bootstrap(), lab.registry(), prefix(), Map.of());
    }

    /** How much lies in its topics now. */
    public LogSize logSize() {
        return LogSize.of(access());
    }

    /** What the names of its topics begin with. */
    public String prefix() {
        return name + ".";
    }

    /** Where the API of the coordinator that was started last is. */
    public URI api() {
        return api;
    }

    /** Applies a pipeline, whose source begins with its id. */
    public void apply(String yaml) {
        String id = yaml.substring("id: ".length(), yaml.indexOf('\n'));
        HttpRequest request = HttpRequest.newBuilder(api.resolve("/api/v1/pipelines/" + id))
                .header("Content-Type", "application/yaml")
                .timeout(PATIENCE)
                .PUT(BodyPublishers.ofString(yaml))
                .build();
        send(request);
    }

    /** What the API answers to a GET. */
    public JsonNode get(String path) {
        return send(HttpRequest.newBuilder(api.resolve(path)).timeout(PATIENCE).build());
    }

    /**
     * Starts a run by HTTP, and completes with its id once that is answered. A coordinator that has too much to do is asked again when it says, as by
     * every client.
     *
     * @param key its idempotency key
     */
    public CompletableFuture<String> startByHttp(String pipeline, String key, String inputs) {
        HttpRequest request = HttpRequest.newBuilder(api.resolve("/api/v1/pipelines/" + pipeline + "/runs"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString("{\"inputs\":" + inputs + "}"))
                .timeout(PATIENCE)
                .build();
        return sendUntilTaken(request)
                .thenApply(answer -> parsed(answer).path("id").asText());
    }

    private CompletableFuture<HttpResponse<String>> sendUntilTaken(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofString()).thenCompose(answer -> {
            if (answer.statusCode() != TOO_MANY_REQUESTS) {
                return CompletableFuture.completedFuture(answer);
            }
            long seconds = answer.headers().firstValueAsLong("Retry-After").orElse(1);
            return CompletableFuture.supplyAsync(
                            () -> request, CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS))
                    .thenCompose(this::sendUntilTaken);
        });
    }

    private JsonNode send(HttpRequest request) {
        try {
            return parsed(http.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new LabException("The API does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("The bench was interrupted");
        }
    }

    private static JsonNode parsed(HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new LabException(
                    answer.request().uri() + " was answered with " + answer.statusCode() + ": " + answer.body());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new LabException("The API's answer is not JSON: " + answer.body());
        }
    }

    /** Ends workers and coordinators, the youngest first. */
    @Override
    public void close() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }
}
