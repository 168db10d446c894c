package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What docs/pipeline-reference.md shows is read by the parser that it describes. */
class PipelineReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "pipeline-reference.md");
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^```yaml( bad)?\\n(.*?)^```\\n(?:\\n```text\\n(.*?)^```\\n)?");

    private record Block(boolean bad, String yaml, List<String> answer, int line) {}

    @TestFactory
    Stream<DynamicTest> everyBlockOfYamlIsAsTheReferenceSays() throws IOException {
        return blocks().stream()
                .map(block -> DynamicTest.dynamicTest("line " + block.line(), () -> {
                    List<String> problems = PipelineParser.parse("pipeline.yaml", block.yaml()).problems().stream()
                            .map(Problem::toString)
                            .toList();
                    if (block.bad()) {
                        assertThat(problems).isNotEmpty();
                        assertThat(block.answer().isEmpty() ? problems : block.answer())
                                .isEqualTo(problems);
                    } else {
                        assertThat(problems).isEmpty();
                    }
                }));
    }

    @Test
    void everyLimitIsNamedWithItsValue() throws IOException {
        String text = Files.readString(REFERENCE);
        assertThat(text)
                .contains("256 KiB", "10,000 tasks", "1,000 needs", "30d", "100 retries", "63 characters")
                .contains("4,096 characters", "10,000 elements", "300,000 steps");
    }

    @Test
    void thereAreBlocksToRead() throws IOException {
        assertThat(blocks()).hasSizeGreaterThan(10);
    }

    /** All files that the reference shows, good and bad. */
    static Stream<String> sources() throws IOException {
        return blocks().stream().map(Block::yaml);
    }

    private static List<Block> blocks() throws IOException {
        String text = Files.readString(REFERENCE);
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            int line = (int) text.substring(0, matcher.start()).lines().count() + 1;
            List<String> answer = matcher.group(3) == null
                    ? List.of()
                    : matcher.group(3).lines().toList();
            blocks.add(new Block(matcher.group(1) != null, matcher.group(2), answer, line));
        }
        return blocks;
    }
}
