package io.millrace.cli.command;

import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import io.millrace.pipeline.Durations;
import io.millrace.testkit.RehearsalResult;
import io.millrace.testkit.file.TestResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Results of tests for people: a line a test, and of one that failed what was expected, what was, and the tale of its run. */
final class TestText {
    private static final int MOST_LINES = 60;

    private final Terminal terminal;
    private final boolean strict;

    TestText(Terminal terminal, boolean strict) {
        this.terminal = terminal;
        this.strict = strict;
    }

    /** A file and its tests. */
    void file(TestedFile tested) {
        if (!tested.isWrong() && tested.results().isEmpty()) {
            return;
        }
        terminal.line(terminal.styled(Style.BOLD, tested.file().file()));
        tested.file()
                .problems()
                .forEach(problem -> ProblemText.lines(
                                problem, tested.file().sources().getOrDefault(problem.file(), ""), terminal)
                        .forEach(terminal::line));
        tested.results().forEach(result -> test(tested.file().file(), result));
    }

    private void test(String file, TestResult result) {
        boolean failed = TestedFile.fails(result, strict);
        String mark = failed
                ? terminal.styled(Style.RED, terminal.symbol(Symbol.FAILED))
                : terminal.styled(Style.GREEN, terminal.symbol(Symbol.DONE));
        String time = result.run()
                        .map(RehearsalResult::took)
                        .map(took -> Durations.format(took) + " in ")
                        .orElse("")
                + millis(result.took());
        terminal.line(
                "  " + mark + " " + Printable.text(result.test().name()) + terminal.styled(Style.DIM, "  " + time));
        result.errors().forEach(error -> detail(file + ":" + result.test().place(), error, Style.RED));
        result.mismatches().forEach(found -> detail(file + ":" + found.place(), found.toString(), Style.RED));
        result.warnings()
                .forEach(warning -> detail(file + ":" + result.test().place(), "warning: " + warning, Style.YELLOW));
        if (!result.passed()) {
            result.run().ifPresent(run -> tale(run.tale()));
        }
    }

    private void detail(String place, String sentence, Style style) {
        terminal.line("      " + place + ": " + terminal.styled(style, Printable.text(sentence)));
    }

    private void tale(List<String> lines) {
        terminal.line("      what happened:");
        lines.stream()
                .limit(MOST_LINES)
                .forEach(line -> terminal.line(terminal.styled(Style.DIM, "        " + Printable.text(line))));
        if (lines.size() > MOST_LINES) {
            terminal.line(
                    "        " + terminal.symbol(Symbol.ELLIPSIS) + " and " + (lines.size() - MOST_LINES) + " more");
        }
    }

    /** How many passed, in one line. */
    void summary(List<TestedFile> tested) {
        int all = tested.stream().mapToInt(file -> file.results().size()).sum();
        int failed = tested.stream().mapToInt(file -> file.failed(strict)).sum();
        int wrong = (int) tested.stream().filter(TestedFile::isWrong).count();
        int warned = (int) tested.stream()
                .flatMap(file -> file.results().stream())
                .filter(result -> !result.warnings().isEmpty())
                .count();
        boolean good = failed == 0 && wrong == 0;
        Duration took = tested.stream().map(TestedFile::took).reduce(Duration.ZERO, Duration::plus);
        terminal.line(terminal.styled(
                        good ? Style.GREEN : Style.RED, terminal.symbol(good ? Symbol.DONE : Symbol.FAILED))
                + " " + count(all, "test") + (failed > 0 ? ", " + failed + " failed" : " passed")
                + (warned > 0 ? ", " + warned + " with warnings" : "")
                + (wrong > 0 ? ", " + count(wrong, "file") + (wrong == 1 ? " is" : " are") + " wrong" : "") + ", in "
                + (took.toSeconds() < 1 ? millis(took) : Times.text(took)));
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%d ms", duration.toMillis());
    }
}
