package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/file-triggers.md shows is read by the code that it describes. */
class FileTriggersPageTest {
    private static final Path PAGE = Path.of("..", "docs", "file-triggers.md");
    private static final Pattern PIPELINE = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");

    private static final TriggerScope FILE = TriggerScope.ofFile(
            Map.of("path", "/data/in/a.csv", "size", 17L, "modified", "2026-03-01T00:00:00.123Z", "worker", "w1"));

    @Test
    void itsPipelineDoesWhatItSays() throws IOException, EvaluationException {
        List<String> pipelines = PIPELINE.matcher(Files.readString(PAGE))
                .results()
                .map(MatchResult::group)
                .map(block -> block.replace("```yaml\n", "").replace("```", ""))
                .toList();
        assertThat(pipelines).hasSize(1);
        takes(PipelineParser.parse("p.yaml", pipelines.get(0)).orElseThrow());
    }

    @Test
    void theExampleWaitsForFilesToo() throws IOException, EvaluationException {
        Path example = Path.of("..", "docs", "examples", "arrivals.yaml");
        takes(PipelineParser.parse("arrivals.yaml", Files.readAllBytes(example)).orElseThrow());
    }

    private static void takes(Pipeline pipeline) throws EvaluationException {
        TriggerDefinition drop = pipeline.triggers().get(0);
        assertThat(drop.accepts(FILE)).isTrue();
        assertThat(drop.inputsOf(FILE)).isEqualTo(Document.of(Map.of("path", "/data/in/a.csv")));
    }

    @Test
    void theFilterThatItNamesComparesTimes() throws EvaluationException {
        String since = "event.modified >= \"2026-03-01\"";
        TriggerDefinition trigger = PipelineParser.parse(
                        "p.yaml",
                        "id: p\ntriggers: [{id: a, files: {directory: /d}, filter: '" + since
                                + "'}]\ntasks: [{id: a, shell: x}]\n")
                .orElseThrow()
                .triggers()
                .get(0);
        assertThat(trigger.accepts(FILE)).isTrue();
        assertThat(trigger.accepts(TriggerScope.ofFile(Map.of("modified", "2026-02-28T23:59:59.999Z"))))
                .isFalse();
    }
}
