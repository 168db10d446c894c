package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.RecordedTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** `millrace test`, as it is called and answers. */
class TestVerbTest {
    private static final String PIPELINE =
            "id: p\ntasks:\n  - {id: a, shell: x, outputs: {n: integer}}\n  - {id: b, needs: a, shell: y}\n";
    private static final String GOOD = """
            tests:
              - name: it adds up
                tasks: {a: {output: {n: 1}, takes: 90m}}
                expect: {tasks: {b: succeeded}}
            """;
    private static final String BAD = """
            tests:
              - name: it adds up
                tasks: {a: {output: {n: 1}}}
              - name: it is <never> "so" & ]]>
                tasks: {a: {fail: {message: "away \\u001b[31m \\0 \\uFFFE"}}}
                expect: {run: failed, tasks: {a: {attempts: 2}}}
            """;

    @TempDir
    private Path directory;

    private record Ended(int code, String out, String err) {
        JsonNode json() {
            return Json.parse(out);
        }
    }

    @BeforeEach
    void writePipeline() throws IOException {
        write("p.yaml", PIPELINE);
    }

    @Test
    void printsALineATestAndASummary() throws IOException {
        write("p.test.yaml", GOOD);
        write(".hidden/q.test.yaml", BAD);

        Ended ended = execute("test", directory.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.out().lines().toList()).hasSize(3).satisfies(lines -> {
            assertThat(lines.get(0)).isEqualTo(directory.resolve("p.test.yaml").toString());
            assertThat(lines.get(1)).startsWith("  + it adds up  1h30m in ").endsWith(" ms");
            assertThat(lines.get(2)).startsWith("+ 1 test passed, in ");
        });
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void tellsOfATestThatFailedWhatWasExpectedWhatWasAndWhatHappened() throws IOException {
        Path file = write("p.test.yaml", BAD);

        Ended ended = execute("test", file.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out())
                .contains("  x it is <never> \"so\" & ]]>  0s in ")
                .contains("      " + file + ":6:49: tasks.a.attempts: expected 2, was 1\n")
                .contains(
                        "      what happened:\n        +0s  the run  started\n        +0s  a        attempt 1 started\n")
                .contains("x 2 tests, 1 failed, in ")
                .doesNotContain("\u001b");
    }

    @Test
    void goesOnWhenAFileIsWrongAndEndsWithTwo() throws IOException {
        write("a.test.yaml", "pipeline: p.yaml\ntests:\n  - {name: x, expcet: {}}\n");
        write("p.test.yaml", GOOD);

        Ended ended = execute("test", directory.toString());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out())
                .contains("a.test.yaml:3:15: unknown key `expcet` in a test")
                .contains("did you mean \"expect\"?\n    3 |   - {name: x, expcet: {}}\n                      ^\n")
                .contains("it adds up")
                .contains("x 1 test passed, 1 file is wrong, in ");
    }

    @Test
    void showsTheLineOfThePipelineThatIsWrong() throws IOException {
        write("p.yaml", "id: p\ntasks:\n  - {id: a, shel: x}\n");
        Path file = write("p.test.yaml", GOOD);

        assertThat(execute("test", file.toString()).out())
                .contains("p.yaml:3:13: unknown key `shel`")
                .contains("    3 |   - {id: a, shel: x}\n");
    }

    @Test
    void answersInJson() throws IOException {
        write("p.test.yaml", BAD);

        Ended ended = execute("test", "-o", "json", directory.toString());

        JsonNode json = ended.json();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(json.path("passed").asInt()).isEqualTo(1);
        assertThat(json.path("failed").asInt()).isEqualTo(1);
        JsonNode test = json.at("/files/0/tests/1");
        assertThat(test.path("run").asText()).isEqualTo("failed");
        assertThat(test.path("passed").asBoolean()).isFalse();
        assertThat(test.at("/mismatches/0/what").asText()).isEqualTo("tasks.a.attempts");
        assertThat(test.at("/mismatches/0/line").asInt()).isEqualTo(6);
        assertThat(test.path("tale")).isNotEmpty();
    }

    @Test
    void writesXmlThatIsWellFormedWhateverNamesAndValuesHold() throws Exception {
        write("a.test.yaml", "pipeline: p.yaml\ntests: [<&]\n");
        write("p.test.yaml", BAD);
        Path xml = directory.resolve("reports/tests.xml");

        assertThat(execute("test", "--junit", xml.toString(), directory.toString())
                        .code())
                .isEqualTo(2);

        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml.toFile());
        List<String> names = new ArrayList<>();
        var cases = document.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            names.add(((Element) cases.item(i)).getAttribute("name"));
        }
        assertThat(names).containsExactly("the file can be read", "it adds up", "it is <never> \"so\" & ]]>");
        assertThat(document.getElementsByTagName("failure").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("error").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("failure").item(0).getTextContent())
                .contains("tasks.a.attempts: expected 2, was 1");
    }

    @Test
    void choosesAndListsTests() throws IOException {
        Path file = write("p.test.yaml", BAD);

        assertThat(execute("test", "--filter", "ADDS", file.toString()).code()).isZero();
        assertThat(execute("test", "--list", "--filter", "adds", file.toString())
                        .out())
                .isEqualTo(file + ":2: it adds up\n");
        assertThat(execute("test", "--list", "-o", "json", file.toString())
                        .json()
                        .at("/files/0/tests"))
                .hasSize(2);
        Ended none = execute("test", "--filter", "nothing of the kind", file.toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("there is no test with 'nothing of the kind' in its name");
    }

    @Test
    void failsForAWarningWhenItIsToBeStrict() throws IOException {
        Path file = write(
                "p.test.yaml",
                GOOD.replace("takes: 90m}", "takes: 90m}, b: [{fail: x, times: 9}, {}]")
                        .replace("b: succeeded", "b: failed")
                        .replace("expect: {", "expect: {run: failed, "));

        assertThat(execute("test", file.toString()).out())
                .contains("warning: of the 2 outcomes in the mock of b only 1 was used")
                .contains("1 test passed, 1 with warnings");
        assertThat(execute("test", file.toString()).code()).isZero();
        assertThat(execute("test", "--strict", file.toString()).code()).isEqualTo(1);
    }

    @Test
    void saysWhatIsNotThere() {
        assertThat(execute("test", directory.resolve("gone.test.yaml").toString())
                        .err())
                .contains("there is no file");
        Ended empty = execute("test", directory.toString());
        assertThat(empty.code()).isEqualTo(2);
        assertThat(empty.err()).contains("there is no *.test.yaml or *.test.yml in the directory");
    }

    @Test
    void leavesFilesOfTestsAloneWhereItIsPipelinesThatAreAskedFor() throws IOException {
        write("p.test.yaml", GOOD);

        assertThat(execute("validate", directory.toString()).out()).hasLineCount(1);
    }

    @Test
    void printsTheSchemaOfTests() {
        assertThat(execute("schema", "--test")
                        .json()
                        .at("/properties/tests/type")
                        .asText())
                .isEqualTo("array");
    }

    private Path write(String name, String source) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, source);
    }

    private static Ended execute(String... arguments) {
        RecordedTerminal recorded = RecordedTerminal.pipe();
        int code = MillraceCommand.execute(arguments, recorded.terminal());
        return new Ended(code, recorded.out(), recorded.err());
    }
}
