package io.millrace.cli.command;

import io.millrace.bench.Bench;
import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.LabException;
import io.millrace.bench.lab.LabSettings;
import io.millrace.cli.local.TemporaryDirectory;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        description = "Measure Millrace on this machine, beside the bare Kafka exactly-once loop of the same run.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace bench                               everything, which takes more than an hour",
            "  millrace bench W1 W2                         throughput and latency of tasks",
            "  millrace bench W1 -o json > before.json      keep the figures, and later:",
            "  millrace bench W1 --compare before.json      say what has changed since",
            "  millrace bench W1 --record recordings        with a recording of each process",
            "  millrace bench --hot-path recordings         and where the time went",
            "",
            "Each workload has a broker, coordinators and workers of its own, each a process. docs/performance.md says",
            "what each workload is, and what was measured. `millrace bench --list` names them."
        })
final class BenchCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(
            paramLabel = "WORKLOAD",
            arity = "0..*",
            description = "What to measure, such as W1; default everything.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "Say what can be measured, and measure nothing.")
    private boolean list;

    @Option(names = "--short", description = "Fewer and shorter measurements, and smaller sizes: to see that it works.")
    private boolean shortly;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "How long what is measured runs before; a JVM is at its full speed after a minute or two.")
    private Optional<Integer> warmUp = Optional.empty();

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description = "Say how each figure differs from an earlier one: what -o json has printed.")
    private Optional<Path> earlier = Optional.empty();

    @Option(
            names = "--record",
            paramLabel = "DIRECTORY",
            description = "Have each process make a recording of Java Flight Recorder there.")
    private Optional<Path> recordings = Optional.empty();

    @Option(
            names = "--hot-path",
            paramLabel = "DIRECTORY",
            description = "Measure nothing: say where the time went in the recordings of a directory.")
    private Optional<Path> hotPath = Optional.empty();

    @Option(
            names = "--jvm-option",
            paramLabel = "OPTION",
            description = "A further option for the JVM of each process; repeatable.")
    private List<String> jvmOptions = List.of();

    @Option(
            names = "--keep",
            paramLabel = "DIRECTORY",
            description = "Write the processes' data and logs there, and leave them; default a temporary directory.")
    private Optional<Path> keep = Optional.empty();

    BenchCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        if (list) {
            BenchReport.list(Bench.workloads(), terminal);
            return ExitCode.DONE.number();
        }
        if (hotPath.isPresent()) {
            BenchProfile.print(hotPath.get(), terminal);
            return ExitCode.DONE.number();
        }
        List<Workload> chosen = chosen();
        BenchReport report = new BenchReport(terminal, millrace.json(), earlier.map(BenchResults::read));
        Optional<Path> kept = keep.map(BenchCommand::made);
        ExitCode code = ExitCode.DONE;
        try {
            for (Workload workload : chosen) {
                measure(workload, kept, report);
            }
        } catch (LabException e) {
            terminal.note(terminal.styled(Style.RED, "millrace: ") + e.getMessage());
            code = ExitCode.FAILED;
        }
        report.end();
        return code.number();
    }

    private Effort effort() {
        Effort effort = shortly ? Effort.SHORT : Effort.FULL;
        if (warmUp.filter(seconds -> seconds < 1).isPresent()) {
            throw new UsageException("--warm-up takes a number of seconds from 1");
        }
        return warmUp.map(seconds -> effort.withWarmUp(Duration.ofSeconds(seconds)))
                .orElse(effort);
    }

    private void measure(Workload workload, Optional<Path> kept, BenchReport report) {
        if (kept.isPresent()) {
            measure(workload, kept.get(), report);
            return;
        }
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            measure(workload, directory.path(), report);
        }
    }

    private void measure(Workload workload, Path directory, BenchReport report) {
        Terminal terminal = millrace.terminal();
        LabSettings settings = new LabSettings(jvmOptions, recordings.map(BenchCommand::made));
        new Bench(directory, settings, effort())
                .measure(
                        workload,
                        sentence -> terminal.note(terminal.styled(Style.DIM, workload.id() + ": " + sentence)),
                        report::add);
    }

    private List<Workload> chosen() {
        if (names.isEmpty()) {
            return Bench.workloads();
        }
        List<Workload> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(Bench.workloads().stream()
                    .filter(workload -> workload.id().equals(name.toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("there is no workload " + name + "; there are "
                            + Bench.workloads().stream().map(Workload::id).collect(Collectors.joining(", ")))));
        }
        return chosen;
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory).toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException("The directory " + directory + " cannot be made: " + e.getMessage(), e);
        }
    }
}
