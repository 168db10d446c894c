package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.command.MillraceCommand;
import io.millrace.cli.terminal.RecordedTerminal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The short bench on real processes: that it measures, and that what it measures is not far worse than it was. Machines differ
 * and are noisy, so only ratios to the bare loop of the same run are held against bounds, and these are wide.
 */
@Tag("alone")
class BenchIT {
    /** 0.07 was seen on a machine with two processors and much else to do. */
    private static final double LEAST_OF_THE_BARE_LOOP = 0.005;

    /** A chain of three tasks takes 10 records a task where nothing comes together, and less in a flood. */
    private static final double MOST_RECORDS = 14;

    private static final double MOST_BYTES = 12_000;

    /** Of a hop's time to the bare loop's: 1.3 was seen there. */
    private static final double MOST_OF_THE_BARE_LOOP = 50;

    @Test
    void throughputAndLatencyAreOfTheBareLoopsOrderOfMagnitude() {
        RecordedTerminal recorded = RecordedTerminal.pipe();

        int code = MillraceCommand.execute(
                new String[] {"bench", "W1", "W2", "--short", "--warm-up", "3", "-o", "json"}, recorded.terminal());

        System.out.print(recorded.out());
        assertThat(code).as(recorded.err()).isZero();
        List<JsonNode> figures = recorded.out().lines().map(Json::parse).toList();
        assertThat(figures).allSatisfy(BenchIT::isWellFormed);
        Map<String, JsonNode> byName = figures.stream()
                .collect(Collectors.toMap(figure -> figure.get("name").asText(), Function.identity()));
        assertThat(byName)
                .containsOnlyKeys(
                        "tasks",
                        "records of a task",
                        "bytes of a task",
                        "claimed p50",
                        "claimed p99",
                        "transactional p50",
                        "transactional p99");
        assertThat(byName.get("tasks").get("ratio").asDouble()).isBetween(LEAST_OF_THE_BARE_LOOP, 1.5);
        assertThat(median(byName, "records of a task")).isBetween(5.0, MOST_RECORDS);
        assertThat(median(byName, "bytes of a task")).isBetween(500.0, MOST_BYTES);
        for (String way : List.of("claimed", "transactional")) {
            assertThat(byName.get(way + " p50").get("ratio").asDouble()).isBetween(0.5, MOST_OF_THE_BARE_LOOP);
            assertThat(median(byName, way + " p99")).isGreaterThanOrEqualTo(median(byName, way + " p50"));
        }
        assertThat(byName.get("tasks").get("processes"))
                .extracting(process -> process.get("name").asText())
                .containsExactly("broker", "p2-c1", "p2-w1", "load");
    }

    private static void isWellFormed(JsonNode figure) {
        assertThat(figure.get("workload").asText()).isIn("W1", "W2");
        assertThat(figure.get("unit").asText()).isIn("tasks/s", "records", "bytes", "ms");
        assertThat(figure.get("median").asDouble()).isPositive();
        assertThat(figure.get("min").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(figure.get("max").asDouble());
        assertThat(figure.has("limit") && figure.has("ratio")).isTrue();
    }

    private static double median(Map<String, JsonNode> byName, String name) {
        return byName.get(name).get("median").asDouble();
    }
}
