package io.millrace.pipeline.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.PipelineParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table {@code lint.txt}: files, each with all that the rules speak against in it, to the letter and in order. */
class LintTest {
    private record Case(String name, String source, List<String> findings) {}

    @TestFactory
    Stream<DynamicTest> findsExactlyWhatTheTableSays() throws IOException {
        return cases().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.name(),
                        () -> assertThat(findings(each.source(), true).stream().map(Finding::toString))
                                .containsExactlyElementsOf(each.findings().stream()
                                        .map(finding -> "p.yaml:" + finding)
                                        .toList())));
    }

    @Test
    void theTableShowsEveryRule() throws IOException {
        List<String> all =
                cases().stream().flatMap(each -> each.findings().stream()).toList();

        assertThat(Arrays.stream(Rule.values()).map(Rule::id))
                .allSatisfy(id -> assertThat(all).anyMatch(finding -> finding.endsWith("[" + id + "]")));
    }

    @Test
    void keepsTheRulesForProductionToProduction() throws IOException {
        for (Case each : cases()) {
            assertThat(findings(each.source(), false))
                    .extracting(Finding::rule)
                    .noneMatch(Rule::production)
                    .hasSize((int) findings(each.source(), true).stream()
                            .filter(finding -> !finding.rule().production())
                            .count());
        }
    }

    private static List<Finding> findings(String source, boolean production) {
        ParsedPipeline parsed = PipelineParser.parse("p.yaml", source);
        assertThat(parsed.problems()).isEmpty();
        return Lint.check("p.yaml", source, parsed.pipeline().orElseThrow(), production);
    }

    private static List<Case> cases() throws IOException {
        String text;
        try (InputStream table = Objects.requireNonNull(LintTest.class.getResourceAsStream("lint.txt"))) {
            text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Case> cases = new ArrayList<>();
        for (String part : text.split("(?m)^=== ")) {
            if (!part.isEmpty()) {
                int firstLine = part.indexOf('\n');
                int findings = part.indexOf("--- findings\n");
                cases.add(new Case(
                        part.substring(0, firstLine),
                        part.substring(firstLine + 1, findings),
                        part.substring(findings).lines().skip(1).toList()));
            }
        }
        return cases;
    }
}
