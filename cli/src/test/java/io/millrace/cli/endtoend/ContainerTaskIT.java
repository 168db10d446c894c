package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks in containers by the whole platform as a process of its own; skipped, with the reason, where there is no Docker. */
@Timeout(300)
class ContainerTaskIT {
    @TempDir
    private Path directory;

    @BeforeEach
    void prepare() throws IOException {
        Docker.isHere();
        Docker.importBusybox(directory.resolve("image"));
    }

    @Test
    void aFilePassesFromAContainerToAScriptAndToAnotherContainer() throws IOException {
        String pipeline = file("contained", """
                id: contained
                inputs: {day: string}
                tasks:
                  - id: make
                    container:
                      image: IMAGE
                      pull: never
                      network: none
                      command: [/bin/sh, -c, 'sed s/NAME/world/ greeting.txt > made.txt; echo "made on $DAY"; echo "{\\"made\\": \\"made.txt\\", \\"attempt\\": $MILLRACE_ATTEMPT}" > "$MILLRACE_OUTPUT"; test "$MILLRACE_ATTEMPT" = 2']
                    files: [greeting.txt]
                    env: {DAY: "${{ inputs.day }}"}
                    memory: 64MiB
                    retry: {max: 1, backoff: 10ms}
                    outputs: {made: file, attempt: integer}
                  - {id: script, needs: make, shell: 'cat "$MADE"', env: {MADE: "${{ tasks.make.output.made }}"}}
                  - id: contained
                    needs: make
                    container: {image: "IMAGE", pull: never, command: [/bin/sh, -c, 'cat "$MADE"; cat "$MILLRACE_INPUTS"']}
                    env: {MADE: "${{ tasks.make.output.made }}"}
                    with: {attempt: "${{ tasks.make.output.attempt }}"}
                """);
        Files.writeString(directory.resolve("greeting.txt"), "hello NAME\n");
        try (MillraceProcess run = MillraceProcess.start("run", pipeline, "-i", "day=monday", "-o", "json")) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.out()).contains("succeeded");
        }
    }

    @Test
    void aContainerThatIsCancelledAndOneWhoseWorkerIsKilledAreRemoved() throws IOException {
        String cancelled = file("endless", """
                id: endless
                tasks:
                  - id: sleeps
                    container: {image: "IMAGE", pull: never, command: [/bin/sh, -c, 'echo begun; sleep 600']}
                """);
        Path data = directory.resolve("data");
        try (MillraceProcess platform = MillraceProcess.up(data)) {
            URI url = platform.upUrl();
            Cli.at(url, "apply", cancelled).ended(0);
            String run = begun(url, "endless");
            assertThat(containers(run)).isNotEmpty();

            Cli.at(url, "cancel", run).ended(0);
            Until.holds(
                    "its container is gone",
                    Duration.ofSeconds(60),
                    () -> containers(run).isEmpty());

            String lost = begun(url, "endless");
            List<String> left = containers(lost);
            platform.kill9();
            assertThat(containers(lost)).as("nobody is there to remove it").isEqualTo(left);
            try (MillraceProcess again = MillraceProcess.up(data)) {
                again.upUrl();
                Until.holds(
                        "what the killed worker left is gone",
                        Duration.ofSeconds(60),
                        () -> Collections.disjoint(containers(lost), left));
                Cli.at(again.upUrl(), "cancel", lost).ended(0);
                Until.holds(
                        "all are gone",
                        Duration.ofSeconds(60),
                        () -> containers(lost).isEmpty());
            }
        }
    }

    /** Triggers a run, and waits until its container says that it has begun. */
    private static String begun(URI url, String pipeline) {
        JsonNode run = Cli.at(url, "trigger", pipeline, "-o", "json").ended(0).json();
        String id = run.path("id").asText();
        Until.holds(
                "the container has begun",
                Duration.ofSeconds(60),
                () -> Cli.at(url, "logs", id).out().contains("begun"));
        return id;
    }

    private static List<String> containers(String run) {
        return Docker.execute("docker", "ps", "-aq", "--no-trunc", "--filter", "label=io.millrace.run=" + run)
                .well()
                .lines()
                .toList();
    }

    private String file(String id, String yaml) throws IOException {
        return Files.writeString(directory.resolve(id + ".yaml"), yaml.replace("IMAGE", Docker.BUSYBOX))
                .toString();
    }
}
