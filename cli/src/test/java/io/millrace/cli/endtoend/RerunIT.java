package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Runs that have ended are opened again: by the coordinator that ended them, after its death, and by another one. */
@EnabledIf(value = "io.millrace.cli.endtoend.TestBroker#isThere", disabledReason = TestBroker.MISSING)
class RerunIT {
    private static final String[] SETTINGS = {"--set", "standbys=0", "--set", "partitions=2"};

    @TempDir
    private static Path directory;

    private static Cluster cluster;
    private static URI api;

    @BeforeAll
    static void start() {
        cluster = Cluster.startWith(directory, "rerun-it.", SETTINGS);
        api = Cluster.url(cluster.first());
        cluster.worker("rerun-1");
    }

    @AfterAll
    static void stop() {
        try {
            Audited.holds(cluster.access());
        } finally {
            cluster.close();
        }
    }

    @Test
    void whatFailedIsExecutedAgainAndWhatSucceededIsKept() throws IOException {
        apply("mended");
        String run = aRunThatFailed("mended");
        mend("mended");
        rerun(run);

        JsonNode ended = awaitEnd(run, 1);
        assertThat(ended.path("status").asText()).isEqualTo("succeeded");
        assertThat(events(run).stream().map(RerunIT::inShort).toList())
                .containsExactly(
                        "run_started 0",
                        "task_started extract 1",
                        "task_succeeded extract 1",
                        "task_started load 1",
                        "task_failed load 1",
                        "task_upstream_failed report 0",
                        "run_failed 0",
                        "run_rerun 0",
                        "task_started load 2",
                        "task_succeeded load 2",
                        "task_started report 1",
                        "task_succeeded report 1",
                        "run_succeeded 0");
        assertThat(events(run))
                .extracting(event -> event.path("sequence").asInt())
                .isSorted();
        JsonNode load = task(ended, "load");
        assertThat(load.path("attempt").asInt()).isEqualTo(2);
        assertThat(load.path("output").path("sum").asInt())
                .as("made of an output of before")
                .isEqualTo(42);
        assertThat(Cli.at(api, "rerun", run).err()).contains("name the \"tasks\"");
    }

    @Test
    void theyAreFoundInTheAuditLogWhateverBecameOfTheCoordinatorThatEndedThem() throws IOException {
        apply("killed");
        apply("moved");
        String killed = aRunThatFailed("killed");
        String moved = aRunThatFailed("moved");

        MillraceProcess before = cluster.first();
        before.kill9();
        MillraceProcess again = cluster.coordinator("c1", SETTINGS);
        api = Cluster.url(again);
        mend("killed");
        rerun(killed);
        assertThat(awaitEnd(killed, 1).path("status").asText()).isEqualTo("succeeded");

        MillraceProcess other = cluster.coordinator("c2", SETTINGS);
        again.signal("TERM");
        assertThat(again.awaitExit()).isZero();
        api = Cluster.url(other);
        rerun(moved);
        assertThat(awaitEnd(moved, 1).path("status").asText())
                .as("not mended yet")
                .isEqualTo("failed");
        mend("moved");
        rerun(moved);
        JsonNode ended = awaitEnd(moved, 2);

        assertThat(ended.path("status").asText()).isEqualTo("succeeded");
        assertThat(task(ended, "load").path("attempt").asInt()).isEqualTo(3);
        assertThat(task(ended, "extract").path("attempt").asInt()).isEqualTo(1);
    }

    private static void apply(String id) throws IOException {
        Path file = Files.writeString(
                directory.resolve(id + ".yaml"), """
                id: %s
                tasks:
                  - id: extract
                    shell: printf '{"n":41}' > "$MILLRACE_OUTPUT"
                    outputs: {n: integer}
                  - id: load
                    needs: extract
                    shell: test -e %s && printf '{"sum":%%s}' $((N + 1)) > "$MILLRACE_OUTPUT"
                    env: {N: "${{ tasks.extract.output.n }}"}
                    outputs: {sum: integer}
                    retry: 0
                  - {id: report, needs: load, shell: "true"}
                """.formatted(id, directory.resolve(id + ".mended")));
        Cli.at(api, "apply", file.toString()).ended(0);
    }

    private static void mend(String id) throws IOException {
        Files.createFile(directory.resolve(id + ".mended"));
    }

    private static String aRunThatFailed(String pipeline) {
        String run = Cli.at(api, "trigger", pipeline).ended(0).out().strip();
        assertThat(awaitEnd(run, 0).path("status").asText()).isEqualTo("failed");
        return run;
    }

    private static void rerun(String run) {
        Cli.at(api, "rerun", run, "--reason", "the disk is back").ended(0);
    }

    private static JsonNode awaitEnd(String run, int reruns) {
        Until.holds("run " + run + " ends after " + reruns + " reruns", () -> {
            JsonNode shown = show(run);
            return shown.path("reruns").asInt() == reruns
                    && !shown.path("status").asText().equals("running");
        });
        return show(run);
    }

    private static JsonNode show(String run) {
        return Cli.at(api, "show", run, "-o", "json").ended(0).json();
    }

    private static List<JsonNode> events(String run) {
        return Cli.at(api, "tail", "--run", run, "-o", "json").ended(0).jsonLines();
    }

    private static JsonNode task(JsonNode run, String id) {
        for (JsonNode task : run.path("tasks")) {
            if (task.path("id").asText().equals(id)) {
                return task;
            }
        }
        throw new AssertionError("no task " + id + " in " + run);
    }

    private static String inShort(JsonNode event) {
        String task = event.path("task").asText("");
        return event.path("type").asText() + " " + (task.isEmpty() ? "" : task + " ")
                + event.path("attempt").asInt();
    }
}
