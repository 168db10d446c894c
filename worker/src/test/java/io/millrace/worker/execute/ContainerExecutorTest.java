package io.millrace.worker.execute;

import static io.millrace.worker.execute.Workbench.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.FailureKind;
import io.millrace.event.LogStream;
import io.millrace.worker.artifact.ArtifactSettings;
import io.millrace.worker.artifact.Artifacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerExecutorTest {
    @TempDir
    private static Path images;

    @TempDir
    private Path directory;

    private Workbench bench;

    @BeforeAll
    static void prepare() throws IOException {
        TestingContainers.prepare(images);
    }

    @BeforeEach
    void start() {
        bench = new Workbench(directory);
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(TestingContainers.of("bench")).isEmpty();
        assertThat(bench.processes()).isEmpty();
    }

    @Test
    void aContainerIsGivenWhatAScriptIsGiven() throws IOException {
        Execution execution = run(
                bench.inputs("{\"day\": \"monday\"}")
                        .env(Map.of("GREETING", "hello = world", "LINES", "one\ntwo"))
                        .files(new TaskFile("data/a.txt", ByteBuffer.wrap("file\n".getBytes(UTF_8)), false)),
                "cat data/a.txt; echo \"$GREETING\"; echo \"$LINES\"; echo trouble >&2;"
                        + " echo \"{\\\"in\\\": $(cat \"$MILLRACE_INPUTS\"), \\\"task\\\": \\\"$MILLRACE_TASK\\\"}\" > \"$MILLRACE_OUTPUT\"");

        assertThat(Workbench.JSON.readTree(Workbench.output(execution)))
                .isEqualTo(Workbench.JSON.readTree("{\"in\":{\"day\":\"monday\"},\"task\":\"task1\"}"));
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("file", "hello = world", "one", "two");
        assertThat(bench.texts(LogStream.STDERR)).containsExactly("trouble");
    }

    @Test
    void nothingOfTheWorkersOwnEnvironmentGetsIntoIt() {
        run(bench, "env");

        assertThat(bench.texts(LogStream.STDOUT))
                .noneMatch(line -> line.startsWith("MILLRACE_DELIVERY="))
                .noneMatch(line -> line.startsWith("JAVA_HOME="));
    }

    @Test
    void theExitCodeOfTheContainerIsThatOfTheTask() {
        Failure failure = failure(run(bench, "echo no luck >&2; exit 7"));

        assertThat(failure.kind()).isEqualTo(FailureKind.EXIT);
        assertThat(failure.exitCode()).hasValue(7);
        assertThat(failure.stderrTail()).containsExactly("no luck");
    }

    @Test
    void anExitCodeThatTheProgramUsesForItselfIsStillTheContainers() {
        assertThat(failure(run(bench, "exit 125")).exitCode()).hasValue(125);
    }

    @Test
    void anImageThatIsNotThereIsSaid() {
        Failure failure = failure(
                bench.execute("container", "{\"image\":\"millrace-test:nowhere\",\"pull\":\"never\",\"command\":[]}"));

        assertThat(failure.kind()).isEqualTo(FailureKind.ERROR);
        assertThat(failure.message())
                .startsWith("The container could not be started: ")
                .containsIgnoringCase("no such image");
    }

    @Test
    void aCommandThatIsNotThereIsSaid() {
        Failure failure = failure(bench.execute(
                "container",
                Workbench.json(
                        Map.of("image", TestingContainers.IMAGE, "pull", "never", "command", List.of("/no/such")))));

        assertThat(failure.message())
                .startsWith("The container could not be started: ")
                .contains("/no/such");
    }

    @Test
    void anImageIsNeverAnOption() {
        assertThat(failure(bench.execute("container", "{\"image\":\"--privileged\",\"command\":[]}"))
                        .message())
                .isEqualTo("'--privileged' is no image.");
    }

    @Test
    void theContainerItselfIsEndedWhenItsTimeIsUp() {
        Failure failure = failure(run(bench.timeout(Duration.ofSeconds(2)), "echo begun; sleep 600"));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("begun");
    }

    @Test
    void theContainerItselfIsEndedWhenTheTaskIsCancelledAlsoWhereItHeedsNoSignal() throws Exception {
        bench.killGrace(Duration.ofMillis(300));
        CompletableFuture<Execution> running = CompletableFuture.supplyAsync(
                () -> run(bench, "trap '' TERM; echo begun; while true; do sleep 1; done"));
        while (bench.texts(LogStream.STDOUT).isEmpty() && !running.isDone()) {
            Thread.onSpinWait();
        }
        bench.stop.request(StopSignal.Reason.CANCELLED, "enough");

        assertThat(running.get().outcome()).isInstanceOf(Outcome.Stopped.class);
    }

    @Test
    void aContainerThatTakesMoreMemoryThanTheTaskMayIsKilled() {
        Failure failure = failure(run(bench.memory(32 << 20), "tail /dev/zero"));

        assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT);
        assertThat(failure.message()).contains("32MiB");
    }

    /** The worker reads what it is told to; what the container itself cannot see it must not be given that way. */
    @Test
    void aFileOfTheMachineIsNoOutputOfAContainer(@TempDir Path store) throws IOException {
        bench.artifacts(Artifacts.open(ArtifactSettings.in(store))).fileOutputs("model");
        for (String escape : List.of(
                "M=/etc/passwd",
                "M=../../../../../../../../etc/passwd",
                "M=link; busybox ln -s /etc/passwd link",
                "M=passwd; cd ..; busybox rm -r work; busybox ln -s /etc work")) {
            Failure failure = failure(run(bench, escape + "; echo \"{\\\"model\\\": \\\"$M\\\"}\" > $MILLRACE_OUTPUT"));
            assertThat(failure.kind()).as(escape).isEqualTo(FailureKind.INVALID_OUTPUT);
            assertThat(failure.message()).contains("which is not in the task's own directory");
        }
        assertThat(Workbench.output(run(
                        bench, "echo abc > m; echo \"{\\\"model\\\": \\\"$(busybox pwd)/m\\\"}\" > $MILLRACE_OUTPUT")))
                .contains("\"name\":\"m\",\"size\":4");
    }

    @Test
    void secretsStandOnNoCommandLine() throws Exception {
        String line = "sesame-on-one-line";
        String lines = "sesame-on\nseveral-lines";
        bench.secrets(Map.of("ONE", line, "TWO", lines));
        CompletableFuture<Execution> running = CompletableFuture.supplyAsync(() -> run(
                bench,
                "test \"$ONE\" = " + line.replace("sesame", "'ses'ame") + " && echo begun;"
                        + " until [ -e go ]; do sleep 0.1; done; test -n \"$TWO\""));
        while (bench.texts(LogStream.STDOUT).isEmpty() && !running.isDone()) {
            Thread.onSpinWait();
        }

        assertThat(TestingContainers.commandLines()).isNotEmpty().noneMatch(each -> each.contains("sesame-on"));
        bench.stop.request(StopSignal.Reason.CANCELLED, "enough");
        running.get();
    }

    @Test
    void aWorkerRemovesWhatAnEarlierLifeOfItsLeftAndNothingElse() throws InterruptedException {
        String dead = new ProcessMark("bench", bench.life.home(), "life-of-before").prefix() + "1";
        String elsewhere = new ProcessMark("bench", "home-in-another-container", "life-of-its-own").prefix() + "1";
        String alive = bench.life.prefix() + "1";
        String removed = detached("bench", dead);
        String kept = detached("bench", alive);
        String namesake = detached("bench", elsewhere);
        String foreign = detached("other", dead.replace("bench:", "other:"));
        try {
            ContainerLabels.removeLeftovers(bench.life);

            assertThat(TestingContainers.of("bench"))
                    .containsExactlyInAnyOrder(kept, namesake)
                    .doesNotContain(removed);
            assertThat(TestingContainers.of("other")).containsExactly(foreign);
        } finally {
            TestingContainers.docker("rm", "-f", kept, namesake, foreign);
        }
    }

    private static String detached(String worker, String mark) {
        return TestingContainers.docker(
                        "run",
                        "-d",
                        "--label",
                        "io.millrace.worker=" + worker,
                        "--label",
                        "io.millrace.delivery=" + mark,
                        TestingContainers.IMAGE,
                        "/bin/sleep",
                        "600")
                .out()
                .strip();
    }

    private static Execution run(Workbench bench, String script) {
        return bench.execute(
                "container",
                Workbench.json(Map.of(
                        "image",
                        TestingContainers.IMAGE,
                        "pull",
                        "never",
                        "network",
                        "none",
                        "command",
                        List.of("/bin/sh", "-c", script))));
    }
}
