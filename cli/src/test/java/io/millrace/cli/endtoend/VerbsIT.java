package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that speak to a platform, on a real one. */
class VerbsIT {
    @TempDir
    private Path directory;

    @Test
    void appliesAPipelineOnceUntilItChanges() throws IOException {
        Path file = pipeline("verbs_apply", "echo one");

        assertThat(Cli.execute("apply", file.toString()).ended(0).out()).isEqualTo("+ verbs_apply version 1\n");
        assertThat(Cli.execute("apply", file.toString()).ended(0).out()).contains("version 1 (unchanged)");
        pipeline("verbs_apply", "echo two");
        JsonNode answer =
                Cli.execute("apply", file.toString(), "-o", "json").ended(0).json();
        assertThat(answer.path("applied").path(0).path("version").asInt()).isEqualTo(2);
    }

    @Test
    void appliesNothingWhenOneOfTheFilesIsInvalid() throws IOException {
        Path good = pipeline("verbs_good", "echo");
        Path bad = Files.writeString(directory.resolve("bad.yaml"), "id: bad\ntasks:\n  - id: a\n    shel: echo\n");

        Cli cli = Cli.execute("apply", good.toString(), bad.toString()).ended(2);

        assertThat(cli.err())
                .contains("bad.yaml:4:5:")
                .contains("did you mean \"shell\"")
                .contains("    ^");
        assertThat(cli.out()).isEmpty();
        Cli.execute("trigger", "verbs_good").ended(4);
    }

    @Test
    void startsOneRunForOneKeyHoweverOftenItIsTriggered() throws IOException {
        Cli.execute("apply", pipeline("verbs_key", "echo").toString()).ended(0);
        String key = UUID.randomUUID().toString();

        Cli first = Cli.execute("trigger", "verbs_key", "--key", key).ended(0);
        Cli second = Cli.execute("trigger", "verbs_key", "--key", key, "--wait", "-o", "json")
                .ended(0);

        assertThat(first.err()).contains("accepted: verbs_key version 1");
        assertThat(first.out().strip()).isEqualTo(second.json().path("id").asText());
        assertThat(Cli.execute("trigger", "verbs_key", "--key", key).ended(0).err())
                .contains("the run of this key was there already, and succeeded");
        assertThat(Cli.execute("runs", "--pipeline", "verbs_key", "-o", "json")
                        .json()
                        .path("runs"))
                .hasSize(1);
        assertThat(second.json().path("trigger").path("idempotency_key").asText())
                .isEqualTo(key);
    }

    @Test
    void listsRunsNewestFirstAndFiltersThem() throws IOException {
        Cli.execute("apply", pipeline("verbs_list", "exit \"$CODE\"").toString())
                .ended(0);
        Cli.execute("trigger", "verbs_list", "-i", "code=0", "--wait").ended(0);
        Cli failed =
                Cli.execute("trigger", "verbs_list", "-i", "code=3", "--wait").ended(1);

        assertThat(failed.out()).contains("verbs_list failed").contains("Why it failed");
        String all = Cli.execute("runs", "-p", "verbs_list").ended(0).out();
        assertThat(all.lines().toList())
                .hasSize(3)
                .satisfiesExactly(
                        header -> assertThat(header).startsWith("RUN"),
                        newest -> assertThat(newest).contains("failed"),
                        oldest -> assertThat(oldest).contains("succeeded"));
        assertThat(Cli.execute("runs", "-p", "verbs_list", "-s", "failed").out())
                .hasLineCount(2);
        assertThat(Cli.execute("runs", "-p", "verbs_list", "-n", "1").out()).hasLineCount(2);
        assertThat(Cli.execute("runs", "-p", "verbs_list", "-s", "cancelled")
                        .ended(0)
                        .err())
                .contains("no runs like that");
    }

    @Test
    void showsARunWithItsFailure() throws IOException {
        Cli.execute("apply", pipeline("verbs_show", "echo broken >&2; exit 3").toString())
                .ended(0);
        String id = Cli.execute("trigger", "verbs_show", "--wait", "-o", "json")
                .ended(1)
                .json()
                .path("id")
                .asText();

        String shown = Cli.execute("show", id).ended(0).out();

        assertThat(shown).contains("verbs_show failed").contains("| broken").contains("Started\n  ");
        assertThat(Cli.execute("show", id, "-o", "json")
                        .json()
                        .path("tasks")
                        .path(0)
                        .path("failure")
                        .path("exit_code")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void readsTheAuditLogOfARunFromKafkaAsTheApiTellsIt() throws IOException {
        Cli.execute("apply", pipeline("verbs_tail", "echo").toString()).ended(0);
        String id = Cli.execute("trigger", "verbs_tail", "--wait", "-o", "json")
                .ended(0)
                .json()
                .path("id")
                .asText();

        List<JsonNode> events =
                Cli.execute("tail", "--run", id, "-o", "json").ended(0).jsonLines();

        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .containsExactly("run_started", "task_started", "task_succeeded", "run_succeeded");
        assertThat(events).extracting(event -> event.path("sequence").asLong()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(Cli.execute("tail", "--run", id, "--type", "task_started,run_started")
                        .out())
                .hasLineCount(2)
                .contains("verbs_tail");
        assertThat(Cli.execute("tail", "--pipeline", "verbs_tail", "--from", "-1h", "-o", "json")
                        .jsonLines())
                .hasSameSizeAs(events);
        assertThat(Cli.execute("tail", "--from", "now").ended(0).out()).isEmpty();
        var kafka = SharedPlatform.get().kafka();
        assertThat(Cli.execute(
                                "tail",
                                "--run",
                                id,
                                "--bootstrap",
                                kafka.bootstrapServers(),
                                "--registry",
                                kafka.registryUrl().toString())
                        .out())
                .hasLineCount(4);
    }

    @Test
    void showsTheLinesOfATaskThatIsStillRunningAndFollowsThemToItsEnd() throws IOException {
        Path gate = directory.resolve("gate");
        Path file =
                pipeline("verbs_logs", "echo first; while [ ! -e " + gate + " ]; do sleep 0.1; done; echo last >&2");
        Cli.execute("apply", file.toString()).ended(0);
        String id = Cli.execute("trigger", "verbs_logs").ended(0).out().strip();

        Until.holds(
                "the first line is shown",
                () -> Cli.execute("logs", id).ended(0).out().equals("work | first\n"));
        Files.createFile(gate);

        assertThat(Cli.execute("logs", id, "work", "--follow").ended(0).out()).isEqualTo("first\nlast\n");
        assertThat(Cli.execute("logs", id, "-o", "json").ended(0).jsonLines())
                .extracting(line ->
                        line.path("stream").asText() + " " + line.path("text").asText())
                .containsExactly("stdout first", "stderr last");
    }

    @Test
    void cancelsARunWithoutWaitingForItsTasks() throws IOException {
        Cli.execute("apply", pipeline("verbs_cancel", "sleep 600").toString()).ended(0);
        String id = Cli.execute("trigger", "verbs_cancel").ended(0).out().strip();
        Until.holds(
                "the task runs",
                () -> run(id).task("work").orElseThrow().status().equals("running"));

        Cli.execute("cancel", id, "--reason", "wrong day").ended(0);

        Until.holds("the run is cancelled", () -> run(id).status().equals("cancelled"));
        assertThat(Cli.execute("show", id).out()).contains("wrong day");
    }

    @Test
    void refusesInputsThatThePipelineDoesNotDeclare() throws IOException {
        Cli.execute("apply", pipeline("verbs_inputs", "echo").toString()).ended(0);

        assertThat(Cli.execute("trigger", "verbs_inputs", "-i", "code=many")
                        .ended(2)
                        .err())
                .contains("the input code");
        assertThat(Cli.execute("trigger", "verbs_inputs", "-i", "cod=1")
                        .ended(2)
                        .err())
                .contains("cod");
        Path list = Files.writeString(directory.resolve("list.json"), "[1]");
        assertThat(Cli.execute("trigger", "verbs_inputs", "--inputs", list.toString())
                        .ended(2)
                        .err())
                .contains("not a JSON object");
    }

    @Test
    void saysWhatThereIsNot() {
        assertThat(Cli.execute("trigger", "no_such_pipeline").ended(4).err()).contains("no_such_pipeline");
        assertThat(Cli.execute("show", "nosuchrun").ended(4).err()).contains("nosuchrun");
    }

    private static RunView run(String id) {
        return Json.as(
                RunView.class, Cli.execute("show", id, "-o", "json").ended(0).json());
    }

    private Path pipeline(String id, String command) throws IOException {
        return Files.writeString(directory.resolve(id + ".yaml"), """
                id: %s
                inputs:
                  code: {type: integer, default: 0}
                tasks:
                  - id: work
                    shell: |
                      %s
                    env: {CODE: "${{ inputs.code }}"}
                """.formatted(id, command));
    }
}
