package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.terminal.RecordedTerminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed for a shell, in a real bash. */
class CompletionTest {
    @TempDir
    private Path directory;

    private Path script;

    @BeforeEach
    void print() throws IOException {
        RecordedTerminal recorded = RecordedTerminal.pipe();
        assertThat(MillraceCommand.execute(new String[] {"completion", "bash"}, recorded.terminal()))
                .isZero();
        script = Files.writeString(directory.resolve("millrace.bash"), recorded.out());
    }

    @ParameterizedTest
    @CsvSource({
        "va, validate",
        "topics c, check create",
        "test --j, --junit",
        "runs --sta, --status",
        "runs --status f, failed",
        "completion z, zsh",
        "dead-letters re, replay",
        "dead-letters list --reason undec, undecodable",
        "show last --status upst, upstream_failed",
        "bench --li, --list",
        "workers --health st, stopped",
        "graph --format me, mermaid",
        "-o j, json",
    })
    void completesVerbsOptionsAndTheirValues(String typed, String completions) throws Exception {
        assertThat(complete(typed)).isEqualTo(completions);
    }

    @Test
    void completesFiles() throws Exception {
        Files.createFile(directory.resolve("pipeline_of_mine.yaml"));

        assertThat(complete("graph --format dot pipeline_of")).isEqualTo("pipeline_of_mine.yaml");
    }

    @Test
    void loadsTheCompletionOfBashInZsh() throws IOException {
        assertThat(Files.readString(script)).contains("bashcompinit");
    }

    /** As bash does when Tab is pressed behind these words; `compopt` works only while a key is pressed. */
    private String complete(String typed) throws IOException, InterruptedException {
        List<String> words = List.of(typed.split(" "));
        String program = "compopt() { :; }; source '%s'; cd '%s'; COMP_WORDS=(millrace %s); COMP_CWORD=%d; "
                        .formatted(script, directory, typed, words.size())
                + "_complete_millrace; echo \"${COMPREPLY[*]}\"";
        Process bash = new ProcessBuilder("bash", "--norc", "-c", program)
                .redirectErrorStream(true)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(out).isZero();
        return out.strip();
    }
}
