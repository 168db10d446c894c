package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.endtoend.DocumentedCommands.Command;
import org.junit.jupiter.api.Test;

/** What of a page counts as a command. */
class DocumentedCommandsTest {
    @Test
    void takesCommandsBehindADollarWithTheLinesThatContinueThem() {
        String page = """
                # Title
                ```console
                $ one -a   # a comment
                an answer
                $ two \\
                    --more
                ```
                """;

        assertThat(DocumentedCommands.of(page).commands())
                .containsExactly(new Command(3, "one -a   # a comment"), new Command(5, "two \\\n    --more"));
    }

    @Test
    void takesABlockOfShellAsOneCommandAndLeavesOtherBlocksAlone() {
        String page = """
                ```sh
                curl x \\
                  -d y
                ```
                ```text
                $ not this
                ```
                ```yaml
                id: p
                ```
                """;

        assertThat(DocumentedCommands.of(page).commands()).containsExactly(new Command(2, "curl x \\\n  -d y"));
    }

    @Test
    void leavesOutOnlyWhatTheCommentRightBeforeABlockNames() {
        String page = """
                <!-- not run: `up`: it stays; `mvn verify`: it runs this -->
                ```console
                $ up --data x
                $ run
                $ mvn verify
                ```
                ```console
                $ up
                ```
                """;

        assertThat(DocumentedCommands.of(page).commands()).containsExactly(new Command(4, "run"), new Command(8, "up"));
    }

    @Test
    void leavesOutNothingWithoutAReason() {
        String page = "<!-- not run: `up` -->\n```console\n$ up\n```\n";

        assertThat(DocumentedCommands.of(page).commands()).hasSize(1);
    }
}
