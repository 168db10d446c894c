package io.millrace.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.millrace.engine.Failure;
import io.millrace.engine.TaskStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The JSON Schema of files of tests has the keys that are read, and judges as the reader does where it can. */
class TestSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode TREE = read();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TREE);
    private static final LoadSettings YAML =
            LoadSettings.builder().setSchema(new CoreSchema()).build();

    private static JsonNode read() {
        try (InputStream file =
                Objects.requireNonNull(TestFile.class.getResourceAsStream("pipeline-test.schema.json"))) {
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> faults(String yaml) {
        return SCHEMA.validate(JSON.valueToTree(new Load(YAML).loadFromString(yaml))).stream()
                .map(Object::toString)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> hasTheKeysThatAreRead() {
        Map<String, List<String>> read = Map.ofEntries(
                Map.entry("", TestFileParser.KEYS),
                Map.entry("/properties/defaults", CasesReader.DEFAULT_KEYS),
                Map.entry("/$defs/test", CasesReader.KEYS),
                Map.entry("/$defs/test/properties/cancel", CasesReader.CANCEL_KEYS),
                Map.entry("/$defs/mock", MockReader.KEYS),
                Map.entry("/$defs/mock/properties/run/oneOf/1", EndingReader.RUN_KEYS),
                Map.entry("/$defs/failure", FailureReader.KEYS),
                Map.entry("/$defs/answer", EndingReader.ANSWER_KEYS),
                Map.entry("/$defs/progress", MockReader.PROGRESS_KEYS),
                Map.entry("/$defs/expect", ExpectationReader.KEYS),
                Map.entry("/$defs/task", ExpectationReader.TASK_KEYS),
                Map.entry("/$defs/task/properties/failure/oneOf/1", ExpectationReader.FAILURE_KEYS));
        return read.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        "#" + each.getKey(),
                        () -> assertThat(TREE.at(each.getKey() + "/properties").fieldNames())
                                .toIterable()
                                .containsExactlyInAnyOrderElementsOf(each.getValue())));
    }

    @Test
    void hasTheWordsOfTheEngine() {
        assertThat(TREE.at("/$defs/status/enum")).extracting(JsonNode::asText).isEqualTo(words(TaskStatus.values()));
        assertThat(TREE.at("/$defs/kind/enum")).extracting(JsonNode::asText).isEqualTo(words(Failure.Kind.values()));
    }

    private static List<String> words(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Test
    void acceptsTheExamplesAndTheGuide() throws IOException {
        for (Path file : ExamplesTest.files()) {
            assertThat(faults(Files.readString(file))).as(file.toString()).isEmpty();
        }
        String guide = Files.readString(Path.of("..", "docs", "testing.md"));
        int begin = guide.indexOf("# fraud_score.test.yaml");
        assertThat(faults(guide.substring(begin, guide.indexOf("```", begin)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "tests: []",
                "test: [{name: a}]",
                "tests: [{}]",
                "tests: [{name: a, tasks: {b: lost}}]",
                "tests: [{name: a, tasks: {b: []}}]",
                "tests: [{name: a, tasks: {b: {output: [1]}}}]",
                "tests: [{name: a, tasks: {b: {takes: 5}}}]",
                "tests: [{name: a, tasks: {b: {takes: -5s}}}]",
                "tests: [{name: a, tasks: {b: {fail: {exitcode: 1}}}}]",
                "tests: [{name: a, cancel: {}}]",
                "tests: [{name: a, expect: {run: suceeded}}]",
                "tests: [{name: a, expect: {tasks: {b: gone}}}]",
                "tests: [{name: a, unmocked: explode}]",
            })
    void refusesWhatTheReaderRefuses(String yaml) {
        assertThat(faults(yaml)).isNotEmpty();
        assertThat(Told.of("id: p\ntasks: [{id: b, shell: x}]").problems(yaml)).isNotEmpty();
    }
}
