package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.bench.Bench;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Result.ProcessShare;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.figure.Workload;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.RecordedTerminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How figures are asked for, shown, kept and compared; that they are measured, {@code BenchIT} shows. */
class BenchVerbTest {
    private static final Result RATE = new Result(
            "W1",
            "tasks",
            "tasks/s",
            new Spread(5_000, 4_000.5, 6_000),
            OptionalDouble.of(20_000),
            List.of(new ProcessShare("broker", 0.75, 300L << 20), new ProcessShare("load", 0.05, 0)));
    private static final Result TIME =
            new Result("W2", "claimed p99", "ms", new Spread(8, 7, 9), OptionalDouble.empty(), List.of());

    @TempDir
    private Path directory;

    private final RecordedTerminal recorded = RecordedTerminal.pipe();

    @Test
    void listsEveryWorkloadAndMeasuresNothing() {
        assertThat(execute("bench", "--list")).isZero();
        assertThat(recorded.out().lines().skip(1))
                .hasSameSizeAs(Bench.workloads())
                .zipSatisfy(
                        Bench.workloads(),
                        (line, workload) ->
                                assertThat(line).startsWith(workload.id() + " ").endsWith(workload.title()));
    }

    @Test
    void refusesAWorkloadThatThereIsNot() {
        assertThat(execute("bench", "W1", "W99")).isEqualTo(2);
        assertThat(recorded.err())
                .isEqualTo("millrace: there is no workload W99; there are "
                        + String.join(
                                ", ",
                                Bench.workloads().stream().map(Workload::id).toList())
                        + "\n");
    }

    @Test
    void refusesAnEarlierResultThatCannotBeRead() {
        assertThat(execute("bench", "W1", "--compare", directory.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(recorded.err()).contains("none cannot be read").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{\"id\":\"r\"}", "[]", "{\"median\":\"fast\"}", "\u0000\u00ff"})
    void refusesAnEarlierResultThatIsSomethingElse(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("earlier.json"), content, StandardCharsets.ISO_8859_1);

        assertThat(execute("bench", "W1", "--compare", file.toString())).isEqualTo(2);
        assertThat(recorded.err()).contains("earlier.json").hasLineCount(1);
    }

    @Test
    void writesAFigureALineAsJson() {
        BenchReport report = new BenchReport(recorded.terminal(), true, Optional.empty());
        report.add(RATE);
        report.add(TIME);
        report.end();

        List<JsonNode> lines = recorded.out().lines().map(Json::parse).toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).toString())
                .isEqualTo("{\"workload\":\"W1\",\"name\":\"tasks\",\"unit\":\"tasks/s\",\"median\":5000.0,"
                        + "\"min\":4000.5,\"max\":6000.0,\"limit\":20000.0,\"ratio\":0.25,\"processes\":["
                        + "{\"name\":\"broker\",\"cores\":0.75,\"resident_bytes\":314572800},"
                        + "{\"name\":\"load\",\"cores\":0.05,\"resident_bytes\":0}]}");
        assertThat(lines.get(1).get("limit").isNull()).isTrue();
        assertThat(lines.get(1).get("ratio").isNull()).isTrue();
    }

    @Test
    void showsTheFiguresAndThenTheProcesses() {
        BenchReport report = new BenchReport(recorded.terminal(), false, Optional.empty());
        report.add(RATE);
        report.add(TIME);
        report.end();

        assertThat(recorded.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .containsExactly(
                        "WORKLOAD | FIGURE | MEDIAN | RANGE | LIMIT | RATIO",
                        "W1 | tasks | 5,000 tasks/s | 4,001 – 6,000 | 20,000 | 25.0 %",
                        "W2 | claimed p99 | 8.00 ms | 7.00 – 9.00",
                        "",
                        "WORKLOAD | FIGURE | PROCESS | CORES | MEMORY",
                        "W1 | tasks | broker | 0.75 | 300 MiB",
                        "W1 | tasks | load | 0.05");
    }

    @Test
    void comparesWithWhatWasKept() throws IOException {
        Path file = directory.resolve("earlier.json");
        Result slower =
                new Result("W1", "tasks", "tasks/s", new Spread(4_000, 1, 2), OptionalDouble.empty(), List.of());
        Files.writeString(file, BenchResults.json(slower) + "\n");

        BenchReport report = new BenchReport(recorded.terminal(), false, Optional.of(BenchResults.read(file)));
        report.add(RATE);
        report.add(TIME);
        report.end();

        List<String> lines = recorded.out().lines().toList();
        assertThat(lines.get(0)).endsWith("EARLIER  CHANGE");
        assertThat(lines.get(1)).contains("4,000").endsWith("+25 %");
        assertThat(lines.get(2)).startsWith("W2").endsWith("9.00");
    }

    private int execute(String... arguments) {
        return MillraceCommand.execute(arguments, recorded.terminal());
    }
}
