package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.UnreachableException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G1 and G6: `up`, killed as by a power cut at random points and started again, loses no run and doubles none. */
class UpCrashIT {
    private static final int LIVES = 3;

    @TempDir
    private Path directory;

    @Test
    void losesNoRunAndDoublesNoneWhenItIsKilledAtRandomPoints() throws IOException {
        long seed = Long.getLong("millrace.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path file = Files.writeString(directory.resolve("steps.yaml"), """
                id: steps
                tasks:
                  - id: first
                    shell: sleep 0.2
                  - id: second
                    needs: [first]
                    shell: sleep 0.2
                """);
        Map<String, String> accepted = new HashMap<>();
        for (int life = 0; life < LIVES; life++) {
            try (MillraceProcess up = MillraceProcess.up(directory.resolve("data"))) {
                URI url = up.upUrl();
                Cli.at(url, "apply", file.toString()).ended(0);
                ApiClient api = new ApiClient(url);
                new HashMap<>(accepted)
                        .forEach((key, run) -> assertThat(start(api, key)).isEqualTo(run));
                int before = accepted.size();
                int enough = before + 1 + random.nextInt(10);
                Thread killer = killAfter(up, random.nextInt(400), accepted, enough);
                trigger(api, life, accepted);
                assertThat(accepted.size()).isGreaterThan(before);
                join(killer);
            }
        }

        try (MillraceProcess up = MillraceProcess.up(directory.resolve("data"))) {
            URI url = up.upUrl();
            // What was accepted last may not have been started yet: an acknowledged command is what is promised (G1).
            Until.holds("all runs that were accepted have ended", () -> {
                List<JsonNode> listed = runs(url);
                return listed.stream()
                                .map(run -> run.path("id").asText())
                                .toList()
                                .containsAll(accepted.values())
                        && listed.stream()
                                .noneMatch(run -> run.path("status").asText().equals("running"));
            });
            List<JsonNode> runs = runs(url);
            Map<String, String> byKey = new HashMap<>();
            for (JsonNode run : runs) {
                assertThat(run.path("status").asText()).isEqualTo("succeeded");
                String key = run.path("trigger").path("idempotency_key").asText();
                assertThat(byKey.put(key, run.path("id").asText()))
                        .as("runs of " + key)
                        .isNull();
            }
            assertThat(byKey).as("%s", up).containsAllEntriesOf(accepted);
            Cli.at(url, "audit", "verify").ended(0);
            up.signal("TERM");
            assertThat(up.awaitExit()).as("%s", up).isZero();
        }
    }

    /** Sends triggers until nobody answers any more; what was acknowledged is noted. */
    private static void trigger(ApiClient api, int life, Map<String, String> accepted) {
        for (int i = 0; ; i++) {
            String key = "life-" + life + "-" + i;
            try {
                String run = start(api, key);
                synchronized (accepted) {
                    accepted.put(key, run);
                    accepted.notifyAll();
                }
            } catch (UnreachableException dead) {
                return;
            }
        }
    }

    private static String start(ApiClient api, String key) {
        return api.start("steps", Json.object(), key).path("id").asText();
    }

    private static Thread killAfter(MillraceProcess up, int millis, Map<String, String> accepted, int enough) {
        Thread killer = new Thread(() -> {
            try {
                synchronized (accepted) {
                    while (accepted.size() < enough) {
                        accepted.wait();
                    }
                    accepted.wait(1 + millis); // Some more are accepted meanwhile, and tasks are under way.
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            up.kill9();
        });
        killer.start();
        return killer;
    }

    private static void join(Thread killer) {
        try {
            killer.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<JsonNode> runs(URI url) {
        List<JsonNode> runs = new ArrayList<>();
        Cli.at(url, "runs", "--limit", "500", "-o", "json")
                .ended(0)
                .json()
                .path("runs")
                .forEach(runs::add);
        assertThat(new HashSet<>(runs)).hasSameSizeAs(runs);
        return runs;
    }
}
