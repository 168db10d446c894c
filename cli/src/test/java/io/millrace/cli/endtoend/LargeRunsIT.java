package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.bench.lab.LogSize;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.local.LocalPlatform;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.schemas.QueueName;
import io.millrace.worker.Worker;
import io.millrace.worker.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of thousands of tasks through YAML, API and Kafka; what one task costs does not grow with its run. */
@Tag("alone")
class LargeRunsIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int WIDTH = 40;

    @TempDir
    private static Path directory;

    private static LocalPlatform platform;
    private static Worker worker;
    private static AuditWatch audit;
    private static ApiClient api;

    /** What a run took, for each of its tasks. */
    private record Cost(double millis, double records) {
        @Override
        public String toString() {
            return "%.2f ms and %.2f records a task".formatted(millis, records);
        }
    }

    @BeforeAll
    static void start() {
        platform = SharedPlatform.get();
        api = new ApiClient(platform.apiUrl());
        worker = Worker.builder(WorkerConfig.of(platform.kafka())
                        .withWorkerId("bulk")
                        .withQueues(Set.of(new QueueName("bulk")))
                        .withSlots(16)
                        .withWorkDirectory(directory.resolve("work"))
                        .withTopics(4, (short) 1))
                .handler("nothing", context -> null)
                .handler("double", context -> Map.of("value", 2 * number(context.inputs())))
                .handler("sum", context -> Map.of("sum", sum(context.inputs())))
                .start();
        audit = new AuditWatch(platform.kafka());
    }

    @AfterAll
    static void stop() {
        audit.close();
        worker.close();
        Audited.holds(platform.kafka());
    }

    private static long number(Map<String, ?> inputs) {
        return ((Number) inputs.get("value")).longValue();
    }

    private static long sum(Map<String, ?> inputs) {
        return ((List<?>) inputs.get("items"))
                .stream().mapToLong(item -> number((Map<String, ?>) item)).sum();
    }

    @Test
    void executesTwoThousandTasksInFiftyLayersAtTheCostOfTwoHundredForEach() throws Exception {
        apply(layers("layers_few", 5));
        apply(layers("layers_many", 50));
        run("layers_few", Json.object()); // Everything is warm.

        Cost few = cost("layers_few", 5 * WIDTH);
        Cost many = cost("layers_many", 50 * WIDTH);

        System.out.println("200 tasks in 5 layers: " + few + "; 2,000 in 50: " + many);
        assertThat(many.records()).isLessThan(few.records() * 1.1);
        assertThat(many.millis()).isLessThan(few.millis() * 3);
    }

    @Test
    void expandsAMapOfFiveThousandItemsAtTheCostOfFiveHundredForEach() throws Exception {
        apply(map("map_few", 500));
        apply(map("map_many", 5_000));
        run("map_few", Json.object());

        Cost few = cost("map_few", 500);
        Cost many = cost("map_many", 5_000);

        System.out.println("500 items: " + few + "; 5,000: " + many);
        assertThat(many.records()).isLessThan(few.records() * 1.1);
        assertThat(many.millis()).isLessThan(few.millis() * 3);
        JsonNode joined = task(lastRun, "total");
        assertThat(joined.path("output").path("sum").asLong()).isEqualTo(2L * 5_000 * 4_999 / 2);
    }

    @Test
    void runsThreeDeepHandOutputsUp() throws IOException {
        nest();

        String run = run("top", Json.object().put("value", 5));

        assertThat(Cli.execute("show", run, "-o", "json")
                        .ended(0)
                        .json()
                        .path("output")
                        .path("value")
                        .asInt())
                .isEqualTo(40);
        assertThat(children(run)).hasSize(1);
        assertThat(children(children(run).get(0))).hasSize(1);
    }

    @Test
    void runsThreeDeepHandFailuresUp() throws IOException {
        nest();

        String run = start("top", Json.object().put("value", -1));

        Until.holds("it fails", LIMIT, () -> ended(run));
        String middle = children(run).get(0);
        for (String each : List.of(run, middle, children(middle).get(0))) {
            assertThat(status(each)).isEqualTo("failed");
        }
    }

    @Test
    void cancellationGoesThreeDeepDown() throws IOException {
        nest();
        String run = start("top", Json.object().put("value", 0));
        String leaf = Until.found(
                "the innermost task runs",
                LIMIT,
                () -> children(run).stream()
                        .flatMap(middle -> children(middle).stream())
                        .filter(each ->
                                task(each, "work").path("status").asText().equals("running"))
                        .findFirst());

        Cli.execute("cancel", run).ended(0);

        Until.holds("all are cancelled", LIMIT, () -> ended(run) && ended(leaf));
        assertThat(status(leaf)).isEqualTo("cancelled");
        assertThat(status(run)).isEqualTo("cancelled");
    }

    /** Three pipelines, each but the last starting the next; the innermost sleeps for 0 and fails for -1. */
    private static void nest() throws IOException {
        for (List<String> pair : List.of(List.of("top", "middle"), List.of("middle", "leaf"))) {
            apply("""
                    id: %s
                    inputs: {value: integer}
                    outputs: {value: "${{ tasks.down.output.value * 2 }}"}
                    tasks:
                      - {id: down, run: %s, with: {value: "${{ inputs.value }}"}}
                    """.formatted(pair.get(0), pair.get(1)));
        }
        apply("""
                id: leaf
                inputs: {value: integer}
                outputs: {value: "${{ tasks.work.output.value }}"}
                tasks:
                  - id: work
                    shell: |
                      if [ "$VALUE" = 0 ]; then sleep 600; fi
                      if [ "$VALUE" = -1 ]; then exit 1; fi
                      printf '{"value": %s}' $((VALUE * 2)) > "$MILLRACE_OUTPUT"
                    env: {VALUE: "${{ inputs.value }}"}
                    outputs: {value: integer}
                """);
    }

    private static String layers(String id, int layers) {
        StringBuilder yaml = new StringBuilder("id: " + id + "\ntasks:\n");
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < WIDTH; i++) {
                int above = layer - 1;
                String needs = layer == 0
                        ? ""
                        : IntStream.of(i, (i + 1) % WIDTH, (i + 7) % WIDTH)
                                .mapToObj(need -> "t%d_%d".formatted(above, need))
                                .collect(Collectors.joining(", ", ", needs: [", "]"));
                yaml.append("  - {id: t%d_%d, queue: bulk, java: nothing%s}\n".formatted(layer, i, needs));
            }
        }
        return yaml.toString();
    }

    private static String map(String id, int items) {
        return """
                id: %s
                tasks:
                  - id: each
                    for_each: [%s]
                    queue: bulk
                    java: double
                    with: {value: "${{ item }}"}
                    outputs: {value: integer}
                  - id: total
                    needs: each
                    queue: bulk
                    java: sum
                    with: {items: "${{ tasks.each.output.items }}"}
                    outputs: {sum: integer}
                """.formatted(
                id, IntStream.range(0, items).mapToObj(Integer::toString).collect(Collectors.joining(", ")));
    }

    private static String lastRun = "";

    private static Cost cost(String pipeline, int tasks) throws Exception {
        long before = LogSize.of(platform.kafka()).records();
        lastRun = run(pipeline, Json.object());
        String run = lastRun;
        Duration took =
                Duration.between(moment(run, RunEventType.RUN_STARTED), moment(run, RunEventType.RUN_SUCCEEDED));
        return new Cost(
                took.toMillis() / (double) tasks, (LogSize.of(platform.kafka()).records() - before) / (double) tasks);
    }

    private static Instant moment(String run, RunEventType type) {
        return audit.events(type)
                .filter(event -> event.getRunId().equals(run))
                .map(RunEvent::getAt)
                .findFirst()
                .orElseThrow();
    }

    private static void apply(String yaml) throws IOException {
        String id = yaml.substring("id: ".length(), yaml.indexOf('\n'));
        Path file = Files.writeString(directory.resolve(id + ".yaml"), yaml);
        Cli.execute("apply", file.toString()).ended(0);
    }

    private static String start(String pipeline, JsonNode inputs) {
        return api.start(pipeline, inputs, pipeline + "-" + System.nanoTime())
                .path("id")
                .asText();
    }

    private static String run(String pipeline, JsonNode inputs) {
        String run = start(pipeline, inputs);
        Until.holds(pipeline + " ends", LIMIT, () -> ended(run));
        assertThat(status(run)).isEqualTo("succeeded");
        return run;
    }

    private static boolean ended(String run) {
        return audit.isEnded(run) && !status(run).equals("running"); // The API may hear of it a moment later.
    }

    private static String status(String run) {
        return api.run(run).path("status").asText();
    }

    private static List<String> children(String run) {
        List<String> children = new ArrayList<>();
        audit.events(RunEventType.TASK_DEFERRED)
                .filter(event -> event.getRunId().equals(run))
                .forEach(event -> event.getChildRunId().ifPresent(children::add));
        return children;
    }

    private static JsonNode task(String run, String task) {
        for (JsonNode each : api.run(run).path("tasks")) {
            if (each.path("id").asText().equals(task)) {
                return each;
            }
        }
        return Json.object();
    }
}
