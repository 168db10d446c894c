package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.RecordedTerminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code millrace import crontab}. */
class ImportCrontabTest {
    private static final String CRONTAB = """
            # the laptop

            MAILTO=ada@example.org
            30 2 * * * /usr/local/bin/backup --all
            @reboot /usr/local/bin/agent
            */5 * * * * cd ~/app && ./poll
            """;

    @TempDir
    private Path directory;

    private record Ended(int code, String out, String err) {}

    @Test
    void writesAFileForEachJobAndSaysWhatBecameOfEveryLine() throws IOException {
        Path crontab = write(CRONTAB);
        Path pipelines = directory.resolve("a/b");
        Ended ended = execute(
                "", "import", "crontab", crontab.toString(), "-d", pipelines.toString(), "--timezone", "Europe/Berlin");

        assertThat(ended.code()).as("of a line nothing was made").isEqualTo(1);
        assertThat(ended.out()).isEqualTo("""
                LINE  BECAME
                1-2   nothing   comment
                3     setting   MAILTO
                                  nothing is mailed: what a task writes is kept (millrace logs), and tasks in on_failure can tell of failures
                4     pipeline  backup  30 2 * * * (Europe/Berlin)
                5     not done  @reboot: a pipeline starts by the clock or by what somebody sends, and not with a machine
                6     pipeline  poll  */5 * * * * (UTC)
                2 pipelines, 1 setting, 1 line not done
                """);
        assertThat(ended.err())
                .contains("read as a crontab of a user")
                .contains("Europe/Berlin")
                .contains("  millrace validate " + pipelines + "\n")
                .contains("  millrace schedule next " + pipelines.resolve("backup.yaml") + "\n")
                .contains("take the lines out of the crontab");
        assertThat(names(pipelines)).containsExactly("backup.yaml", "poll.yaml");
        assertThat(execute("", "validate", pipelines.toString()).code()).isZero();
        assertThat(execute("", "lint", pipelines.toString()).code()).isZero();
        assertThat(execute(
                                "",
                                "schedule",
                                "next",
                                pipelines.resolve("backup.yaml").toString(),
                                "-n",
                                "1",
                                "--from",
                                "2026-03-29T00:00:00Z")
                        .out())
                .contains("Sun 2026-03-29 03:00:00 +02:00", "which clocks leave out");
    }

    @Test
    void neverOverwritesUnlessForced() throws IOException {
        Path crontab = write(CRONTAB);
        Files.writeString(directory.resolve("poll.yaml"), "mine");
        String[] words = {"import", "crontab", crontab.toString(), "-d", directory.toString()};

        Ended refused = execute("", words);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("poll.yaml is there already; nothing was written (--force");
        assertThat(names(directory)).containsExactly("crontab", "poll.yaml");
        assertThat(directory.resolve("poll.yaml")).hasContent("mine");

        assertThat(execute(
                                "",
                                Stream.concat(Stream.of(words), Stream.of("--force"))
                                        .toArray(String[]::new))
                        .code())
                .isEqualTo(1);
        assertThat(Files.readString(directory.resolve("poll.yaml"))).contains("id: poll");
    }

    @Test
    void readsStandardInputAndWritesNothingWhenDry() throws IOException {
        Ended ended = execute("0 1 * * * /bin/x\n", "import", "crontab", "-", "-d", directory.toString(), "--dry-run");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("pipeline  x").contains("nothing left undone; nothing was written");
        assertThat(names(directory)).isEmpty();
        assertThat(execute("0 1 * * * /bin/x\n", "import", "crontab", "-", "-d", directory.toString())
                        .code())
                .isZero();
        assertThat(Files.readString(directory.resolve("x.yaml"))).startsWith("# From line 1 of a crontab:\n");
    }

    @Test
    void tellsProgramsTheSame() throws IOException {
        Ended ended = execute(
                "",
                "import",
                "crontab",
                write(CRONTAB).toString(),
                "-d",
                directory.toString(),
                "--timezone",
                "Asia/Kolkata",
                "-o",
                "json");
        JsonNode json = Json.parse(ended.out());

        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(json.path("layout").asText()).isEqualTo("user");
        assertThat(json.path("timezone").asText()).isEqualTo("Asia/Kolkata");
        assertThat(json.path("written").asBoolean()).isTrue();
        assertThat(json.path("pipelines").asInt()).isEqualTo(2);
        assertThat(json.path("not_done").asInt()).isEqualTo(1);
        assertThat(json.path("lines").findValuesAsText("became"))
                .containsExactly("comment", "comment", "setting", "pipeline", "not_done", "pipeline");
        assertThat(json.path("lines").get(3).path("pipeline"))
                .isEqualTo(Json.parse("{\"id\":\"backup\",\"file\":\"" + directory.resolve("backup.yaml")
                        + "\",\"cron\":\"30 2 * * *\",\"timezone\":\"Asia/Kolkata\"}"));
    }

    @Test
    void decidesWhetherAUserStandsBeforeTheCommands() throws IOException {
        Path crontab = write("0 1 * * * root /bin/x y\n");
        String[] words = {"import", "crontab", crontab.toString(), "--dry-run"};

        assertThat(execute("", words).err()).contains("of the system, with a user before each command (--user");
        assertThat(execute("", words).out()).contains("pipeline  x_y").contains("cron executes it as root");
        assertThat(execute("", "import", "crontab", crontab.toString(), "--dry-run", "--user")
                        .out())
                .contains("pipeline  root_x");
        Path other = write("0 1 * * * ada x\n");
        assertThat(execute("", "import", "crontab", other.toString(), "--dry-run")
                        .out())
                .contains("pipeline  ada_x");
        assertThat(execute("", "import", "crontab", other.toString(), "--dry-run", "--system")
                        .out())
                .contains("pipeline  x");
    }

    @Test
    void nothingInACrontabReachesTheTerminalAsACommand() {
        Ended ended = execute("\u001b[2J=1\n0 1 * * \u001b[31m x\n", "import", "crontab", "-", "--dry-run");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out() + ended.err()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            import                                                 | Usage: millrace import
            import crontabs                                        | unknown verb 'crontabs'; did you mean 'crontab'?
            import crontab                                         | missing required parameter
            import crontab no/such/crontab                         | there is no crontab no/such/crontab
            import crontab src                                     | the crontab src cannot be read: it is a directory
            import crontab - --timezone Europe/Berln               | no time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?
            import crontab - --system --user                       | --system and --user exclude each other
            import crontab - -d pom.xml/x                          | cannot be written
            """)
    void saysWhatIsWrong(String line, String sentence) {
        Ended ended = execute("0 1 * * * x\n", line.split(" "));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains(sentence);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path write(String crontab) throws IOException {
        return Files.writeString(directory.resolve("crontab"), crontab);
    }

    private static Ended execute(String input, String... arguments) {
        RecordedTerminal recorded = RecordedTerminal.pipe();
        recorded.terminal().withInput(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        int code = MillraceCommand.execute(arguments, recorded.terminal());
        return new Ended(code, recorded.out(), recorded.err());
    }
}
