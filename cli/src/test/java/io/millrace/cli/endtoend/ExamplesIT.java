package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import io.millrace.pipeline.CalendarFiles;
import io.millrace.testkit.file.TestFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of the documentation, on a real platform, from its file to the end of its run. */
@Tag("every-jdk")
class ExamplesIT {
    static Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(Examples.file("."))) {
            return all
                    .filter(file -> file.toString().endsWith(".yaml") && !TestFiles.isTestFile(file))
                    .filter(file -> !isCalendar(file))
                    .toList()
                    .stream();
        }
    }

    private static boolean isCalendar(Path file) {
        try {
            return CalendarFiles.isCalendar(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void isValid(Path file) {
        Cli.execute("validate", file.toString()).ended(0);
    }

    @Test
    void helloGreets() {
        RunView run = run("hello.yaml", "hello", 0, "-i", "name=Ada");

        assertThat(Cli.execute("logs", run.id(), "greet").ended(0).out()).isEqualTo("Hello, Ada!\n");
        assertThat(Examples.file("hello.yaml")).content().hasLineCount(7);
    }

    @Test
    void irisLearnsFromTheUnchangedScriptOfTheLaptop() {
        RunView run = run("iris/iris.yaml", "iris", 0);

        JsonNode check = run.task("check").orElseThrow().output();
        assertThat(check.path("accuracy").asDouble()).isBetween(0.9, 1.0);
        assertThat(check.path("tested").asInt()).isEqualTo(45);
        assertThat(run.task("read").orElseThrow().output().path("train")).hasSize(105);
    }

    @Test
    void irisFailsWhenItIsNotGoodEnough() {
        RunView run = run("iris/iris.yaml", "iris", 1, "-i", "minimum_accuracy=0.99");

        TaskView.FailureView failure = run.task("check").orElseThrow().failure();
        assertThat(failure).isNotNull();
        assertThat(failure.stderrTail()).last().asString().contains("below the minimum of 0.99");
    }

    @Test
    void irisSaysTheSameOnTheLaptop(@TempDir Path laptop) throws IOException, InterruptedException {
        for (String name : List.of("iris.py", "iris.csv", "settings.json")) {
            Files.copy(Examples.file("iris/" + name), laptop.resolve(name));
        }
        String line = Files.readAllLines(Examples.file("iris/crontab")).get(1);
        String command = line.replace("30 2 * * * cd ~/iris", "cd " + laptop).replace("./iris.py", "python3 iris.py");

        Process cron = new ProcessBuilder("bash", "-euc", command).inheritIO().start();
        assertThat(cron.waitFor()).isZero();

        JsonNode report = Json.parse(Files.readString(laptop.resolve("report.json")));
        RunView run = run("iris/iris.yaml", "iris", 0);
        assertThat(run.task("check").orElseThrow().output()).isEqualTo(report);
    }

    @Test
    void flakySucceedsAtItsThirdAttempt() {
        RunView run = run("flaky.yaml", "flaky", 0);

        TaskView fetch = run.task("fetch").orElseThrow();
        assertThat(fetch.attempts())
                .extracting(TaskView.AttemptView::status)
                .containsExactly("failed", "failed", "succeeded");
        assertThat(fetch.output().path("rows").asInt()).isEqualTo(42);
        assertThat(Cli.execute("logs", run.id(), "fetch", "--attempt", "2")
                        .ended(0)
                        .out())
                .isEqualTo("attempt 2: the service is away\n");
        assertThat(Cli.execute("logs", run.id(), "store").ended(0).out()).isEqualTo("stored 42 rows\n");
    }

    @Test
    void failingFailsForGoodAndWhatNeedsItIsNotExecuted() {
        RunView run = run("failing.yaml", "failing", 1);

        assertThat(run.status()).isEqualTo("failed");
        assertThat(run.task("extract").orElseThrow().status()).isEqualTo("succeeded");
        assertThat(run.task("load").orElseThrow().attempt()).isEqualTo(2);
        assertThat(run.task("load").orElseThrow().failure())
                .isNotNull()
                .extracting(TaskView.FailureView::stderrTail)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .anySatisfy(text -> assertThat(text.toString()).contains("no column named price"));
        assertThat(run.task("publish").orElseThrow().status()).isEqualTo("upstream_failed");
    }

    @Test
    void arrivalsCountsTheRowsOfAFile(@TempDir Path in) throws IOException {
        Path file = Files.writeString(in.resolve("with space.csv"), "a,1\nb,2\n");
        RunView run = run("arrivals.yaml", "arrivals", 0, "-i", "path=" + file);

        assertThat(run.task("count").orElseThrow().output().path("rows").asInt())
                .isEqualTo(2);
    }

    @Test
    void diamondJoinsItsBranchesAndSkipsOne() {
        RunView run = run("diamond.yaml", "diamond", 0);

        assertThat(run.task("summary").orElseThrow().output().path("text").asText())
                .isEqualTo("400 in all, 200 at most");
        assertThat(run.task("celebrate").orElseThrow().status()).isEqualTo("succeeded");
        assertThat(run.task("investigate").orElseThrow().status()).isEqualTo("skipped");
    }

    @Test
    void diamondTakesTheOtherBranchForOtherInputs() {
        RunView run = run("diamond.yaml", "diamond", 0, "-i", "amounts=[1, 2.5]", "-i", "threshold=10");

        assertThat(run.task("celebrate").orElseThrow().status()).isEqualTo("skipped");
        assertThat(run.task("investigate").orElseThrow().status()).isEqualTo("succeeded");
    }

    @Test
    void artifactsHandAFileFromOneTaskToAnother() {
        RunView run = run("artifacts.yaml", "artifacts", 0, "-i", "x=20");

        JsonNode model = run.task("train").orElseThrow().output().path("model");
        assertThat(model.path("artifact").asText()).startsWith("sha256:").hasSize(71);
        assertThat(model.path("name").asText()).isEqualTo("model.json");
        assertThat(run.task("predict").orElseThrow().output().path("y").asDouble())
                .isEqualTo(41.0);
        assertThat(Cli.execute("logs", run.id(), "size").ended(0).out().strip())
                .isEqualTo(model.path("size").asText());
    }

    private static RunView run(String file, String pipeline, int code, String... inputs) {
        Cli.execute("apply", Examples.file(file).toString()).ended(0);
        List<String> arguments = new ArrayList<>(List.of("trigger", pipeline, "--wait", "-o", "json"));
        arguments.addAll(List.of(inputs));
        return Json.as(
                RunView.class,
                Cli.execute(arguments.toArray(String[]::new)).ended(code).json());
    }
}
