package io.millrace.cli.command;

import io.millrace.testkit.file.ParsedTests;
import io.millrace.testkit.file.TestCase;
import io.millrace.testkit.file.TestResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A file of tests with what became of them; a file with problems has no results.
 *
 * @param results those of the tests that were asked for, in file order
 */
record TestedFile(ParsedTests file, List<TestResult> results) {
    /** Executes those of its tests whose name, or whose file's, holds this text in upper or lower case. */
    static TestedFile of(ParsedTests file, String filter) {
        return new TestedFile(
                file, tests(file, filter).stream().map(TestResult::of).toList());
    }

    /** The tests of the file that are asked for. */
    static List<TestCase> tests(ParsedTests file, String filter) {
        String wanted = filter.toLowerCase(Locale.ROOT);
        boolean all = file.file().toLowerCase(Locale.ROOT).contains(wanted);
        return file.tests()
                .map(tests -> tests.tests().stream()
                        .filter(test ->
                                all || test.name().toLowerCase(Locale.ROOT).contains(wanted))
                        .toList())
                .orElse(List.of());
    }

    boolean isWrong() {
        return !file.problems().isEmpty();
    }

    /** How many of its tests failed. @param strict whether one with a warning does */
    int failed(boolean strict) {
        return (int) results.stream().filter(result -> fails(result, strict)).count();
    }

    /** In real time. */
    Duration took() {
        return results.stream().map(TestResult::took).reduce(Duration.ZERO, Duration::plus);
    }

    static boolean fails(TestResult result, boolean strict) {
        return !result.passed() || (strict && !result.warnings().isEmpty());
    }
}
