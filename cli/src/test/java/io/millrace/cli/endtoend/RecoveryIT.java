package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.UnreachableException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A coordinator is killed while very many runs are open: its standby takes over, nothing is handed out anew that a worker still
 * holds, and how long it takes is printed beside the number of open and of ended runs. Set with
 * {@code -Dmillrace.recovery.open=10000}.
 */
class RecoveryIT {
    private static final int MOST = Integer.getInteger("millrace.recovery.open", 500);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String[] SETTINGS = {"--set", "standbys=1", "--set", "partitions=4"};

    @TempDir
    private Path directory;

    @Test
    void aKilledCoordinatorIsReplacedWithoutHandingTasksOut() throws IOException {
        List<String> table = new ArrayList<>();
        try (Cluster cluster = Cluster.startWith(directory, "recovery-it.", SETTINGS);
                TriggerSender sender = new TriggerSender(cluster.access());
                EventCounts counts = new EventCounts(cluster.access())) {
            MillraceProcess[] coordinators = {cluster.first(), cluster.coordinator("c2", SETTINGS)};
            cluster.worker("w1", "--set", "partitions=4");
            cluster.apply("open", "id: open\ntasks: [{id: ask, approval: Is it enough?}]\n");
            cluster.apply("held", "id: held\ntasks: [{id: hold, shell: sleep 900}]\n");
            cluster.apply("done", "id: done\ntasks: [{id: pass, wait: 1ms}]\n");
            sender.send("held", "held", 2, "{}");
            Until.holds("its worker holds the tasks", LIMIT, () -> counts.count("task.started") == 2);
            int open = 2;
            int ended = 0;
            int victim = 0;
            for (int step : new int[] {MOST / 10, MOST, MOST}) {
                boolean finished = open > MOST;
                if (finished) {
                    sender.send("done", "done", MOST, "{}");
                    ended += MOST;
                } else {
                    sender.send("open", "open-" + step, step, "{}");
                    open += step;
                }
                int started = open + ended;
                int over = ended;
                Until.holds("all have begun", LIMIT, () -> counts.count("run.started") >= started);
                Until.holds("those that end have ended", LIMIT, () -> counts.ended() >= over);
                ended += fail(cluster, coordinators, victim, table, open, ended);
                victim = 1 - victim;
            }
            assertThat(counts.count("task.lost")).as("tasks handed out anew").isZero();
            Audited.holds(cluster.access());
        }
        table.forEach(System.out::println);
    }

    /** Kills a coordinator. @return how many runs were started to see that it goes on */
    private static int fail(
            Cluster cluster, MillraceProcess[] coordinators, int victim, List<String> table, int open, int ended) {
        coordinators[victim].kill9();
        Instant death = Instant.now();
        ApiClient api = new ApiClient(Cluster.url(coordinators[1 - victim]));
        List<String> runs = new ArrayList<>();
        // Enough of them for each partition to have one.
        for (int probe = 0; probe < 16; probe++) {
            String key = "probe-" + open + "-" + ended + "-" + probe;
            runs.add(Until.found(
                    "a coordinator accepts", LIMIT, () -> start(api, key).findFirst()));
        }
        Until.holds("runs go on in every partition", LIMIT, () -> runs.stream().allMatch(run -> ended(api, run)));
        table.add("recovery: %,d runs open, %,d ended: a killed coordinator was replaced within %d ms"
                .formatted(open, ended, Duration.between(death, Instant.now()).toMillis()));
        coordinators[victim] = cluster.coordinator(victim == 0 ? "c1" : "c2", SETTINGS);
        Until.holds(
                "it has caught up",
                LIMIT,
                () -> ready(Cluster.url(coordinators[0])) && ready(Cluster.url(coordinators[1])));
        return runs.size();
    }

    private static Stream<String> start(ApiClient api, String key) {
        try {
            return Stream.of(api.start("done", Json.object(), key).path("id").asText());
        } catch (UnreachableException | ApiException notYet) {
            return Stream.empty();
        }
    }

    private static boolean ended(ApiClient api, String run) {
        try {
            return api.run(run).path("status").asText().equals("succeeded");
        } catch (UnreachableException | ApiException notYet) {
            return false;
        }
    }

    private static boolean ready(URI url) {
        try {
            new ApiClient(url).info();
            return true;
        } catch (UnreachableException | ApiException notYet) {
            return false;
        }
    }
}
