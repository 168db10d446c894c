package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.event.TriggerEvent;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do from day to day, by the command as a process of its own against a platform. */
class OperatorVerbsIT {
    @TempDir
    private Path directory;

    @Test
    void tellsWhyARunWaitsAndGoesOnOnceItIsApproved() throws IOException {
        apply("ops_approve", """
                tasks:
                  - {id: ask, approval: "Ship it?", timeout: 1d}
                  - {id: ship, needs: ask, shell: 'echo "by $BY"', env: {BY: "${{ tasks.ask.output.by }}"}}
                """);
        String run = trigger("ops_approve");
        awaitWhy(run, "waits_for_answer");

        assertThat(millrace(0, "why", run))
                .startsWith("The task ask waits for somebody to approve or refuse it, at most for another ");
        assertThat(millrace(0, "why", run, "ship")).isEqualTo("The task ship waits for ask to end.");
        assertThat(millrace(0, "show", run)).contains("ask   deferred", "waits for an answer");
        assertThat(millrace(0, "approve", run, "ask", "--comment", "looks good", "--by", "ada"))
                .isEqualTo("approved: ask of run " + run);

        awaitEnd(run);
        assertThat(millrace(0, "why", run)).isEqualTo("The run has succeeded.");
        assertThat(millrace(0, "show", run, "ask")).contains("\"by\" : \"ada\"", "\"comment\" : \"looks good\"");
        assertThat(millrace(0, "logs", run, "ship")).isEqualTo("by ada");
        assertThat(err(1, "approve", run, "ask")).contains("does not wait for an answer");
    }

    @Test
    void failsATaskForGoodThatIsRejected() throws IOException {
        apply("ops_reject", "tasks: [{id: ask, approval: \"Ship it?\"}]\n");
        String run = trigger("ops_reject");
        awaitWhy(run, "waits_for_answer");

        assertThat(millrace(0, "reject", run, "ask", "--comment", "rows are missing"))
                .isEqualTo("rejected: ask of run " + run);

        awaitEnd(run);
        assertThat(millrace(0, "why", run)).startsWith("The run has failed");
        assertThat(millrace(0, "show", run)).contains("rows are missing");
        assertThat(err(4, "approve", run, "nobody")).contains("no task \"nobody\"");
    }

    @Test
    void tellsWhyARunLiesInAQueueThatNobodyServes() throws IOException {
        apply("ops_queued", "tasks: [{id: train, queue: ops_idle, shell: echo}]\n");
        String run = trigger("ops_queued");
        awaitWhy(run, "no_worker");

        assertThat(millrace(0, "why", run))
                .startsWith("The task train lies in the queue ops_idle for ")
                .endsWith(", and no live worker serves that queue.");
        Until.holds(
                "the queue shows it",
                () -> millrace(0, "queues")
                        .lines()
                        .anyMatch(line -> line.startsWith("ops_idle ") && line.contains("none")));
        assertThat(err(0, "workers", "--queue", "ops_idle")).isEqualTo("no workers like that");
        assertThat(millrace(0, "workers", "--queue", "default", "--health", "alive"))
                .hasLineCount(2)
                .startsWith("WORKER ")
                .contains("alive", "running", "default");
        millrace(0, "cancel", run);
    }

    @Test
    void tellsWhoExecutesATaskAndForHowLong() throws IOException {
        Path gate = directory.resolve("gate");
        apply("ops_running", "tasks: [{id: work, shell: 'while [ ! -e " + gate + " ]; do sleep 0.1; done'}]\n");
        String run = trigger("ops_running");
        awaitWhy(run, "running");

        assertThat(millrace(0, "why", run, "work")).startsWith("The task work is executed by ");
        assertThat(err(1, "rerun", run)).contains("only a run that has ended can be opened again");
        Files.createFile(gate);
        awaitEnd(run);
        assertThat(err(1, "rerun", run)).contains("name the \"tasks\"");
        assertThat(err(2, "rerun", run, "--from", "wokr")).contains("no task \"wokr\"");
    }

    @Test
    void showsADeadLetterAndSendsItAgainOnceItsPipelineIsThere() throws Exception {
        String letter = plant(TriggerEvent.newBuilder()
                .setPipeline("ops_missing")
                .setIdempotencyKey("order-4711")
                .setPayload("{\"order\":4711}")
                .setSource("shop")
                .build());
        Until.holds(
                "it is put aside",
                () -> Cli.execute("dead-letters", "show", letter).code() == 0);

        assertThat(millrace(0, "dead-letters", "list", "--reason", "unknown_pipeline", "--all"))
                .contains(letter, "yes");
        assertThat(millrace(0, "dead-letters", "show", letter))
                .contains("unknown_pipeline", "\"pipeline\" : \"ops_missing\"", "\"source\" : \"shop\"");
        apply("ops_missing", "inputs: {order: integer}\ntasks: [{id: book, shell: echo}]\n");
        assertThat(millrace(0, "dead-letters", "replay", letter))
                .contains(letter + " sent again, as millrace.triggers-");

        Until.holds(
                "the run has ended",
                () -> runsOf("order-4711").stream()
                        .anyMatch(run -> run.path("status").asText().equals("succeeded")));
        millrace(0, "dead-letters", "replay", letter);
        assertThat(err(4, "dead-letters", "replay", "millrace.triggers-0-999999"))
                .isEmpty();
        assertThat(runsOf("order-4711")).hasSize(1);
    }

    @Test
    void showsBytesThatAreNoTriggerAsTheyAre() throws Exception {
        String letter = plant("hello \u001b[31m".getBytes(StandardCharsets.UTF_8));
        Until.holds(
                "it is put aside",
                () -> Cli.execute("dead-letters", "show", letter).code() == 0);

        assertThat(millrace(0, "dead-letters", "show", letter))
                .contains("undecodable", "00000000  68 65 6c 6c 6f 20 1b 5b 33 31 6d")
                .doesNotContain("\u001b");
    }

    @Test
    void showsTheItemsOfAMapBeyondTheFirstPage() throws IOException {
        apply("ops_map", """
                tasks:
                  - {id: list, shell: 'printf ''{"all":[%s]}'' "$(seq -s, 1 250)" > "$MILLRACE_OUTPUT"'}
                  - id: each
                    needs: list
                    for_each: tasks.list.output.all
                    wait: 1ms
                """);
        String run = trigger("ops_map");
        awaitEnd(run);

        assertThat(millrace(0, "show", run)).contains("--items").doesNotContain("each[0]");
        assertThat(millrace(0, "show", run, "--items")).contains("each[0] ", "each[249] ");
        assertThat(millrace(0, "show", run, "each")).contains("250: 250 succeeded");
        assertThat(Json.parse(millrace(0, "show", run, "--items", "-o", "json")).path("tasks"))
                .hasSize(252);
        assertThat(Json.parse(millrace(0, "show", run, "--status", "failed", "-o", "json"))
                        .path("tasks"))
                .isEmpty();
    }

    private static List<JsonNode> runsOf(String key) {
        JsonNode runs = Cli.execute("runs", "--key", key, "--trigger", "record", "--all", "-o", "json")
                .ended(0)
                .json()
                .path("runs");
        return List.copyOf(runs.findParents("pipeline"));
    }

    private static void awaitWhy(String run, String kind) {
        Until.holds(
                "it waits for " + kind,
                () -> Cli.execute("why", run, "-o", "json")
                        .json()
                        .path("reasons")
                        .path(0)
                        .path("kind")
                        .asText()
                        .equals(kind));
    }

    private static void awaitEnd(String run) {
        Until.holds(
                "it ends",
                () -> !Cli.execute("show", run, "-o", "json")
                        .json()
                        .path("status")
                        .asText()
                        .equals("running"));
    }

    /** Writes a record that cannot be accepted to the triggers and returns the id that it gets as a dead letter. */
    private static String plant(TriggerEvent event) throws ExecutionException, InterruptedException {
        KafkaAccess kafka = SharedPlatform.get().kafka();
        try (SchemaRegistryClient registry = new SchemaRegistryClient(kafka.registryUrl())) {
            return plant(
                    new WireFormat(registry).encoder(kafka.topics().triggers()).encode(event));
        }
    }

    private static String plant(byte[] value) throws ExecutionException, InterruptedException {
        KafkaAccess kafka = SharedPlatform.get().kafka();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka.producerProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            String topic = kafka.topics().triggers().name();
            RecordMetadata place =
                    producer.send(new ProducerRecord<>(topic, value)).get();
            return topic + "-" + place.partition() + "-" + place.offset();
        }
    }

    private void apply(String id, String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve(id + ".yaml"), "id: " + id + "\n" + yaml);
        millrace(0, "apply", file.toString());
    }

    private static String trigger(String... arguments) {
        String[] line = new String[arguments.length + 1];
        line[0] = "trigger";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return millrace(0, line);
    }

    private static String millrace(int code, String... arguments) {
        return execute(code, arguments).out();
    }

    private static String err(int code, String... arguments) {
        String err = execute(code, arguments).err();
        assertThat(err).doesNotContain("\tat ");
        return err;
    }

    private static MillraceProcess execute(int code, String... arguments) {
        String[] line = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, line, 0, arguments.length);
        line[arguments.length] = "--url";
        line[arguments.length + 1] = SharedPlatform.get().apiUrl().toString();
        try (MillraceProcess process = MillraceProcess.start(line)) {
            assertThat(process.awaitExit()).as("%s", process).isEqualTo(code);
            return process;
        }
    }
}
