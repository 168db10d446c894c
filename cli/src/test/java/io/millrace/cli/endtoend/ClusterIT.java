package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Coordinator and workers as separate processes, killed and stopped in the middle of their work. */
@EnabledIf(value = "io.millrace.cli.endtoend.TestBroker#isThere", disabledReason = TestBroker.MISSING)
class ClusterIT {
    @TempDir
    private static Path directory;

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(directory, "cluster-it.");
    }

    @AfterAll
    static void stop() {
        try {
            Audited.holds(cluster.access());
        } finally {
            cluster.close();
        }
    }

    /** G7: the task of a killed worker is handed on within lease + 5 s, and no attempt is burnt. */
    @Test
    void handsTheTaskOfAKilledWorkerToAnother() throws IOException {
        cluster.apply("killed", pipeline("killed", "if [ \"$MILLRACE_EPOCH\" = 1 ]; then sleep 600; fi"));
        try (MillraceProcess one = cluster.worker("killed-1");
                MillraceProcess two = cluster.worker("killed-2")) {
            String id = cluster.trigger("killed");
            Map<String, MillraceProcess> workers = Map.of("killed-1", one, "killed-2", two);
            String victim = cluster.awaitWorker(id);

            workers.get(victim).kill9();
            Instant death = Instant.now();
            Until.holds("the loss is in the audit log", () -> types(id).contains("task_lost"));
            JsonNode lost = cluster.events(id).stream()
                    .filter(event -> event.path("type").asText().equals("task_lost"))
                    .findFirst()
                    .orElseThrow();
            Duration limit = Cluster.LEASE.plusSeconds(5).plus(cluster.deafness());
            assertThat(Instant.parse(lost.path("at").asText())).isBefore(death.plus(limit));

            RunView run = cluster.awaitEnd(id);
            assertThat(run.succeeded()).isTrue();
            TaskView task = run.tasks().get(0);
            assertThat(task.attempt()).isEqualTo(1);
            assertThat(task.epoch()).isEqualTo(2);
            assertThat(task.worker()).isNotEqualTo(victim);
        }
    }

    /** G3: a worker that comes back from the dead can hurt nothing. */
    @Test
    void fencesAWorkerThatComesBackFromTheDead() throws IOException {
        Path gate = directory.resolve("gate");
        cluster.apply(
                "zombie",
                pipeline(
                        "zombie",
                        "if [ \"$MILLRACE_EPOCH\" = 1 ]; then while [ ! -e " + gate + " ]; do sleep 0.1; done; fi"));
        try (MillraceProcess one = cluster.worker("zombie-1");
                MillraceProcess two = cluster.worker("zombie-2")) {
            String id = cluster.trigger("zombie");
            Map<String, MillraceProcess> workers = Map.of("zombie-1", one, "zombie-2", two);
            String name = cluster.awaitWorker(id);
            MillraceProcess zombie = workers.get(name);

            zombie.signal("STOP");
            RunView run = cluster.awaitEnd(id);
            assertThat(run.succeeded()).isTrue();
            assertThat(run.tasks().get(0).worker()).isNotEqualTo(name);
            assertThat(run.tasks().get(0).output().path("epoch").asInt()).isEqualTo(2);

            Files.createFile(gate);
            zombie.signal("CONT");
            // It lives on and works; when it has done all of a new run, whatever it had to say of the old one is said.
            Until.holds("the zombie takes part again", () -> {
                String next = cluster.trigger("zombie");
                return cluster.awaitEnd(next).tasks().get(0).attempts().stream()
                        .anyMatch(attempt -> name.equals(attempt.worker()));
            });

            RunView after = cluster.run(id);
            assertThat(after.tasks()).isEqualTo(run.tasks());
            assertThat(types(id).stream().filter("task_succeeded"::equals)).hasSize(1);
            assertThat(cluster.events(id))
                    .filteredOn(event -> event.path("type").asText().equals("report_rejected"))
                    .allSatisfy(event -> assertThat(event.path("epoch").asInt()).isEqualTo(1));
        }
    }

    /** A worker that is told to stop gives back what it cannot finish, and that burns no attempt. */
    @Test
    void drainsAtSigtermAndGivesBackWhatIsNotFinished() throws IOException {
        cluster.apply("drained", pipeline("drained", "if [ \"$MILLRACE_EPOCH\" = 1 ]; then sleep 600; fi"));
        MillraceProcess first = cluster.worker("drained-1", "--set", "worker.grace=200ms");
        String id = cluster.trigger("drained");
        cluster.awaitWorker(id);

        first.signal("TERM");
        assertThat(first.awaitExit()).isZero();
        try (MillraceProcess second = cluster.worker("drained-2")) {
            RunView run = cluster.awaitEnd(id);

            assertThat(second.err()).contains("INFO");
            assertThat(run.succeeded()).isTrue();
            assertThat(run.tasks().get(0).attempt()).isEqualTo(1);
            assertThat(run.tasks().get(0).epoch()).isEqualTo(2);
            assertThat(types(id)).contains("task_released").doesNotContain("task_lost", "task_retried");
        }
    }

    private static List<String> types(String id) {
        return cluster.events(id).stream()
                .map(event -> event.path("type").asText())
                .toList();
    }

    private static String pipeline(String id, String first) {
        return """
                id: %s
                tasks:
                  - id: work
                    shell: |
                      %s
                      printf '{"epoch": %%s}' "$MILLRACE_EPOCH" > "$MILLRACE_OUTPUT"
                    outputs: {epoch: integer}
                """.formatted(id, first);
    }
}
