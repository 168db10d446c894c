package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.group.WorkerGroup;
import io.millrace.schemas.group.WorkerLife;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is dispatched to the partitions of a dead worker goes to others when its lease ends or when it is started again, and not only when Kafka
 * misses it, which takes a minute here.
 */
class LostWorkerIT {
    private static final Duration KAFKA_MISSES_A_MEMBER_AFTER = Duration.ofMinutes(1);

    /** So late that the machine must have stood still when it is exceeded, and sooner than Kafka. */
    private static final Duration LIMIT = Duration.ofSeconds(50);

    @TempDir
    private Path directory;

    @Test
    void goesToOthersWhenItsLeaseEnds() throws Exception {
        try (Cluster cluster = Cluster.start(directory, "lost-worker-it.");
                WorkerGroup group = new WorkerGroup(cluster.access())) {
            begin(cluster);
            MillraceProcess victim = cluster.worker("victim");
            cluster.worker("other");
            Until.holds("both are members", () -> workers(group).equals(Set.of("victim", "other")));

            victim.kill9();
            List<String> runs = trigger(cluster);
            Until.holds("its lease ends", () -> cluster.first().err().contains("Worker victim is lost"));

            assertThat(workers(group)).doesNotContain("victim");
            runs.forEach(run -> assertThat(cluster.awaitEnd(run).status()).isEqualTo("succeeded"));
            Audited.holds(cluster.access());
        }
    }

    @Test
    void goesToItsNextLifeAtOnce() throws Exception {
        try (Cluster cluster = Cluster.start(directory, "reborn-worker-it.");
                WorkerGroup group = new WorkerGroup(cluster.access())) {
            begin(cluster);
            MillraceProcess victim = cluster.worker("victim");
            Until.holds("it is a member", () -> workers(group).equals(Set.of("victim")));
            WorkerLife first = members(group).get(0);

            victim.kill9();
            List<String> runs = trigger(cluster);
            cluster.worker("victim");

            Until.holds(
                    "the next life has taken its place",
                    LIMIT,
                    () -> members(group).size() == 1 && !members(group).contains(first));
            runs.forEach(run -> assertThat(cluster.awaitEnd(run).status()).isEqualTo("succeeded"));
            Audited.holds(cluster.access());
        }
    }

    private static void begin(Cluster cluster) throws IOException, InterruptedException, ExecutionException {
        cluster.apply("hello", "id: hello\ntasks: [{id: greet, shell: echo hello}]\n");
        try (Admin admin = Admin.create(cluster.access().adminProperties())) {
            ConfigEntry timeout = new ConfigEntry(
                    "consumer.session.timeout.ms", Long.toString(KAFKA_MISSES_A_MEMBER_AFTER.toMillis()));
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(
                                    ConfigResource.Type.GROUP,
                                    cluster.access().topics().workerGroup()),
                            List.of(new AlterConfigOp(timeout, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** Runs enough for every partition of the queue. */
    private static List<String> trigger(Cluster cluster) {
        return IntStream.range(0, 8).mapToObj(i -> cluster.trigger("hello")).toList();
    }

    private static Set<String> workers(WorkerGroup group) {
        return members(group).stream().map(WorkerLife::worker).collect(Collectors.toSet());
    }

    private static List<WorkerLife> members(WorkerGroup group) {
        try {
            return group.members();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
