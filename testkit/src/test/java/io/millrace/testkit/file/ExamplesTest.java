package io.millrace.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests of the examples of the documentation pass, without a warning. */
class ExamplesTest {
    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("..", "docs", "examples"))) {
            return all.filter(TestFiles::isTestFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void pass(Path file) throws IOException {
        ParsedTests parsed = TestFiles.read(file);

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.tests().orElseThrow().tests()).isNotEmpty().allSatisfy(test -> {
            TestResult result = TestResult.of(test);
            assertThat(result.errors()).isEmpty();
            assertThat(result.mismatches()).isEmpty();
            assertThat(result.warnings()).isEmpty();
        });
    }

    @Test
    void areSeveral() throws IOException {
        assertThat(files()).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void areKnownByTheirNames() {
        assertThat(TestFiles.isTestFile(Path.of("a/b.test.yml"))).isTrue();
        assertThat(TestFiles.isTestFile(Path.of("a.test.yaml/b.yaml"))).isFalse();
        assertThat(TestFileParser.standardPipeline("a.test/b.test.yaml")).isEqualTo("b.yaml");
        assertThat(TestFileParser.standardPipeline("b.test.yml")).isEqualTo("b.yml");
    }
}
