package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.QueueName;
import io.millrace.worker.Worker;
import io.millrace.worker.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK as a service uses it: a worker in its own process, with a handler in Java, beside the platform's. */
class JavaHandlerIT {
    @Test
    void executesATaskWithAHandlerOfTheService(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("scores.yaml"), """
                id: scores
                inputs:
                  customer: {type: string}
                tasks:
                  - id: score
                    queue: scoring
                    java: score
                    with: {customer: "${{ inputs.customer }}"}
                    outputs: {score: number, customer: string}
                """);
        WorkerConfig config = WorkerConfig.of(SharedPlatform.get().kafka())
                .withWorkerId("scoring-service")
                .withQueues(Set.of(new QueueName("scoring")))
                .withWorkDirectory(directory)
                .withTopics(4, (short) 1);
        try (Worker worker = Worker.builder(config)
                .handler("score", context -> {
                    String customer = String.valueOf(context.inputs().get("customer"));
                    return Map.of("customer", customer, "score", customer.length() / 10.0);
                })
                .start()) {
            Cli.execute("apply", file.toString()).ended(0);

            JsonNode run = Cli.execute("trigger", "scores", "-i", "customer=Ada", "--wait", "-o", "json")
                    .ended(0)
                    .json();

            JsonNode task = run.path("tasks").path(0);
            assertThat(task.path("output").path("score").asDouble()).isEqualTo(0.3);
            assertThat(task.path("worker").asText()).isEqualTo(worker.id());
        }
    }

    @Test
    void executesATransactionalTaskBetweenOrdinaryOnes(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("booking.yaml"), """
                id: booking
                tasks:
                  - {id: prepare, queue: bookings, java: prepare}
                  - {id: book, queue: bookings, needs: prepare, java: book}
                  - {id: tell, queue: bookings, needs: book, java: prepare}
                """);
        WorkerConfig config = WorkerConfig.of(SharedPlatform.get().kafka())
                .withWorkerId("booking-service")
                .withQueues(Set.of(new QueueName("bookings")))
                .withWorkDirectory(directory)
                .withTopics(4, (short) 1);
        String bookings = "bookings";
        try (Admin admin = Admin.create(SharedPlatform.get().kafka().adminProperties())) {
            admin.createTopics(List.of(new NewTopic(bookings, 1, (short) 1)))
                    .all()
                    .get();
        }
        try (Worker worker = Worker.builder(config)
                .handler("prepare", context -> null)
                .transactionalHandler("book", context -> {
                    context.send(bookings, context.run(), context.idempotencyKey());
                    return Map.of("sent", 1);
                })
                .start()) {
            Cli.execute("apply", file.toString()).ended(0);

            JsonNode run = Cli.execute("trigger", "booking", "--wait", "-o", "json")
                    .ended(0)
                    .json();

            assertThat(run.path("status").asText()).isEqualTo("succeeded");
            JsonNode book = run.path("tasks").path(1);
            assertThat(book.path("output").path("sent").asInt()).isEqualTo(1);
            assertThat(book.path("worker").asText()).isEqualTo(worker.id());
        }
    }
}
