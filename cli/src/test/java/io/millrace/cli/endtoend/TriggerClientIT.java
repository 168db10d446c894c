package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.worker.trigger.AcceptedTrigger;
import io.millrace.worker.trigger.TriggerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service starts by the client for Java, on a whole platform. */
class TriggerClientIT {
    private static final KafkaAccess ACCESS = SharedPlatform.get().kafka();

    @TempDir
    private static Path directory;

    @BeforeAll
    static void applyThePipeline() throws IOException {
        Path file = Files.writeString(directory.resolve("shop.yaml"), """
                id: client_shop
                inputs: {order: integer}
                tasks: [{id: book, wait: 1ms}]
                """);
        Cli.execute("apply", file.toString()).ended(0);
    }

    @Test
    void whatIsSentTwiceWithOneKeyIsOneRun() {
        AcceptedTrigger first;
        AcceptedTrigger second;
        String after;
        try (TriggerClient client = TriggerClient.connect(ACCESS).from("shop")) {
            first = order(client, "client-1");
            second = order(client, "client-1");
            after = IntStream.iterate(1, i -> i + 1)
                    .mapToObj(i -> "client-1-after-" + i)
                    .filter(key -> order(client, key).partition() == second.partition())
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(second).isNotEqualTo(first);
        JsonNode run = awaitRun("client-1");
        // Of the same partition, and so decided when the others have been.
        awaitRun(after);

        assertThat(run.path("trigger").path("source").asText()).isEqualTo("shop");
        assertThat(run.path("trigger").path("offset").asLong()).isEqualTo(first.offset());
        assertThat(runsOf("client-1")).hasSize(1);
    }

    @Test
    void aCommittedTransactionStartsARunAndAnAbortedOneNone() {
        Map<String, Object> properties = ACCESS.transactionalProducerProperties("client-shop");
        try (TriggerClient client = TriggerClient.connect(ACCESS);
                KafkaProducer<byte[], byte[]> own =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            own.initTransactions();
            own.beginTransaction();
            own.send(client.trigger("client_shop")
                    .key("client-tx")
                    .input("order", 1)
                    .record());
            own.flush();
            own.abortTransaction();
            own.beginTransaction();
            own.send(client.trigger("client_shop")
                    .key("client-tx")
                    .input("order", 2)
                    .record());
            own.commitTransaction();
        }
        JsonNode run = awaitRun("client-tx");

        assertThat(runsOf("client-tx")).hasSize(1);
        JsonNode shown = Cli.execute("show", run.path("id").asText(), "-o", "json")
                .ended(0)
                .json();
        assertThat(shown.path("inputs").path("order").asInt())
                .as("the run of the transaction that was committed, with the same key")
                .isEqualTo(2);
    }

    private static AcceptedTrigger order(TriggerClient client, String key) {
        return client.trigger("client_shop").key(key).input("order", 1).send().join();
    }

    private static JsonNode awaitRun(String key) {
        Until.holds(
                "the run of " + key + " has succeeded",
                () -> runsOf(key).stream()
                        .anyMatch(run -> run.path("status").asText().equals("succeeded")));
        return runsOf(key).get(0);
    }

    private static List<JsonNode> runsOf(String key) {
        JsonNode runs = Cli.execute("runs", "--key", key, "--trigger", "record", "--all", "-o", "json")
                .ended(0)
                .json()
                .path("runs");
        return List.copyOf(runs.findParents("pipeline"));
    }
}
