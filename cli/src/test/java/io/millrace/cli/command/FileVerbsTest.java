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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that need nothing but pipeline files. */
class FileVerbsTest {
    private static final String GOOD = "id: %s\ntasks:\n  - {id: a, shell: x}\n  - {id: b, needs: a, shell: y}\n";
    private static final String BAD = "id: bad\ntasks:\n  - id: a\n    shel: x\n";
    private static final String SECRET = "id: leaky\ntasks:\n  - {id: a, shell: x, env: {API_TOKEN: abc}}\n";

    @TempDir
    private Path directory;

    private record Ended(int code, String out, String err) {
        JsonNode json() {
            return Json.parse(out);
        }
    }

    @Test
    void validatesAllFilesOfADirectoryAndWhatIsBelowButNothingHidden() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        write("team/b.yml", GOOD.formatted("b"));
        write("team/.hidden.yaml", BAD);
        write(".git/c.yaml", BAD);
        write("notes.txt", BAD);

        Ended ended = execute("validate", directory.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).hasLineCount(2).contains("a.yaml").contains("b.yml");
    }

    @Test
    void judgesAFileOnceThatIsNamedTwice() throws IOException {
        Path file = write("a.yaml", GOOD.formatted("a"));

        assertThat(execute("validate", file.toString(), directory.toString()).out())
                .hasLineCount(1);
    }

    @Test
    void saysWhichScriptsWillNotBeWhereTheirTaskIsExecuted() throws IOException {
        write("load.py", "");
        write("bin/train", "");
        write("known.sh", "");
        write("data.csv", "");
        write("a.yaml", """
                id: a
                tasks:
                  - {id: load, shell: python3 load.py --to "$HOME/data.csv"}
                  - {id: train, shell: ./bin/train /data.csv other.py}
                  - {id: known, shell: sh known.sh, files: [known.sh]}
                """);

        Ended ended = execute("validate", directory.resolve("a.yaml").toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.err())
                .hasLineCount(2)
                .contains("the task load names load.py, which is beside")
                .contains("the task train names bin/train, which is beside");
    }

    @Test
    void showsWhereAFileIsNamedAndNotWhereTheScriptMentionsIt() throws IOException {
        write("a.yaml", """
                id: sales
                tasks:
                  - id: a
                    shell: python3 sum.py big.csv
                    files: [sum.py, big.csv]
                """);
        write("sum.py", "");
        write("big.csv", "x".repeat((256 << 10) + 1));

        Ended ended = execute("validate", "-o", "json", directory.toString());

        JsonNode problem = ended.json().at("/files/0/problems/0");
        assertThat(problem.path("line").asInt()).isEqualTo(5);
        assertThat(problem.path("column").asInt()).isEqualTo(21);
        assertThat(problem.path("expected").asText()).contains("larger data stays where it is");
    }

    @Test
    void tellsEveryProblemOfEveryFile() throws IOException {
        write("a.yaml", BAD);
        write("b.yaml", "id: [\n");

        Ended ended = execute("validate", "-o", "json", directory.toString());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.json().path("files")).hasSize(2).allSatisfy(file -> {
            assertThat(file.path("valid").asBoolean()).isFalse();
            assertThat(file.path("problems")).isNotEmpty();
        });
    }

    @Test
    void holdsTheInputsOfRunsAgainstThePipelinesThatAreStarted() throws IOException {
        String started = "id: child\ninputs: {day: string}\ntasks: [{id: a, shell: x}]\n";
        Path child = write("child.yaml", started);
        Path parent = write("a.yaml", "id: parent\ntasks:\n  - {id: a, run: child, with: {dya: x}}\n");

        Ended both = execute("validate", directory.toString());

        assertThat(both.code()).isEqualTo(2);
        assertThat(both.out())
                .contains("a.yaml:3:18: the pipeline child needs the input `day`")
                .contains("a.yaml:3:32: the pipeline child has no input `dya`; expected day; did you mean \"day\"?")
                .contains("child.yaml: pipeline child, 1 task");
        assertThat(execute("validate", parent.toString()).code()).isZero();
        assertThat(execute("apply", "--url", "http://127.0.0.1:1", parent.toString(), child.toString())
                        .code())
                .isEqualTo(2);
    }

    @Test
    void aPipelineIsAppliedAfterThoseThatItStarts() throws IOException {
        String runs = "id: %s\ntasks: [{id: a, run: %s}, {id: b, run: %s}]\n";
        List<PipelineFile> files = new ArrayList<>();
        for (String source : List.of(
                runs.formatted("a", "c", "unknown"),
                runs.formatted("b", "a", "c"),
                runs.formatted("c", "d", "d"),
                GOOD.formatted("d"),
                runs.formatted("e", "f", "f"),
                runs.formatted("f", "e", "e"))) {
            files.add(PipelineFile.read(write(files.size() + ".yaml", source)));
        }

        assertThat(PipelineFiles.startedFirst(files))
                .extracting(PipelineFile::id)
                .containsExactly("d", "c", "a", "b", "f", "e");
    }

    @Test
    void findsNothingInAnOrdinaryFileUnlessItIsForProduction() throws IOException {
        String file = write("a.yaml", GOOD.formatted("a")).toString();

        assertThat(execute("lint", file).out()).isEqualTo("+ nothing found in 1 file\n");
        Ended production = execute("lint", "--production", file);
        assertThat(production.code()).isZero();
        assertThat(production.out())
                .contains("a.yaml:3:10: warning: an attempt of a may take for ever [no-timeout]\n")
                .contains("    3 |   - {id: a, shell: x}\n                 ^\n        -> add `timeout:`")
                .endsWith("7 warnings in 1 file\n");
        assertThat(execute("lint", "--production", "--strict", file).code()).isEqualTo(1);
        assertThat(execute("lint", "--strict", file).code()).isZero();
    }

    @Test
    void failsForAnErrorAndStillMoreForAnInvalidFile() throws IOException {
        write("a.yaml", SECRET);
        assertThat(execute("lint", directory.toString()).code()).isEqualTo(1);
        write("b.yaml", BAD);

        Ended both = execute("lint", "-o", "json", directory.toString());

        assertThat(both.code()).isEqualTo(2);
        assertThat(both.json().path("errors").asInt()).isEqualTo(1);
        JsonNode finding = both.json().path("files").path(0).path("findings").path(0);
        assertThat(finding.path("rule").asText()).isEqualTo("plain-secret");
        assertThat(finding.path("severity").asText()).isEqualTo("error");
        assertThat(finding.path("line").asInt()).isEqualTo(3);
        assertThat(both.out()).doesNotContain("abc");
        assertThat(both.json().path("files").path(1).path("problems")).hasSize(2);
    }

    @Test
    void printsASchemaThatIsJson() {
        JsonNode schema = execute("schema").json();

        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.at("/properties/tasks/items/$ref").asText()).isEqualTo("#/$defs/task");
    }

    @Test
    void drawsInEveryLanguage() throws IOException {
        String file = write("a.yaml", GOOD.formatted("a")).toString();

        assertThat(execute("graph", file).out()).contains("+---+---+").contains("| a     |");
        assertThat(execute("graph", "--format", "mermaid", file).out())
                .startsWith("flowchart TD\n")
                .contains("t_a --> t_b");
        assertThat(execute("graph", "--format", "dot", file).out())
                .startsWith("digraph \"a\" {")
                .contains("\"a\" -> \"b\"");
        JsonNode json = execute("graph", "-o", "json", file).json();
        assertThat(json.at("/tasks/1/needs/0").asText()).isEqualTo("a");
        assertThat(execute("graph", write("bad.yaml", BAD).toString()).code()).isEqualTo(2);
    }

    @Test
    void appliesNothingWhenTwoFilesDefineOnePipeline() throws IOException {
        write("a.yaml", GOOD.formatted("same"));
        write("b.yaml", GOOD.formatted("same"));

        Ended ended = execute("apply", "--url", "http://127.0.0.1:1", directory.toString());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .contains("b.yaml defines the pipeline same, and so does")
                .contains("nothing was applied: all of the 2 files have to be good")
                .hasLineCount(2);
    }

    private Path write(String name, String source) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, source);
    }

    private static Ended execute(String... arguments) {
        RecordedTerminal recorded = RecordedTerminal.pipe();
        List<String> all = new ArrayList<>(List.of(arguments));
        int code = MillraceCommand.execute(all.toArray(String[]::new), recorded.terminal());
        return new Ended(code, recorded.out(), recorded.err());
    }
}
