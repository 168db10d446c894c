package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The table of bad files: {@code bad-pipelines.txt} holds them, each with the problems that it must be answered with, to the
 * letter and in order; <code>{…}</code> stands for a list of keys.
 */
class BadPipelinesTest {
    private record Case(String name, String source, List<String> problems) {}

    @TestFactory
    Stream<DynamicTest> eachBadFileIsAnsweredWithAllItsProblems() throws IOException {
        return cases().stream()
                .map(bad -> DynamicTest.dynamicTest(bad.name(), () -> {
                    ParsedPipeline parsed = PipelineParser.parse("p.yaml", bad.source());
                    assertThat(parsed.pipeline()).isEmpty();
                    assertThat(parsed.problems().stream().map(Problem::toString))
                            .containsExactlyElementsOf(bad.problems().stream()
                                    .map(problem -> "p.yaml:" + withKeys(problem))
                                    .toList());
                }));
    }

    @Test
    void theTableIsLong() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(50);
    }

    /** The sources of all bad files. */
    static Stream<String> sources() throws IOException {
        return cases().stream().map(Case::source);
    }

    /** The lists of keys grow; the table need not grow with them. */
    private static String withKeys(String problem) {
        return problem.replace("{the pipeline's keys}", String.join(", ", PipelineReader.KEYS))
                .replace("{a task's keys}", String.join(", ", TaskReader.KEYS))
                .replace("{kinds}", String.join(", ", Kinds.KEYS));
    }

    private static List<Case> cases() throws IOException {
        String text;
        try (InputStream table =
                Objects.requireNonNull(BadPipelinesTest.class.getResourceAsStream("bad-pipelines.txt"))) {
            text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Case> cases = new ArrayList<>();
        for (String part : text.split("(?m)^=== ")) {
            if (!part.isEmpty()) {
                int firstLine = part.indexOf('\n');
                int problems = part.indexOf("--- problems\n");
                cases.add(new Case(
                        part.substring(0, firstLine),
                        part.substring(firstLine + 1, problems),
                        part.substring(problems).lines().skip(1).toList()));
            }
        }
        return cases;
    }
}
