package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.RunView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that takes its worker down with it, every time, is failed for good after a bounded number of deliveries. */
class KillerTaskIT {
    private static final int LIMIT = 5;

    @Test
    void isGivenUpAndSaysWhyWhileOthersGoOn(@TempDir Path directory) throws IOException {
        try (Cluster cluster = Cluster.start(directory, "killer-it.")) {
            cluster.apply("killer", """
                    id: killer
                    tasks:
                      - {id: deadly, shell: "kill -9 $PPID; sleep 60", retry: {max: 3}}
                      - {id: innocent, shell: "true", queue: safe}
                    """);
            cluster.worker("safe", "--queues", "safe");
            String run = cluster.trigger("killer");
            int deaths = 0;
            while (deaths <= LIMIT && !cluster.run(run).ended()) {
                MillraceProcess victim = cluster.worker("victim");
                Until.holds(
                        "the worker dies, or the task is given up",
                        () -> !victim.isAlive() || cluster.run(run).ended());
                deaths += victim.isAlive() ? 0 : 1;
                victim.close();
            }

            RunView view = cluster.awaitEnd(run);

            assertThat(deaths).isEqualTo(LIMIT);
            assertThat(view.status()).isEqualTo("failed");
            assertThat(view.task("innocent").orElseThrow().status()).isEqualTo("succeeded");
            List<JsonNode> events = cluster.events(run);
            assertThat(events)
                    .filteredOn(event -> type(event).equals("task_lost"))
                    .hasSize(LIMIT - 1);
            JsonNode failed = events.stream()
                    .filter(event -> type(event).equals("task_failed"))
                    .findFirst()
                    .orElseThrow();
            assertThat(failed.path("failure").path("kind").asText()).isEqualTo("worker_lost");
            assertThat(failed.path("failure").path("message").asText())
                    .contains("that was loss 5 of this attempt, and the limit losses is 5");
            Audited.holds(cluster.access());
        }
    }

    private static String type(JsonNode event) {
        return event.path("type").asText();
    }
}
