package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description =
                "List the pools: how many slots each has, which pipelines share them, and how many runs have one and wait.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace pools list",
            "  millrace pools list -o json | jq '.pools[] | select(.queued > 0)'",
            "",
            "A pool that pipelines name and nobody has set has one slot. RUNNING and QUEUED count the runs of the",
            "pipelines that name the pool now."
        })
final class PoolsListCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    PoolsListCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        JsonNode answer = millrace.api().pools();
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else if (answer.path("pools").isEmpty()) {
            terminal.note("no pools: no pipeline names one, and none is set");
        } else {
            table(answer.path("pools")).lines(terminal, "").forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }

    private static Table table(JsonNode pools) {
        Table table = new Table("POOL", "SLOTS", "RUNNING", "QUEUED", "PIPELINES", "SET");
        for (JsonNode pool : pools) {
            List<String> pipelines = new ArrayList<>();
            pool.path("pipelines").forEach(pipeline -> pipelines.add(pipeline.asText()));
            table.row().cell(pool.path("pool").asText());
            if (pool.path("slots").asInt() == 0) {
                table.cell("closed", Style.RED);
            } else {
                table.cell(pool.path("slots").asText());
            }
            table.cell(pool.path("running").asText())
                    .cell(pool.path("queued").asText())
                    .cell(String.join(", ", pipelines))
                    .cell(set(pool));
        }
        return table;
    }

    private static String set(JsonNode pool) {
        if (!pool.path("set").asBoolean()) {
            return "no";
        }
        String by = pool.path("by").asText("");
        String reason = pool.path("reason").asText("");
        return (by.isEmpty() ? "yes" : "by " + by) + (reason.isEmpty() ? "" : ": " + reason);
    }
}
