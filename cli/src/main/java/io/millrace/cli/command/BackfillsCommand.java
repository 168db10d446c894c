package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.BackfillView;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "backfills",
        description = "List backfills, newest first; or look after one of them.",
        synopsisSubcommandLabel = "[VERB]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace backfills --pipeline etl",
            "  millrace backfills show 01hv3m9x2c7k5qyt8r4bnd6wza",
            "  millrace backfills pause 01hv3m9x2c7k5qyt8r4bnd6wza --reason \"the warehouse is busy\""
        })
final class BackfillsCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Option(
            names = {"-p", "--pipeline"},
            paramLabel = "ID",
            description = "Only those of this pipeline.")
    private Optional<String> pipeline = Optional.empty();

    private BackfillsCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    static CommandLine commandLine(MillraceCommand millrace) {
        CommandLine line = new CommandLine(new BackfillsCommand(millrace));
        line.addSubcommand("show", new BackfillsShowCommand(millrace));
        line.addSubcommand("pause", new BackfillsPauseCommand(millrace));
        line.addSubcommand("resume", new BackfillsResumeCommand(millrace));
        line.addSubcommand("cancel", new BackfillsCancelCommand(millrace));
        return line;
    }

    /** Without a verb of its own: what there is. */
    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        JsonNode answer = millrace.api().backfills(pipeline);
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else if (answer.path("backfills").isEmpty()) {
            terminal.note("no backfills" + (pipeline.isEmpty() ? "" : " of " + pipeline.get()));
        } else {
            table(answer.path("backfills"), terminal).lines(terminal, "").forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }

    private static Table table(JsonNode backfills, Terminal terminal) {
        Table table = new Table("BACKFILL", "PIPELINE", "TRIGGER", "FROM", "TO", "STATE", "DONE", "BY");
        BackfillText text = new BackfillText(terminal);
        for (JsonNode each : backfills) {
            BackfillView backfill = Json.as(BackfillView.class, each);
            table.row()
                    .cell(backfill.id())
                    .cell(backfill.pipeline())
                    .cell(backfill.trigger())
                    .cell(backfill.from().toString())
                    .cell(backfill.to().toString())
                    .cell(backfill.state(), text.style(backfill))
                    .cell(text.progress(backfill))
                    .cell(backfill.by() == null ? "" : Printable.text(backfill.by()), Style.DIM);
        }
        return table;
    }
}
