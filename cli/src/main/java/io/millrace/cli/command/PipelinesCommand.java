package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "pipelines",
        description = "List the pipelines that are applied, each with its current version.",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace pipelines", "  millrace pipelines -o json | jq -r '.pipelines[].id'"})
final class PipelinesCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    PipelinesCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        JsonNode answer = millrace.api().pipelines();
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else if (answer.path("pipelines").isEmpty()) {
            terminal.note("no pipelines yet; `millrace apply FILE` applies one");
        } else {
            table(answer.path("pipelines")).lines(terminal, "").forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }

    private static Table table(JsonNode pipelines) {
        Table table = new Table("PIPELINE", "VERSION", "TASKS", "APPLIED", "DESCRIPTION");
        for (JsonNode pipeline : pipelines) {
            table.row()
                    .cell(pipeline.path("id").asText())
                    .cell(pipeline.path("version").asText())
                    .cell(pipeline.path("tasks").asText())
                    .cell(Times.day(Instant.parse(pipeline.path("applied_at").asText()), ZoneId.systemDefault()))
                    .cell(pipeline.path("description").asText(""));
        }
        return table;
    }
}
