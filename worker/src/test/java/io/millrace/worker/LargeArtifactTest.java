package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file passes from one worker's process to another's, each with a heap far smaller than a large file: 64 MiB by default,
 * {@code -Dmillrace.test.artifact.mebibytes=2048} for the size that is promised.
 */
@Tag("any-jdk")
@Timeout(900)
class LargeArtifactTest {
    private static final long MEBIBYTES = Long.getLong("millrace.test.artifact.mebibytes", 64);

    @TempDir
    Path directory;

    @Test
    void aFilePassesBetweenTwoWorkersWithFlatMemory() throws Exception {
        Path store = directory.resolve("store");
        try (Stage stage = new Stage(directory)) {
            stage.dispatch(stage.aScript(
                            "r1",
                            "head -c " + MEBIBYTES
                                    + "M /dev/urandom > m.bin; sha256sum m.bin; echo '{\"model\":\"m.bin\"}' > $MILLRACE_OUTPUT")
                    .setFileOutputs(List.of("model")));
            TaskReport made = by(stage, "maker", store, "r1");
            assertThat(made.getType()).as("%s", made).isEqualTo(TaskReportType.SUCCEEDED);
            JsonNode model =
                    new ObjectMapper().readTree(made.getOutput().orElseThrow()).path("model");
            assertThat(model.path("size").asLong()).isEqualTo(MEBIBYTES << 20);

            stage.dispatch(stage.aScript("r2", "sha256sum < inputs/m.bin").setInputs("{\"model\":" + model + "}"));
            TaskReport read = by(stage, "reader", store, "r2");
            assertThat(read.getType()).as("%s", read).isEqualTo(TaskReportType.SUCCEEDED);
            String digest = model.path("artifact").asText().substring("sha256:".length());
            stage.logs.await(log -> log.getRunId().equals("r2")
                    && log.getLines().stream().anyMatch(line -> line.getText().startsWith(digest)));
        }
    }

    /** The outcome by a worker in a process of its own, that lives as long as that takes. */
    private TaskReport by(Stage stage, String worker, Path store, String run) throws Exception {
        Process process = WorkerProcess.start(
                stage.access, worker, directory.resolve(worker), List.of("-Xmx64m", "-XX:+UseSerialGC"), store);
        try {
            TaskReport outcome = stage.outcome(run);
            System.out.println(
                    "With a file of " + MEBIBYTES + " MiB the worker " + worker + " took at most " + memory(process));
            return outcome;
        } finally {
            process.destroyForcibly().onExit().get(30, TimeUnit.SECONDS);
        }
    }

    private static String memory(Process process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("an unknown amount of memory")
                : "an unknown amount of memory";
    }
}
