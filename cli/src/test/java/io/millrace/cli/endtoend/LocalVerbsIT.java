package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that hold a whole platform in their process, each as a process of its own. */
@Tag("every-jdk")
class LocalVerbsIT {
    @TempDir
    private Path directory;

    @Test
    void demoDoesAllThatItIsMeantTo() throws IOException {
        try (MillraceProcess demo = MillraceProcess.startWithTemporary(temporary(), "demo")) {
            assertThat(demo.awaitExit()).as("%s", demo).isZero();
            assertThat(demo.out())
                    .contains("accuracy")
                    .contains("the table orders has no column named price")
                    .contains("the same run")
                    .contains("task_retried")
                    .contains("iris/high", "iris/failed", "iris/silent")
                    .contains("All went as it is meant to.");
        }
        assertThat(temporary()).isEmptyDirectory();
    }

    @Test
    void runShowsWhatTasksWriteAndEndsWithTheRunsExitCode() {
        try (MillraceProcess hello =
                MillraceProcess.start("run", Examples.file("hello.yaml").toString(), "-i", "name=Ada")) {
            assertThat(hello.awaitExit()).as("%s", hello).isZero();
            assertThat(hello.out()).contains("greet | Hello, Ada!").contains("hello succeeded");
        }
        try (MillraceProcess failing =
                MillraceProcess.start("run", Examples.file("failing.yaml").toString(), "-o", "json")) {
            assertThat(failing.awaitExit()).as("%s", failing).isEqualTo(1);
            JsonNode run = Json.parse(failing.out());
            assertThat(run.path("status").asText()).isEqualTo("failed");
            assertThat(failing.err()).isEmpty();
        }
    }

    @Test
    void runLeavesNothingBehindWhenItIsInterrupted() throws IOException {
        // A shell starts background jobs with SIGINT ignored, and every child inherits that.
        assumeFalse(interruptsAreIgnored(), "SIGINT is ignored in this process and so in its children");
        Path started = directory.resolve("started");
        Path file = Files.writeString(
                directory.resolve("long.yaml"),
                "id: long\ntasks:\n  - id: wait\n    shell: touch " + started + "; exec sleep 601\n");
        try (MillraceProcess run = MillraceProcess.startWithTemporary(temporary(), "run", file.toString())) {
            Until.holds("the task has started", () -> Files.exists(started));

            run.signal("INT");

            assertThat(run.awaitExit()).as("%s", run).isEqualTo(130);
        }
        assertThat(temporary()).isEmptyDirectory();
        assertThat(ProcessHandle.allProcesses()
                        .filter(ProcessHandle::isAlive)
                        .flatMap(process -> process.info().commandLine().stream())
                        .filter(line -> line.endsWith("sleep 601")))
                .isEmpty();
    }

    @Test
    void upSaysWhatIsInTheWay() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                MillraceProcess up = MillraceProcess.start(
                        "up",
                        "--data",
                        directory.resolve("a").toString(),
                        "--kafka-port",
                        "0",
                        "--registry-port",
                        "0",
                        "--api-port",
                        Integer.toString(taken.getLocalPort()))) {
            assertThat(up.awaitExit()).isEqualTo(3);
            assertThat(up.err()).contains("port " + taken.getLocalPort()).contains("--api-port");
        }
        String data = directory.resolve("b").toString();
        String[] line = {"up", "--data", data, "--kafka-port", "0", "--registry-port", "0", "--api-port", "0"};
        try (MillraceProcess first = MillraceProcess.start(line)) {
            first.awaitLine(out -> out.contains("Millrace is up."));
            try (MillraceProcess second = MillraceProcess.start(line)) {
                assertThat(second.awaitExit()).isEqualTo(3);
                assertThat(second.err()).contains(data).contains("in use");
            }
            first.signal("TERM");
            assertThat(first.awaitExit()).as("%s", first).isZero();
        }
    }

    /** Whether SIGINT, the second lowest bit, is among the signals that this process ignores (proc(5)). */
    private static boolean interruptsAreIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line -> (Character.digit(line.charAt(line.length() - 1), 16) & 2) != 0);
    }

    /** Where a process of ours may put temporary files, and nobody else does. */
    private Path temporary() throws IOException {
        return Files.createDirectories(directory.resolve("temporary"));
    }
}
