package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G1 to G7 across processes: two coordinators and three workers under load; each in turn is stopped or killed in mid-run, and
 * comes back. With {@code -Dmillrace.failover=all} each is both stopped and killed.
 */
class FailoverIT {
    private static final String PREFIX = "failover-it.";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String[] CLUSTER = {"--set", "standbys=1", "--set", "partitions=4"};

    /** How many runs must end with all processes there before the next is taken away, and again without it. */
    private static final int ENOUGH = 12;

    @TempDir
    private Path directory;

    private final Map<String, MillraceProcess> processes = new ConcurrentHashMap<>();
    private final Set<String> killed = new HashSet<>();

    /** One that is to be taken away, and how. */
    private record Blow(String process, String signal) {
        boolean isWorker() {
            return process.startsWith("w");
        }
    }

    @Test
    void everyRunEndsRightWhileEachProcessInTurnIsStoppedOrKilled() throws IOException {
        long seed = Long.getLong("millrace.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        try (Cluster cluster = Cluster.startWith(directory, PREFIX, CLUSTER)) {
            processes.put("c1", cluster.first());
            processes.put("c2", cluster.coordinator("c2", CLUSTER));
            for (String worker : List.of("w1", "w2", "w3")) {
                processes.put(worker, worker(cluster, worker));
            }
            cluster.apply("diamond", """
                    id: diamond
                    tasks:
                      - id: first
                        shell: "true"
                      - id: left
                        needs: [first]
                        shell: sleep 0.3
                      - id: right
                        needs: [first]
                        shell: sleep 0.1
                      - id: last
                        needs: [left, right]
                        shell: "true"
                    """);
            try (AuditWatch audit = new AuditWatch(cluster.access());
                    FailoverLoad load = new FailoverLoad("diamond", audit, this::urls)) {
                Until.holds(
                        "both coordinators work",
                        LIMIT,
                        () -> cluster.partitions().size() == 2);
                for (Blow blow : blows(new Random(seed))) {
                    strike(cluster, audit, blow);
                }
                Map<String, String> accepted = load.stop();
                Until.holds("all runs end", LIMIT, () -> audit.ended() >= accepted.size());
                judge(audit, accepted);
                Audited.holds(cluster.access());
            }
        }
    }

    private static List<Blow> blows(Random random) {
        List<Blow> blows = new ArrayList<>();
        boolean all = System.getProperty("millrace.failover", "").equals("all");
        boolean kill = random.nextBoolean();
        for (String process : List.of("c1", "c2", "w1", "w2", "w3")) {
            if (!all && process.equals("w3")) {
                break; // One of each has been killed by then, and one of each been told to end.
            }
            if (all || kill) {
                blows.add(new Blow(process, "KILL"));
            }
            if (all || !kill) {
                blows.add(new Blow(process, "TERM"));
            }
            kill = !kill;
        }
        Collections.shuffle(blows, random);
        return blows;
    }

    private void strike(Cluster cluster, AuditWatch audit, Blow blow) {
        Instant before = Instant.now();
        Until.holds("runs end before " + blow, LIMIT, () -> audit.endedOf(before) >= ENOUGH);
        MillraceProcess victim = processes.remove(blow.process());
        Instant at = Instant.now();
        victim.signal(blow.signal());
        int exit = victim.awaitExit();
        Until.holds("runs end without " + blow, LIMIT, () -> audit.endedOf(at) >= ENOUGH);
        if (blow.signal().equals("KILL")) {
            killed.add(blow.process());
        }
        System.out.println(blow + ": exit code " + exit + ", longest silence "
                + audit.longestSilence(at.minusMillis(500), Instant.now()).toMillis() + " ms");
        if (blow.signal().equals("TERM")) {
            assertThat(exit).as("%s", victim).isZero();
        }
        processes.put(
                blow.process(),
                blow.isWorker() ? worker(cluster, blow.process()) : cluster.coordinator(blow.process(), CLUSTER));
    }

    private MillraceProcess worker(Cluster cluster, String id) {
        return cluster.worker(id, "--set", "partitions=4");
    }

    /** Where the coordinators that are there can be reached. */
    private List<URI> urls() {
        return Stream.of("c1", "c2")
                .flatMap(id -> Optional.ofNullable(processes.get(id)).stream())
                .map(Cluster::url)
                .toList();
    }

    private static String delivery(RunEvent event) {
        return event.getRunId() + "/" + event.getTask().orElseThrow() + "/" + event.getAttempt() + "/"
                + event.getEpoch();
    }

    private void judge(AuditWatch audit, Map<String, String> accepted) {
        Map<String, String> started = new HashMap<>();
        audit.events(RunEventType.RUN_STARTED)
                .forEach(event -> assertThat(started.put(
                                event.getTrigger()
                                        .orElseThrow()
                                        .getIdempotencyKey()
                                        .orElseThrow(),
                                event.getRunId()))
                        .as("a second run of %s", event)
                        .isNull());
        assertThat(started).isEqualTo(accepted);
        assertThat(audit.events(RunEventType.RUN_SUCCEEDED).map(RunEvent::getRunId))
                .as("each run ends once, and well")
                .containsExactlyInAnyOrderElementsOf(accepted.values());

        List<String> claims = audit.events(RunEventType.TASK_STARTED)
                .map(FailoverIT::delivery)
                .toList();
        assertThat(claims).as("G2").doesNotHaveDuplicates();
        List<String> outcomes = audit.events(RunEventType.TASK_SUCCEEDED)
                .map(event -> event.getRunId() + "/" + event.getTask().orElseThrow())
                .toList();
        assertThat(outcomes).as("G3").hasSize(4 * accepted.size()).doesNotHaveDuplicates();
        assertThat(audit.events(RunEventType.TASK_STARTED)
                        .map(event -> event.getWorker().orElseThrow()))
                .as("the load spreads")
                .contains("w1", "w2", "w3");
        assertThat(audit.events(RunEventType.TASK_LOST)
                        .map(event -> event.getWorker().orElseThrow()))
                .as("only a killed worker loses tasks")
                .isSubsetOf(killed);
        System.out.println(accepted.size() + " runs, " + claims.size() + " claims, "
                + audit.events(RunEventType.TASK_LOST).count() + " tasks lost, "
                + audit.events(RunEventType.TASK_RELEASED).count() + " given back, "
                + audit.events(RunEventType.REPORT_REJECTED).count() + " reports rejected");
    }
}
