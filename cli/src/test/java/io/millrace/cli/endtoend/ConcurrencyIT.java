package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.audit.reading.AuditResult;
import io.millrace.audit.verify.Guarantee;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many triggers of pipelines that let one run or two be under way, and of two that share a pool of three slots, while coordinators and a worker are killed: never are there more, and all of them have their
 * turn (G11). Beside the verifier the scripts themselves look: one that finds another run at work fails. Set with
 * {@code -Dmillrace.queued=10000} and {@code -Dmillrace.seed}.
 */
class ConcurrencyIT {
    private static final String[] CLUSTER = {"--set", "standbys=1", "--set", "partitions=4"};
    private static final Duration LIMIT = Duration.ofMinutes(Long.getLong("millrace.queued.minutes", 4));
    private static final int RUNS = Integer.getInteger("millrace.queued", 48);

    @TempDir
    private Path directory;

    @Test
    void neverAreMoreRunsUnderWayThanMayBeAndAllHaveTheirTurn() throws IOException {
        Random random = new Random(Long.getLong("millrace.seed", new Random().nextLong()));
        try (Cluster cluster = Cluster.startWith(directory, "concurrency-it.", CLUSTER);
                TriggerSender sender = new TriggerSender(cluster.access());
                EventCounts counts = new EventCounts(cluster.access())) {
            Map<String, MillraceProcess> processes = new HashMap<>();
            processes.put("c1", cluster.first());
            processes.put("c2", cluster.coordinator("c2", CLUSTER));
            processes.put("w1", cluster.worker("w1", "--set", "partitions=4"));
            processes.put("w2", cluster.worker("w2", "--set", "partitions=4"));
            cluster.apply("alone", alone());
            cluster.apply("pairs", """
                    id: pairs
                    inputs: {of: string}
                    concurrency: {limit: 2, key: inputs.of}
                    tasks: [{id: pass, wait: 5ms}]
                    """);
            cluster.execute("pools", "set", "shared", "3").ended(0);
            cluster.apply("pooled", "id: pooled\nconcurrency: {pool: shared}\ntasks: [{id: pass, wait: 5ms}]\n");
            cluster.apply("urgent", """
                    id: urgent
                    concurrency: {pool: shared, limit: 2, priority: high}
                    tasks: [{id: pass, wait: 5ms}]
                    """);
            Instant begin = Instant.now();
            sender.send("alone", "alone", RUNS, "{}");
            for (String key : List.of("a", "b", "c")) {
                sender.send("pairs", "pairs-" + key, RUNS / 4, "{\"of\": \"" + key + "\"}");
            }
            sender.send("pooled", "pooled", RUNS / 4, "{}");
            sender.send("urgent", "urgent", RUNS / 4, "{}");
            int all = RUNS + 5 * (RUNS / 4);

            int kills = 3 + all / 1_000;
            for (int i = 0; i < kills; i++) {
                String victim = List.of("c1", "w1", "c2", "w2").get(i % 4);
                long enough = counts.ended() + 5 + random.nextInt(Math.max(10, 2 * all / (kills + 1)));
                Until.holds("runs end", LIMIT, () -> counts.ended() >= Math.min(all, enough));
                processes.get(victim).kill9();
                processes.put(
                        victim,
                        victim.startsWith("w")
                                ? cluster.worker(victim, "--set", "partitions=4")
                                : cluster.coordinator(victim, CLUSTER));
            }
            Until.holds("all have their turn", LIMIT, () -> counts.ended() >= all);

            System.out.printf(
                    "%,d runs, of which one, two or three may be under way: %,d s with %d processes killed%n",
                    all, Duration.between(begin, Instant.now()).toSeconds(), kills);
            assertThat(counts.count("run.succeeded"))
                    .as("runs that found no other at work")
                    .isEqualTo(all);
            assertThat(counts.count("run.queued")).isEqualTo(all);
            assertThat(counts.count("run.admitted")).isEqualTo(all);
            AuditResult audit = Audited.holds(cluster.access());
            assertThat(audit.verdict().rows().get(Guarantee.G11).checked()).containsEntry("slots", (long) all);
        }
    }

    /** The lock ends with the process that holds it; the script of a killed worker may still have it when its task is handed on, and that is its own run. */
    private String alone() {
        return """
                id: alone
                concurrency: 1
                tasks:
                  - id: work
                    shell: |
                      exec 9> "$PLACE/lock"
                      flock -n 9 || [ "$(cat "$PLACE/run")" = "$RUN" ] || exit 9
                      echo "$RUN" > "$PLACE/run"
                    env: {RUN: "${{ run.id }}", PLACE: "%s"}
                """.formatted(directory);
    }
}
