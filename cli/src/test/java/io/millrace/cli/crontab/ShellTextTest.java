package io.millrace.cli.crontab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A task of an imported pipeline does with a command what cron does. */
class ShellTextTest {
    @TempDir
    private Path home;

    private record Ended(int code, String output) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /usr/bin/backup --all -v 3            | `cd ~\n/usr/bin/backup --all -v 3\n`
            a; b                                  | `cd ~\n/bin/sh -c 'a; b'\n`
            echo it's                             | `cd ~\n/bin/sh -c "echo it's"\n`
            echo it's $HOME                       | `cd ~\n/bin/sh -c 'echo it'\\''s $HOME'\n`
            cd /srv && ./run                      | `/bin/sh -c 'cd /srv && ./run'\n`
            cd ~/iris && ./run                    | `/bin/sh -c 'cd ~/iris && ./run'\n`
            cd /srv; ./run                        | `cd ~\n/bin/sh -c 'cd /srv; ./run'\n`
            cd /srv && a; b                       | `cd ~\n/bin/sh -c 'cd /srv && a; b'\n`
            cd srv && ./run                       | `cd ~\n/bin/sh -c 'cd srv && ./run'\n`
            echo x                                | `cd ~\n/bin/sh -c 'echo x'\n`
            A=b run                               | `cd ~\n/bin/sh -c 'A=b run'\n`
            ls *                                  | `cd ~\n/bin/sh -c 'ls *'\n`
            cat%a%INPUT                           | `cd ~\ncat <<'INPUT_2'\na\nINPUT\nINPUT_2\n`
            date +\\%F                            | `cd ~\ndate +%F\n`
            x ${{ y }}                            | `cd ~\n/bin/sh -c 'x $''{{ y }}'\n`
            """)
    void writesScripts(String command, String script) {
        assertThat(script(command, Optional.empty())).isEqualTo(script);
    }

    @Test
    void theCrontabsShellReadsTheCommand() {
        assertThat(script("a b", Optional.of("/bin/bash"))).isEqualTo("cd ~\na b\n");
        assertThat(script("a && b", Optional.of("/bin/bash"))).isEqualTo("cd ~\n/bin/bash -c 'a && b'\n");
        assertThat(script("a b", Optional.of("/usr/bin/python3"))).isEqualTo("cd ~\n/usr/bin/python3 -c 'a b'\n");
        assertThat(script("a b", Optional.of("/my shell"))).isEqualTo("cd ~\n'/my shell' -c 'a b'\n");
    }

    /** What the shell of cron makes of each of them, by the shell of tasks with all its strictness. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "false; echo after",
                "false | true",
                "echo \"$NOT_SET\" and $HOME",
                "echo it's; echo \"it's\"",
                "echo it\\'s $HOME",
                "exit 7",
                "pwd",
                "ls",
                "echo 100\\%",
                "echo a\\\\%b",
                "cat%one%%two%",
                "cat%${x} `y` $(z) 'q'",
                "cat%back\\slash \\% \\\\% end\\",
                "sort%b%a%INPUT%INPUT_2",
                "cat %  two blanks%\tand a tab ",
                "printf '%s' x",
                "echo '!' \"!\" \\!",
                "echo # no comment's here",
                "test -z x && echo y || echo z",
                "for i in 1 2; do echo $i; done",
                "echo {a,b} ~",
                "nosuchcommand",
                "cd /tmp && pwd",
                "cd / ; pwd",
                "echo ${HOME:-x} ${NOT_SET:-y}",
                "cat < /dev/null",
                "cat",
                "echo err >&2; echo out",
                "kill -9 $$"
            })
    void aTaskDoesWithACommandWhatCronDoes(String line) throws IOException, InterruptedException {
        Files.writeString(home.resolve("file"), "");
        PercentSigns parts = PercentSigns.of(line);
        Ended cron = run(
                home, List.of("/bin/sh", "-c", parts.command()), parts.input().orElse(""));
        Path elsewhere = Files.createDirectory(home.resolve(".elsewhere"));
        Ended task = run(elsewhere, List.of("bash", "-euo", "pipefail", "-c", script(line, Optional.empty())), "");

        assertThat(task).isEqualTo(cron);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a                | a      | ``
            a%               | a      | ``
            a%%              | a      | `\n`
            a%b              | a      | `b\n`
            a%b%             | a      | `b\n`
            a%b%%c           | a      | `b\n\nc\n`
            a\\%b            | a%b    | ``
            a\\\\%b          | a\\\\  | `b\n`
            a\\b\\           | a\\b\\ | ``
            a%b\\%c          | a      | `b%c\n`
            a%b\\\\%c        | a      | `b\\%c\n`
            a%b\\            | a      | `b\\\n`
            """)
    void percentSignsAreReadAsCronReadsThem(String line, String command, String input) {
        assertThat(PercentSigns.of(line))
                .isEqualTo(new PercentSigns(command, Optional.of(input).filter(text -> !text.isEmpty())));
    }

    private static String script(String line, Optional<String> shell) {
        byte[] crontab = ("@daily " + line + "\n").getBytes(StandardCharsets.UTF_8);
        CrontabLine.Job job =
                (CrontabLine.Job) new CrontabReader(false).read(crontab).get(0);
        return ShellText.of(job, shell, Optional.empty());
    }

    private Ended run(Path directory, List<String> words, String input) throws IOException, InterruptedException {
        Path output = home.resolve(".output");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(words))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().put("HOME", home.toString());
        builder.environment().put("PATH", "/usr/bin:/bin");
        Process process = builder.start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // A command that reads no input may have ended.
        }
        int code = process.waitFor();
        // Shells name themselves and the line when something is not there.
        String text = Files.readString(output).replaceAll("(?m)^.*nosuchcommand.*$", "not found");
        return new Ended(code, text);
    }
}
