package io.millrace.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The tables of docs/testing.md have exactly the keys that are read, and what is below a key is named in its row. */
class DocumentedKeysTest {
    private static final Pattern TABLE =
            Pattern.compile("\\| key \\| meaning \\|\\n\\| --- \\| --- \\|\\n((?:\\|.*\\|\\n)+)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|");

    @TestFactory
    Stream<DynamicTest> tablesHaveTheKeysThatAreRead() throws IOException {
        List<String> tables =
                TABLE.matcher(guide()).results().map(found -> found.group(1)).toList();
        List<List<String>> read = List.of(
                TestFileParser.KEYS,
                CasesReader.KEYS,
                MockReader.KEYS,
                ExpectationReader.KEYS,
                ExpectationReader.TASK_KEYS);
        assertThat(tables).hasSameSizeAs(read);
        return Stream.iterate(0, i -> i < read.size(), i -> i + 1)
                .map(i -> DynamicTest.dynamicTest(
                        read.get(i).toString(),
                        () -> assertThat(ROW.matcher(tables.get(i)).results().map(row -> row.group(1)))
                                .containsExactlyInAnyOrderElementsOf(read.get(i))));
    }

    @TestFactory
    Stream<DynamicTest> rowsNameTheKeysBelow() throws IOException {
        String guide = guide();
        Map<String, List<String>> below = Map.of(
                "defaults", CasesReader.DEFAULT_KEYS,
                "cancel", CasesReader.CANCEL_KEYS,
                "fail", FailureReader.KEYS,
                "approve", EndingReader.ANSWER_KEYS,
                "run", EndingReader.RUN_KEYS,
                "progress", MockReader.PROGRESS_KEYS,
                "failure", ExpectationReader.FAILURE_KEYS);
        return below.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getKey(),
                        () -> assertThat(guide.lines().filter(line -> line.startsWith("| `" + each.getKey() + "` |")))
                                .anySatisfy(row -> each.getValue()
                                        .forEach(key -> assertThat(row).contains("`" + key + "`")))));
    }

    private static String guide() throws IOException {
        return Files.readString(Path.of("..", "docs", "testing.md"));
    }
}
