package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Listing;
import io.millrace.cli.client.Moments;
import io.millrace.cli.client.Query;
import io.millrace.cli.client.RunView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "runs",
        description = "List runs, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace runs",
            "  millrace runs --pipeline iris --status failed,cancelled --since -1d --all",
            "  millrace runs --key order-4711",
            "  millrace runs -o json | jq -r '.runs[].id'"
        })
final class RunsCommand implements Callable<Integer> {
    /** The states of a run. */
    enum Status {
        queued,
        running,
        succeeded,
        failed,
        cancelled
    }

    /** By which entrance a run came. */
    enum TriggerKind {
        api,
        record,
        run,
        schedule,
        webhook,
        kafka,
        upstream,
        backfill,
        file,
        alert
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
            split = ",",
            description = "Only runs in this state: ${COMPLETION-CANDIDATES}; several with commas.")
    private List<Status> statuses = List.of();

    @Option(
            names = "--since",
            paramLabel = "MOMENT",
            description = "Only runs that started then or later: -15m, -1h, -2d, now or 2026-11-22T14:00:00Z.")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "MOMENT", description = "Only runs that started before.")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--trigger",
            paramLabel = "KIND",
            description = "Only runs that were started by this: ${COMPLETION-CANDIDATES}.")
    private Optional<TriggerKind> trigger = Optional.empty();

    @Option(
            names = {"-k", "--key"},
            paramLabel = "KEY",
            description = "Only the runs of triggers with this idempotency key.")
    private Optional<String> key = Optional.empty();

    @Option(names = "--parent", paramLabel = "RUN", description = "Only runs that tasks of this run started.")
    private Optional<String> parent = Optional.empty();

    @Mixin
    private LimitOptions limit = new LimitOptions();

    RunsCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Query filter = filter(Instant.now());
        Terminal terminal = millrace.terminal();
        Listing.Part found = limit.read(millrace.api().runs(filter), terminal, "runs so far");
        if (millrace.json()) {
            ObjectNode answer = Json.object();
            answer.putArray("runs").addAll(found.entries());
            terminal.line(Json.pretty(answer.put("next", found.next().orElse(null))));
        } else if (found.entries().isEmpty()) {
            terminal.note("no runs" + (filter.isEmpty() ? " yet" : " like that"));
        } else {
            table(found.entries()).lines(terminal, "").forEach(terminal::line);
            limit.tellOfMore(found, terminal);
        }
        return ExitCode.DONE.number();
    }

    private Query filter(Instant now) {
        return Query.ALL
                .with("pipeline", pipeline)
                .withAny("status", statuses.stream().map(Status::name).toList())
                .with("since", since.map(text -> moment("--since", text, now)))
                .with("until", until.map(text -> moment("--until", text, now)))
                .with("trigger", trigger.map(TriggerKind::name))
                .with("idempotency_key", key)
                .with("parent", parent);
    }

    private static String moment(String option, String text, Instant now) {
        return Moments.parse(text, now)
                .map(Instant::toString)
                .orElseThrow(() -> new UsageException(
                        option + ": '" + text + "' is no moment: use -15m, -1h, -2d, now or 2026-11-22T14:00:00Z"));
    }

    private static Table table(List<JsonNode> runs) {
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
