package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.terminal.RecordedTerminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines and files that nobody means: each is answered by a sentence on standard error, never by a stack trace or a bug of ours. */
@Timeout(60)
class NastyCommandLinesTest {
    private static final String GOOD = "id: good\ntasks:\n  - {id: a, shell: x}\n";

    private final CannedApi api = new CannedApi();
    private final RecordedTerminal recorded = RecordedTerminal.pipe();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @MethodSource
    void anArgumentThatIsNoneIsRefused(String[] line, int code, String sentence) {
        assertThat(execute(line)).as(Arrays.toString(line)).isEqualTo(code);
        assertThat(recorded.err()).startsWith("millrace: ").contains(sentence);
    }

    static Stream<Arguments> anArgumentThatIsNoneIsRefused() {
        return Stream.of(
                line(2, "unknown verb ''", ""),
                line(2, "unknown verb 'läuft'", "läuft"),
                line(2, "unknown verb '\ud83d\udca3'", "\ud83d\udca3"),
                line(2, "must not be empty", "show", ""),
                line(2, "must not be empty", "why", " "),
                line(2, "must not be empty", "cancel", "\t"),
                line(2, "must not be empty", "trigger", ""),
                line(4, "nothing at", "show", ".."),
                line(4, "nothing at", "show", "../../pipelines"),
                line(4, "nothing at", "why", "a/b?c#d", "e%00"),
                line(4, "nothing at", "dead-letters", "show", "\u0001\u001b[31m"),
                line(2, "--input", "trigger", "p", "-i", "x"),
                line(2, "unknown option", "runs", "--limit=1", "--=x"),
                line(2, "--limit", "runs", "--limit", "99999999999"),
                line(2, "--limit", "runs", "-n", "-n"),
                line(2, "--since", "runs", "--since", "-99999999d"),
                line(2, "specified only once", "runs", "-p", "a", "-p", "b"),
                line(2, "one argument too many", "version", "--", "x"),
                line(2, "is not like", "--url", "http://127.0.0.1:99999/", "runs"),
                line(2, "is not like", "--url", "file:///etc/passwd", "runs"),
                line(2, "--url", "--url", "http://[", "runs"));
    }

    private static Arguments line(int code, String sentence, String... line) {
        return Arguments.of(line, code, sentence);
    }

    @Test
    void tenThousandArgumentsAreAnsweredLikeTwo() {
        String[] line = Stream.concat(
                        Stream.of("show"), IntStream.range(0, 10_000).mapToObj(Integer::toString))
                .toArray(String[]::new);

        assertThat(execute(line)).isEqualTo(2);
        assertThat(recorded.err()).contains("one argument too many");
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "lint", "graph", "run", "apply"})
    void aFileThatIsNoPipelineIsSaidToBeNone(String verb) throws IOException {
        Path empty = write("empty.yaml", new byte[0]);
        Path binary = write("binary.yaml", new byte[] {0, 1, 2, (byte) 0xff, (byte) 0xfe});
        Path large = write("large.yaml", ("# " + "x".repeat(300_000) + "\n" + GOOD).getBytes(StandardCharsets.UTF_8));
        Path utf16 = write("utf16.yaml", GOOD.getBytes(StandardCharsets.UTF_16));

        for (Path file : new Path[] {empty, binary, large, utf16}) {
            assertThat(execute(verb, file.toString())).as("%s", file).isEqualTo(2);
        }
        assertThat(execute(verb, directory.resolve("no\nsuch\u001bfile").toString()))
                .isEqualTo(2);
    }

    @Test
    void aDeviceThatNeverEndsIsTooLarge() {
        assumeTrue(Files.exists(Path.of("/dev/zero")));

        assertThat(execute("validate", "/dev/zero")).isEqualTo(2);
        assertThat(execute("trigger", "p", "--inputs", "/dev/zero")).isNotZero();
    }

    @Test
    void aPipeIsReadLikeAFile() throws Exception {
        Path pipe = directory.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
        Thread writer = new Thread(() -> {
            try {
                Files.writeString(pipe, GOOD);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        writer.start();

        assertThat(execute("validate", pipe.toString())).as(recorded.err()).isZero();
        writer.join();
    }

    @Test
    void linesOfWindowsAndAByteOrderMarkAreNoMistake() throws IOException {
        Path file = write("windows.yaml", ("\ufeff" + GOOD.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_8));

        assertThat(execute("validate", file.toString())).as(recorded.err()).isZero();
    }

    @Test
    void aFileOfATaskThatIsTooLargeIsAProblemOfThePipeline() throws IOException {
        write("big.py", new byte[300_000]);
        Path file = write(
                "big.yaml", "id: big\ntasks:\n  - {id: a, python: {file: big.py}}\n".getBytes(StandardCharsets.UTF_8));

        assertThat(execute("validate", file.toString())).isEqualTo(2);
        assertThat(recorded.out() + recorded.err()).contains("big.yaml:3:", "300000 bytes", "262144");
    }

    @Test
    void inputsAreReadFromAFileOfAnyEditorAndNothingElse() throws IOException {
        api.answers("GET /pipelines/p", "{\"inputs\":{}}").answers("POST /pipelines/p/runs", 202, "{\"id\":\"r\"}");
        Path windows = write("windows.json", "\ufeff{\r\n}\r\n".getBytes(StandardCharsets.UTF_8));
        Path latin = write("latin.json", "{\"a\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1));
        Path array = write("array.json", "[]".getBytes(StandardCharsets.UTF_8));

        assertThat(execute("trigger", "p", "--inputs", windows.toString())).isZero();
        assertThat(execute("trigger", "p", "--inputs", latin.toString())).isEqualTo(2);
        assertThat(execute("trigger", "p", "--inputs", array.toString())).isEqualTo(2);
        assertThat(execute("trigger", "p", "--inputs", directory.toString())).isEqualTo(2);
        assertThat(execute("trigger", "p", "--inputs", directory + "/none")).isEqualTo(2);
        assertThat(recorded.err())
                .contains(
                        "latin.json is not UTF-8",
                        "array.json is not a JSON object",
                        "it is a directory",
                        "there is no file");
    }

    @Test
    void whatACoordinatorAnswersInAnotherFormIsNoBugOfOurs() {
        api.answers("GET /runs/r", "[]");
        api.answers("GET /workers", "<html>");
        api.answers("GET /queues", 500, "");

        assertThat(execute("show", "r")).isEqualTo(3);
        assertThat(execute("workers")).isEqualTo(3);
        assertThat(execute("queues")).isEqualTo(1);
    }

    private int execute(String... line) {
        boolean addressed = Arrays.asList(line).contains("--url") || line[0].isEmpty();
        int code = addressed || Arrays.asList(line).contains("--")
                ? MillraceCommand.execute(line, recorded.terminal())
                : api.execute(recorded, line);
        assertThat(recorded.err()).doesNotContain("\tat ").doesNotContain("internal error");
        return code;
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }
}
