package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunFilter;
import io.millrace.cli.client.RunView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "runs",
        description = "List runs, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace runs",
            "  millrace runs --pipeline iris --status failed --limit 5",
            "  millrace runs -o json | jq -r '.runs[].id'"
        })
final class RunsCommand implements Callable<Integer> {
    /** The states of a run. */
    enum Status {
        running,
        succeeded,
        failed,
        cancelled
    }

    private final MillraceCommand millrace;

    @Option(
            names = {"-p", "--pipeline"},
            paramLabel = "ID",
            description = "Only runs of this pipeline.")
    private Optional<String> pipeline = Optional.empty();

    @Option(
            names = {"-s", "--status"},
            paramLabel = "STATUS",
            description = "Only runs in this state: ${COMPLETION-CANDIDATES}.")
    private Optional<Status> status = Optional.empty();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many; default ${DEFAULT-VALUE}.")
    private int limit;

    RunsCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new UsageException("--limit must be at least 1, not " + limit);
        }
        Terminal terminal = millrace.terminal();
        JsonNode answer = millrace.api().runs(new RunFilter(pipeline, status.map(Status::name), limit));
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else if (answer.path("runs").isEmpty()) {
            terminal.note("no runs" + (pipeline.isPresent() || status.isPresent() ? " like that" : " yet"));
        } else {
            table(answer.path("runs")).lines(terminal, "").forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }

    private static Table table(JsonNode runs) {
        Table table = new Table("RUN", "PIPELINE", "VERSION", "STATUS", "STARTED", "TOOK", "TRIGGER", "REASON");
        Instant now = Instant.now();
        for (JsonNode each : runs) {
            RunView run = Json.as(RunView.class, each);
            table.row()
                    .cell(run.id())
                    .cell(run.pipeline())
                    .cell(Integer.toString(run.version()))
                    .cell(run.status(), StatusMark.of(run.status()).style())
                    .cell(run.startedAt() == null ? "" : Times.day(run.startedAt(), ZoneId.systemDefault()))
                    .cell(Times.text(run.took(now)))
                    .cell(run.trigger() == null ? "" : run.trigger().kind().toLowerCase(Locale.ROOT), Style.DIM)
                    .cell(run.reason() == null ? "" : run.reason());
        }
        return table;
    }
}
