package io.millrace.cli.command;

import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Terminal;
import io.millrace.testkit.file.ParsedTests;
import io.millrace.testkit.file.TestCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "test",
        description = "Rehearse pipelines on a virtual clock, with mocked tasks, and check what their tests expect.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace test docs/examples",
            "  millrace test docs/examples/flaky.test.yaml --filter retries",
            "  millrace test docs/examples --junit target/millrace-tests.xml",
            "",
            "Nothing is executed and nothing has to run: a test says what becomes of the tasks, and the",
            "run engine decides as it does in production; docs/testing.md shows how.",
            "Exit code 2: a file is wrong; 1: a test failed."
        })
final class TestCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private TestFilePaths paths = new TestFilePaths();

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            description = "Only tests whose name, or whose file's, holds this text in upper or lower case.")
    private String filter = "";

    @Option(names = "--list", description = "Name the tests, and execute none.")
    private boolean list;

    @Option(names = "--strict", description = "A test with a mock that was not used fails, too.")
    private boolean strict;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the results to this file, too, as JUnit XML.")
    private Optional<Path> junit = Optional.empty();

    TestCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        List<ParsedTests> files = paths.read();
        return (list ? list(files) : execute(files)).number();
    }

    private ExitCode execute(List<ParsedTests> files) {
        TestText text = new TestText(millrace.terminal(), strict);
        List<TestedFile> tested = new ArrayList<>();
        for (ParsedTests file : files) {
            TestedFile each = TestedFile.of(file, filter);
            tested.add(each);
            if (!millrace.json()) {
                text.file(each);
            }
        }
        if (tested.stream().allMatch(file -> file.results().isEmpty() && !file.isWrong())) {
            throw new UsageException("there is no test with '" + filter + "' in its name");
        }
        if (millrace.json()) {
            millrace.terminal().line(Json.pretty(TestJson.of(tested, strict)));
        } else {
            text.summary(tested);
        }
        junit.ifPresent(file -> write(file, JunitXml.of(tested, strict)));
        return code(tested);
    }

    private ExitCode code(List<TestedFile> tested) {
        if (tested.stream().anyMatch(TestedFile::isWrong)) {
            return ExitCode.INVALID;
        }
        return tested.stream().anyMatch(file -> file.failed(strict) > 0) ? ExitCode.FAILED : ExitCode.DONE;
    }

    private ExitCode list(List<ParsedTests> files) {
        Terminal terminal = millrace.terminal();
        if (millrace.json()) {
            terminal.line(Json.pretty(TestJson.list(files, filter)));
        }
        for (ParsedTests file : files) {
            if (!millrace.json()) {
                file.problems()
                        .forEach(problem -> ProblemText.lines(
                                        problem, file.sources().getOrDefault(problem.file(), ""), terminal)
                                .forEach(terminal::line));
                for (TestCase test : TestedFile.tests(file, filter)) {
                    terminal.line(file.file() + ":" + test.place().line() + ": " + Printable.text(test.name()));
                }
            }
        }
        return files.stream().allMatch(file -> file.problems().isEmpty()) ? ExitCode.DONE : ExitCode.INVALID;
    }

    private static void write(Path file, String xml) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(file, xml);
        } catch (IOException e) {
            throw new UsageException("the file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
