package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.terminal.RecordedTerminal;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.pipeline.Problem;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProblemTextTest {
    private final Terminal terminal = RecordedTerminal.pipe().terminal();

    @Test
    void showsTheLineWithACaretBelowThePlace() {
        Problem problem = new Problem(
                "x.yaml", 2, 5, "unknown key \"shel\"", Optional.of("a key of a task"), Optional.of("shell"));

        assertThat(ProblemText.lines(problem, "tasks:\n  - shel: echo\n", terminal))
                .containsExactly(
                        "x.yaml:2:5: unknown key \"shel\"; expected a key of a task; did you mean \"shell\"?",
                        "    2 |   - shel: echo",
                        "            ^");
    }

    @Test
    void countsCodePointsAndKeepsTabs() {
        Problem problem = new Problem("x.yaml", 1, 4, "no", Optional.empty(), Optional.empty());

        assertThat(ProblemText.lines(problem, "\t😀a?", terminal).get(2)).isEqualTo("        \t  ^");
    }

    @Test
    void showsOfAVeryLongLineWhatIsAroundThePlace() {
        String line = "a".repeat(30_000) + "X" + "b".repeat(30_000);
        Problem problem = new Problem("x.yaml", 1, 30_001, "no", Optional.empty(), Optional.empty());

        var lines = ProblemText.lines(problem, line, terminal);

        assertThat(lines.get(1)).isEqualTo("    1 | …" + "a".repeat(60) + "X" + "b".repeat(99) + "…");
        assertThat(lines.get(2).indexOf('^')).isEqualTo(lines.get(1).indexOf('X'));
    }

    @Test
    void showsTheEndsOfAVeryLongLineWithoutAGapBeyondThem() {
        String line = "a".repeat(500);

        assertThat(ProblemText.excerpt(1, 1, line, Style.RED, terminal).get(0)).endsWith("| " + "a".repeat(160) + "…");
        assertThat(ProblemText.excerpt(1, 501, line, Style.RED, terminal))
                .containsExactly("    1 | …" + "a".repeat(60), " ".repeat(69) + "^");
    }

    @Test
    void leavesTheLineOutWhenThereIsNone() {
        Problem problem = new Problem("x.yaml", 9, 1, "the file ends too early", Optional.empty(), Optional.empty());

        assertThat(ProblemText.lines(problem, "id: x\n", terminal)).hasSize(1);
    }

    @Test
    void survivesTheWayThroughJson() {
        Problem problem = new Problem("x.yaml", 2, 5, "no", Optional.of("yes"), Optional.empty());

        assertThat(ProblemText.ofJson(ProblemText.json(problem))).isEqualTo(problem);
    }
}
