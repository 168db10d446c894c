package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.event.TriggerEvent;
import io.millrace.schemas.Topic;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit verify} and {@code replay} against a platform at work, and one whose topics somebody has tampered with. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIf(value = "io.millrace.cli.endtoend.TestBroker#isThere", disabledReason = TestBroker.MISSING)
class AuditVerbsIT {
    private static final String[] GUARANTEES = {"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G10", "G11", "G12"};

    private static final String STORY = """
            id: story
            tasks:
              - {id: first, shell: 'echo one', retry: {max: 1, backoff: 10ms}}
              - id: flaky
                needs: first
                shell: '[ "$MILLRACE_ATTEMPT" = 2 ]'
                retry: {max: 2, backoff: 10ms}
              - {id: never, needs: first, shell: 'true', if: 1 > 2}
              - id: each
                needs: flaky
                for_each: {items: "[1, 2, 3]"}
                shell: 'true'
            """;

    @TempDir
    private static Path directory;

    private static Cluster cluster;
    private static String run;

    @BeforeAll
    static void start() throws IOException {
        cluster = Cluster.start(directory, "audit-it.");
        cluster.worker("auditor");
        cluster.apply("story", STORY);
        run = cluster.trigger("story");
        cluster.awaitEnd(run);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Cli executeOnTopics(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--bootstrap",
                cluster.access().bootstrapServers(),
                "--registry",
                cluster.access().registryUrl().toString(),
                "--prefix",
                cluster.access().topicPrefix()));
        return cluster.execute(all.toArray(String[]::new));
    }

    @Test
    @Order(1)
    void whatAPlatformWroteHolds() {
        Cli text = executeOnTopics("audit", "verify").ended(0);
        assertThat(text.out()).contains("every guarantee holds").contains(GUARANTEES);

        JsonNode json =
                executeOnTopics("audit", "verify", "-o", "json").ended(0).json();
        assertThat(json.path("holds").asBoolean()).isTrue();
        assertThat(json.path("guarantees").findValuesAsText("guarantee")).containsExactly(GUARANTEES);
        assertThat(json.path("records").path("audit-it.run-events").asLong()).isPositive();
    }

    @Test
    @Order(2)
    void aRunIsReplayedToItsEndAndToAnyMomentBefore() {
        Cli end = cluster.execute("replay", run).ended(0);
        assertThat(end.out()).contains("succeeded", "the coordinator says the same of the run and all of its tasks");

        JsonNode json =
                cluster.execute("replay", run, "--steps", "-o", "json").ended(0).json();
        assertThat(json.path("status").asText()).isEqualTo("succeeded");
        assertThat(json.path("differences")).isEmpty();
        assertThat(json.path("tasks").findValuesAsText("id")).contains("first", "flaky", "never", "each[2]");
        assertThat(json.path("steps").size()).isEqualTo(json.path("sequence").asInt());

        JsonNode early = cluster.execute("replay", run, "--at", "2", "-o", "json")
                .ended(0)
                .json();
        assertThat(early.path("status").asText()).isEqualTo("running");
        assertThat(early.path("tasks").path(0).path("status").asText()).isEqualTo("running");
        assertThat(early.has("differences")).isFalse();

        long offset = cluster.events(run).get(0).path("position").path("offset").asLong();
        JsonNode first = cluster.execute("replay", run, "--at", "@" + offset, "-o", "json")
                .ended(0)
                .json();
        assertThat(first.path("sequence").asInt()).isEqualTo(1);
    }

    @Test
    @Order(3)
    void anotherVersionIsTriedOnTheRecordedOutcomes() throws IOException {
        Path same = Files.writeString(directory.resolve("same.yaml"), STORY);
        JsonNode unchanged = cluster.execute("replay", run, "--with", same.toString(), "-o", "json")
                .ended(0)
                .json();
        assertThat(unchanged.path("would_have_been").asText()).isEqualTo("succeeded");
        assertThat(unchanged.path("unknown")).isEmpty();

        Path strict = Files.writeString(
                directory.resolve("strict.yaml"), STORY.replace("retry: {max: 2, backoff: 10ms}", "retry: {max: 0}"));
        Cli text = cluster.execute("replay", run, "--with", strict.toString(), "--steps")
                .ended(0);
        assertThat(text.out()).contains("the run succeeded; it would have failed: 1 of 4 tasks failed: flaky");

        Path broken = Files.writeString(directory.resolve("broken.yaml"), "id: story\ntasks: [{id: a, shel: x}]\n");
        assertThat(cluster.execute("replay", run, "--with", broken.toString())
                                .ended(2)
                                .err()
                        + cluster.execute("replay", run, "--with", broken.toString())
                                .out())
                .contains("did you mean \"shell\"?");
    }

    @Test
    @Order(3)
    void whatCannotBeReplayedIsSaid() {
        assertThat(cluster.execute("replay", "0123456789abcdefghjkmnpqrs")
                        .ended(4)
                        .err())
                .contains("there is no run");
        assertThat(cluster.execute("replay", "nonsense").ended(2).err()).contains("is no run's id");
        assertThat(cluster.execute("replay", run, "--at", "teatime").ended(2).err())
                .contains("is no place in a run");
        assertThat(cluster.execute("replay", run, "--at", "-1d").ended(4).err()).contains("had not begun");
    }

    @Test
    @Order(4)
    void whatCannotBeCheckedIsNoViolation() {
        assertThat(cluster.execute("audit", "verify", "--prefix", "nobody.")
                        .ended(2)
                        .err())
                .contains("nothing could be checked: there is no topic nobody.");
        assertThat(cluster.execute("audit", "verify", "--from", "teatime")
                        .ended(2)
                        .err())
                .contains("is no moment");
    }

    @Test
    @Order(5)
    void whatHasNotBeenDealtWithIsUnderWay() {
        JsonNode later = executeOnTopics("audit", "verify", "--from", "-1s", "-o", "json")
                .ended(0)
                .json();
        assertThat(later.path("since").isTextual()).isTrue();
    }

    @Test
    @Order(6)
    void tamperingIsFound() throws ExecutionException, InterruptedException {
        send(
                cluster.access().topics().taskEvents(),
                run,
                TaskReport.newBuilder()
                        .setType(TaskReportType.CLAIMED)
                        .setRunId(run)
                        .setTask("first")
                        .setAttempt(1)
                        .setEpoch(1)
                        .setWorker("forger")
                        .setIncarnation("1")
                        .build());
        Until.holds(
                "the forged claim is rejected",
                () -> cluster.events(run).stream()
                        .anyMatch(event -> event.path("type").asText().equals("report_rejected")));

        Cli verify = executeOnTopics("audit", "verify").ended(1);

        assertThat(verify.out()).contains("G2", "first (attempt 1, epoch 1) was claimed", "audit-it.task-events-");
        JsonNode violation = executeOnTopics("audit", "verify", "-o", "json")
                .ended(1)
                .json()
                .path("violations")
                .path(0);
        assertThat(violation.path("guarantee").asText()).isEqualTo("G2");
        assertThat(violation.path("run").asText()).isEqualTo(run);
        assertThat(violation.path("records").path(0).path("topic").asText()).isEqualTo("audit-it.task-events");
    }

    @Test
    @Order(7)
    void aTriggerThatNobodyCanAcceptIsAnsweredByItsDeadLetter() throws ExecutionException, InterruptedException {
        send(
                cluster.access().topics().triggers(),
                "x",
                TriggerEvent.newBuilder().setPipeline("nowhere").build());
        Until.holds(
                "the dead letter is there",
                () -> cluster.execute("dead-letters", "list").out().contains("nowhere"));

        JsonNode json =
                executeOnTopics("audit", "verify", "-o", "json").ended(1).json();

        assertThat(json.path("violations").findValuesAsText("guarantee")).containsOnly("G2");
        assertThat(json.path("guarantees")
                        .path(0)
                        .path("checked")
                        .path("triggers")
                        .asInt())
                .isEqualTo(1);
    }

    private static <T extends SpecificRecord> void send(Topic<T> topic, String key, T value)
            throws ExecutionException, InterruptedException {
        try (SchemaRegistryClient registry =
                        new SchemaRegistryClient(cluster.access().registryUrl());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        cluster.access().producerProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] bytes = new WireFormat(registry).encoder(topic).encode(value);
            producer.send(new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), bytes))
                    .get();
        }
    }
}
