package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds {@code pipeline.schema.json} to the parser. Whoever adds a key to the parser adds it there, too, with a sentence for those who
 * meet it in their editor; this test says where it is missing.
 */
class PipelineSchemaTest {
    private static final Path EXAMPLES = Path.of("..", "docs", "examples");

    /** What a schema can see as well as the parser: keys that are wrong or missing, and values of a wrong type. */
    private static final Pattern SEEN_BY_A_SCHEMA = Pattern.compile(
            ".*(: unknown key `| has no `(id|tasks|type)`|there is no type|is no id; | `tasks` is (a|an|the) |has nothing to do| has no use for ).*");

    @TestFactory
    Stream<DynamicTest> knowsTheKeysThatTheParserKnows() {
        return new SchemaKeys()
                .places().stream()
                        .map(place -> DynamicTest.dynamicTest(
                                place.path(),
                                () -> assertThat(place.inSchema())
                                        .as(
                                                "the keys of %s in %s (actual) and in the parser (expected); add what is missing, with a description",
                                                place.path(), SchemaFile.NAME)
                                        .isEqualTo(place.inParser())));
    }

    @Test
    void findsManyObjectsToCompare() {
        assertThat(new SchemaKeys().places())
                .extracting(SchemaKeys.Place::path)
                .contains("the top level", "defaults", "defaults.retry", "tasks.[]", "tasks.[].shell", "tasks.[].with");
    }

    @Test
    void explainsEveryKey() {
        assertThat(new SchemaKeys().withoutDescription()).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> acceptsEveryGoodFileAndRefusesThoseWhoseShapeIsWrong() throws IOException {
        return Stream.concat(Stream.concat(examples(), BadPipelinesTest.sources()), PipelineReferenceTest.sources())
                .map(source -> DynamicTest.dynamicTest(firstLine(source), () -> judge(source)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "id: p",
                "id: P\ntasks: [{id: a, shell: x}]",
                "id: p\ntasks: []",
                "id: p\ntasks: [{id: a}]",
                "id: p\ntasks: [{id: a, shell: x, python: y}]",
                "id: p\ntasks: [{id: a, shell: {command: x, file: y}}]",
                "id: p\ntasks: [{id: a, shell: 'echo ${{ inputs.a }}'}]",
                "id: p\ntasks: [{id: a, shell: x, timeout: 10}]",
                "id: p\ntasks: [{id: a, shell: x, timeout: soon}]",
                "id: p\ntasks: [{id: a, shell: x, retry: {max: 101}}]",
                "id: p\ntasks: [{id: a, shell: x, on_worker_loss: ignore}]",
                "id: p\ntasks: [{id: a, shell: x, env: {MILLRACE_X: y}}]",
                "id: p\ntasks: [{id: a, shell: x, env: {X: [y]}}]",
                "id: p\ninputs: {a: file}\ntasks: [{id: a, shell: x}]",
                "id: p\ninputs: {a: text}\ntasks: [{id: a, shell: x}]",
                "id: p\nowner: ''\ntasks: [{id: a, shell: x}]",
            })
    void refusesWhatTheParserRefuses(String yaml) {
        assertThat(PipelineParser.parse("p.yaml", yaml).problems()).isNotEmpty();
        assertThat(SchemaFile.faults(yaml)).isNotEmpty();
    }

    private static void judge(String source) {
        List<String> problems = PipelineParser.parse("p.yaml", source).problems().stream()
                .map(Problem::toString)
                .toList();
        if (problems.isEmpty()) {
            assertThat(SchemaFile.faults(source)).isEmpty();
        } else if (problems.stream()
                .anyMatch(problem -> SEEN_BY_A_SCHEMA.matcher(problem).matches())) {
            assertThat(SchemaFile.faults(source)).as("%s", problems).isNotEmpty();
        }
    }

    private static Stream<String> examples() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml")
                            && !file.toString().endsWith(".test.yaml"))
                    .sorted()
                    .map(PipelineSchemaTest::read)
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String firstLine(String source) {
        return source.lines().findFirst().orElse("(empty)");
    }
}
