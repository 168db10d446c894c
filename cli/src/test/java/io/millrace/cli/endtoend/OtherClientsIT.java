package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.confluent.ConfluentSender;
import io.millrace.event.RunEvent;
import io.millrace.event.TriggerEvent;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that know nothing of Millrace but its topics and its registry. */
@Tag("every-jdk")
class OtherClientsIT {
    /** Where the build of embedded puts Confluent's own classes. */
    private static final Path CONFLUENT = Path.of("..", "embedded", "target", "interop", "confluent-serializers.jar");

    @TempDir
    private Path directory;

    @BeforeEach
    void apply() throws IOException {
        Path file = Files.writeString(directory.resolve("orders.yaml"), """
                id: orders
                inputs:
                  order: {type: integer}
                tasks:
                  - id: book
                    shell: printf '{"booked":%s}' "$ORDER" > "$MILLRACE_OUTPUT"
                    env: {ORDER: "${{ inputs.order }}"}
                """);
        Cli.execute("apply", file.toString()).ended(0);
    }

    /** G1: a service sends each trigger twice, as after a lost acknowledgement; each key leads to one run. */
    @Test
    void confluentsSerializerStartsOneRunForEachKey() throws IOException {
        assertThat(CONFLUENT).exists();

        send(1, 20);
        send(11, 30);

        Until.holds("30 runs have succeeded", () -> runs("succeeded").size() >= 30);
        List<JsonNode> runs = runs("");
        assertThat(runs).hasSize(30).allSatisfy(run -> {
            assertThat(run.path("trigger").path("kind").asText()).isEqualTo("record");
            assertThat(run.path("trigger").path("source").asText()).isEqualTo("orders");
        });
        assertThat(runs.stream()
                        .map(run -> run.path("trigger").path("idempotency_key").asText()))
                .doesNotHaveDuplicates();
    }

    @Test
    void kcatReadsTheAuditLog() throws IOException, InterruptedException {
        List<String> version = kcat("-V");
        assumeTrue(!version.isEmpty(), "kcat is not installed here");
        String id = Cli.execute("trigger", "orders", "-i", "order=7", "--wait", "-o", "json")
                .ended(0)
                .json()
                .path("id")
                .asText();
        KafkaAccess kafka = SharedPlatform.get().kafka();
        List<String> read = new ArrayList<>(List.of(
                "-C",
                "-e",
                "-q",
                "-X",
                "isolation.level=read_committed",
                "-b",
                kafka.bootstrapServers(),
                "-t",
                kafka.topics().runEvents().name()));

        // Every build of kcat reads keys and headers, and shows the schema's id in front of the value.
        List<String> format = new ArrayList<>(read);
        format.addAll(List.of("-s", "value=bI", "-f", "%k %s %h\n"));
        List<String> lines = kcat(format.toArray(String[]::new)).stream()
                .filter(line -> line.startsWith(id + " "))
                .toList();
        assertThat(lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).contains("ce_type=", "ce_id=", "traceparent="));

        if (version.stream().anyMatch(line -> line.contains("Avro"))) {
            List<String> avro = new ArrayList<>(read);
            avro.addAll(List.of("-s", "value=avro", "-r", kafka.registryUrl().toString(), "-f", "%k %s\n"));
            assertThat(kcat(avro.toArray(String[]::new)))
                    .filteredOn(line -> line.startsWith(id + " "))
                    .hasSize(4)
                    .first()
                    .asString()
                    .contains("RUN_STARTED");
        } else {
            System.out.println("this build of kcat has no Avro: only keys, headers and schema ids were read");
        }
    }

    /** An independent reader from end to end: kcat, the registry's URL, and Apache Avro for Python. */
    @Test
    void apacheAvroForPythonTellsTheStoryThatKcatBrings() throws IOException, InterruptedException {
        assumeTrue(!kcat("-V").isEmpty(), "kcat is not installed here");
        Optional<String> python = Stream.of("python3", "/usr/bin/python3")
                .filter(candidate -> !lines("sh", "-c", candidate + " -c 'import avro; print(1)' 2>/dev/null")
                        .isEmpty())
                .findFirst();
        assumeTrue(python.isPresent(), "Apache Avro for Python (Debian: python3-avro) is not installed here");
        String id = Cli.execute("trigger", "orders", "-i", "order=8", "--wait", "-o", "json")
                .ended(0)
                .json()
                .path("id")
                .asText();
        KafkaAccess kafka = SharedPlatform.get().kafka();
        String pipeline =
                "kcat -b %s -C -e -q -X isolation.level=read_committed -o beginning -t %s -f '%%R%%s' | %s %s %s"
                        .formatted(
                                kafka.bootstrapServers(),
                                kafka.topics().runEvents().name(),
                                python.get(),
                                Path.of("..", "docs", "examples", "story.py"),
                                kafka.registryUrl());

        assertThat(lines("sh", "-c", pipeline))
                .filteredOn(line -> line.startsWith(id))
                .satisfiesExactly(
                        line -> assertThat(line).contains("#1 RUN_STARTED -> book (by millrace.run-commands-"),
                        line -> assertThat(line).contains("#2 TASK_STARTED book 1.1 (by millrace.task-events-"),
                        line -> assertThat(line).contains("#3 TASK_SUCCEEDED book 1.1"),
                        line -> assertThat(line).contains("#4 RUN_SUCCEEDED"));
    }

    @Test
    void theRegistryServesTheSchemaOfTheAuditLogToAnybody() throws IOException, InterruptedException {
        KafkaAccess kafka = SharedPlatform.get().kafka();
        URI latest = URI.create(kafka.registryUrl() + "/subjects/millrace.run-events-value/versions/latest");

        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(latest).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode schema = Json.parse(Json.parse(answer.body()).path("schema").asText());
        assertThat(schema.path("name").asText()).isEqualTo(RunEvent.class.getSimpleName());
    }

    @Test
    void theTraceOfATriggerGoesOnInTheAuditLog() throws Exception {
        Path traced = Files.writeString(directory.resolve("traced.yaml"), """
                id: traced
                tasks:
                  - id: nothing
                    shell: "true"
                """);
        Cli.execute("apply", traced.toString()).ended(0);
        KafkaAccess kafka = SharedPlatform.get().kafka();
        String trace = "0af7651916cd43dd8448eb211c80319c";
        String topic = kafka.topics().runEvents().name();
        try (SchemaRegistryClient registry = new SchemaRegistryClient(kafka.registryUrl());
                var producer = new KafkaProducer<>(
                        kafka.producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(
                        kafka.consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            var trigger = TriggerEvent.newBuilder()
                    .setPipeline("traced")
                    .setSource("test")
                    .build();
            producer.send(new ProducerRecord<>(
                            kafka.topics().triggers().name(),
                            null,
                            new byte[] {1},
                            new WireFormat(registry)
                                    .encoder(kafka.topics().triggers())
                                    .encode(trigger),
                            EventHeaders.of(
                                    "test.order", "/test", "1", Instant.now(), "00-" + trace + "-b7ad6b7169203331-01")))
                    .get();

            Until.holds("an event is of that trace", () -> {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    if (EventHeaders.traceparent(record.headers()).orElse("").contains(trace)) {
                        return true;
                    }
                }
                return false;
            });
        }
    }

    private void send(int first, int last) throws IOException {
        KafkaAccess kafka = SharedPlatform.get().kafka();
        Path schema = Files.writeString(
                directory.resolve("trigger.avsc"),
                TriggerEvent.getClassSchema()
                        .toString()
                        .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\""));
        String classPath = CONFLUENT.toAbsolutePath() + File.pathSeparator + testClasses();
        try (MillraceProcess sender = MillraceProcess.of(
                classPath,
                ConfluentSender.class.getName(),
                kafka.bootstrapServers(),
                kafka.registryUrl().toString(),
                kafka.topics().triggers().name(),
                schema.toString(),
                "orders",
                Integer.toString(first),
                Integer.toString(last))) {
            assertThat(sender.awaitExit()).as("%s", sender).isZero();
        }
    }

    private static String testClasses() {
        return Path.of(ConfluentSender.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }

    private static List<JsonNode> runs(String status) {
        List<JsonNode> runs = new ArrayList<>();
        List<String> line = new ArrayList<>(List.of("runs", "-p", "orders", "-n", "200", "-o", "json"));
        if (!status.isEmpty()) {
            line.addAll(List.of("-s", status));
        }
        Cli.execute(line.toArray(String[]::new)).ended(0).json().path("runs").forEach(run -> {
            if (run.path("trigger").path("kind").asText().equals("record")) {
                runs.add(run);
            }
        });
        return runs;
    }

    /** The lines that kcat writes; none when there is no kcat. */
    private static List<String> kcat(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kcat"));
        command.addAll(List.of(arguments));
        return lines(command.toArray(String[]::new));
    }

    /** The lines that a command writes; none when there is no such command. */
    private static List<String> lines(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return out.lines().collect(Collectors.toList());
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
