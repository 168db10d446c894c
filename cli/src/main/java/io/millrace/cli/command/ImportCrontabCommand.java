package io.millrace.cli.command;

import io.millrace.cli.client.Json;
import io.millrace.cli.crontab.CrontabImport;
import io.millrace.cli.crontab.ImportedLine;
import io.millrace.cli.crontab.ImportedPipeline;
import io.millrace.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "crontab",
        description = "Turn a crontab into pipelines, a file for each job, and say of every line what became of it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  crontab -l | millrace import crontab - -d pipelines",
            "  millrace import crontab /etc/crontab --timezone Europe/Berlin --dry-run",
            "",
            "Nothing is applied, and cron goes on: take the lines out of the crontab when the pipelines are.",
            "Exit code 1: there are lines of which nothing could be made; of the others the files are written."
        })
final class ImportCrontabCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 4 << 20;
    private static final String STANDARD_INPUT = "-";

    private final MillraceCommand millrace;

    @Parameters(paramLabel = "FILE", description = "The crontab; - for standard input.")
    private Path file = Path.of("");

    @Option(
            names = {"-d", "--directory"},
            paramLabel = "DIR",
            description = "Where to write the files; default the working directory. It is made if need be.")
    private Path directory = Path.of("");

    @Option(
            names = "--timezone",
            paramLabel = "ZONE",
            description =
                    "The time zone in which cron reads the times; default that of this machine. CRON_TZ in the crontab counts more.")
    private Optional<String> timezone = Optional.empty();

    @Option(
            names = "--system",
            description =
                    "A user stands before each command, as in /etc/crontab. So it is taken for files of that path or in "
                            + "/etc/cron.d, and where all jobs name what can be a user and one is root.")
    private boolean system;

    @Option(names = "--user", description = "No user stands before the commands, whatever it looks like.")
    private boolean user;

    @Option(names = "--force", description = "Write over files that are there.")
    private boolean force;

    @Option(names = "--dry-run", description = "Say what would become of each line, and write nothing.")
    private boolean dryRun;

    ImportCrontabCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        if (system && user) {
            throw new UsageException("--system and --user exclude each other");
        }
        byte[] crontab = read();
        boolean looksLikeSystem = CrontabImport.isSystem(file.toAbsolutePath().toString(), crontab);
        CrontabImport.Reading reading = new CrontabImport.Reading(
                isStandardInput() ? "a crontab" : file.toString(),
                system || (looksLikeSystem && !user),
                zone(),
                Instant.now());
        CrontabImport imported = CrontabImport.of(crontab, reading);
        if (!dryRun) {
            write(imported.pipelines());
        }
        CrontabReport report = new CrontabReport(imported, reading, directory, dryRun);
        Terminal terminal = millrace.terminal();
        if (millrace.json()) {
            terminal.line(Json.pretty(report.json()));
        } else {
            report.print(terminal);
        }
        return (imported.count(ImportedLine.Kind.NOT_DONE) == 0 ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private boolean isStandardInput() {
        return file.toString().equals(STANDARD_INPUT);
    }

    private byte[] read() {
        byte[] crontab;
        if (isStandardInput()) {
            try {
                crontab = millrace.terminal().in().readNBytes(MOST_BYTES + 1);
            } catch (IOException e) {
                throw new UsageException("standard input cannot be read: " + e.getMessage(), e);
            }
        } else {
            crontab = new BoundedFile("crontab", file).bytes(MOST_BYTES);
        }
        if (crontab.length > MOST_BYTES) {
            throw new UsageException("the crontab has more than " + MOST_BYTES + " bytes");
        }
        return crontab;
    }

    private ZoneId zone() {
        try {
            return timezone.map(ZoneId::of).orElseGet(ZoneId::systemDefault);
        } catch (DateTimeException e) {
            throw new UsageException(
                    "--timezone: there is no time zone '" + timezone.orElse("") + "'"
                            + DidYouMean.among(
                                    timezone.orElse(""),
                                    ZoneId.getAvailableZoneIds().stream()
                                            .sorted()
                                            .toList()),
                    e);
        }
    }

    /** All files or, as far as can be seen before, none. */
    private void write(List<ImportedPipeline> pipelines) {
        List<Path> there = pipelines.stream()
                .map(pipeline -> CrontabReport.file(directory, pipeline))
                .filter(path -> Files.exists(path) && !force)
                .toList();
        if (!there.isEmpty()) {
            throw new UsageException("the file " + there.get(0) + " is there already"
                    + (there.size() == 1 ? "" : ", and so are " + (there.size() - 1) + " more")
                    + "; nothing was written (--force writes over it, -d names another directory)");
        }
        OpenOption[] options = force
                ? new OpenOption[] {
                    StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
                }
                : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        for (ImportedPipeline pipeline : pipelines) {
            Path path = CrontabReport.file(directory, pipeline);
            try {
                Files.createDirectories(directory.toAbsolutePath());
                Files.writeString(path, pipeline.text(), options);
            } catch (FileAlreadyExistsException e) {
                throw new UsageException("there is a file in the way of " + path, e);
            } catch (IOException e) {
                throw new UsageException("the file " + path + " cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
