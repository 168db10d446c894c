package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many timers that are due at one instant: they are fired in portions, so that what comes meanwhile on the same partitions is
 * decided about between them, and none is lost. Their number is set by {@code -Dmillrace.timers}.
 */
class ManyTimersIT {
    private static final int TIMERS = Integer.getInteger("millrace.timers", 10_000);
    private static final int ITEMS = 5_000;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Test
    void areAllFiredAndHoldUpNothing(@TempDir Path directory) throws Exception {
        int runs = Math.max(1, TIMERS / ITEMS);
        try (MillraceProcess up = MillraceProcess.up(directory.resolve("data"))) {
            URI url = up.upUrl();
            apply(directory, url, "sleepers", """
                    id: sleepers
                    inputs: {until: string, numbers: list}
                    tasks:
                      - id: sleep
                        for_each: {items: inputs.numbers}
                        wait: {until: "${{ inputs.until }}"}
                    """);
            apply(directory, url, "passer", "id: passer\ntasks: [{id: pass, wait: 1ms}]\n");
            ApiClient api = new ApiClient(url);
            String numbers = "[" + "1,".repeat(ITEMS - 1) + "1]";
            // Far enough for all of them to be waiting by then: their number is judged by that they are.
            Instant until = Instant.now().plusSeconds(30 + TIMERS / 500).truncatedTo(ChronoUnit.SECONDS);
            for (int i = 0; i < runs; i++) {
                JsonNode inputs = Json.parse("{\"until\": \"" + until + "\", \"numbers\": " + numbers + "}");
                api.start("sleepers", inputs, "sleepers-" + i);
            }
            long deferred = 1L + ITEMS;
            Until.holds("all of them wait", LIMIT, () -> countOf(url, "task_deferred") >= runs * deferred);
            boolean inTime = Instant.now().isBefore(until);
            Until.holds("their time has come", LIMIT, () -> Instant.now().isAfter(until));

            Instant asked = Instant.now();
            String passer =
                    api.start("passer", Json.object(), "passer").path("id").asText();
            Until.holds("a run that comes meanwhile ends", LIMIT, () -> ended(api, passer));
            Duration passed = Duration.between(asked, Instant.now());
            Until.holds(
                    "all sleepers end",
                    LIMIT,
                    () -> Cli.at(url, "runs", "--status", "running", "-o", "json")
                            .ended(0)
                            .json()
                            .path("runs")
                            .isEmpty());

            System.out.printf(
                    "%,d timers due at one instant (%s by then): fired within %d ms; a run that came meanwhile took %d ms%n",
                    runs * ITEMS,
                    inTime ? "all waiting" : "some still to come",
                    Duration.between(until, Instant.now()).toMillis(),
                    passed.toMillis());
            assertThat(Cli.at(url, "runs", "--status", "succeeded", "--all", "-o", "json")
                            .ended(0)
                            .json()
                            .path("runs"))
                    .hasSize(runs + 1);
            Cli.at(url, "audit", "verify").ended(0);
        }
    }

    private static boolean ended(ApiClient api, String run) {
        return !api.run(run).path("status").asText().equals("running");
    }

    private static long countOf(URI url, String type) {
        return Cli.at(url, "tail", "--from", "beginning", "--type", type, "-o", "json")
                .ended(0)
                .out()
                .lines()
                .count();
    }

    private static void apply(Path directory, URI url, String id, String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve(id + ".yaml"), yaml);
        Cli.at(url, "apply", file.toString()).ended(0);
    }
}
