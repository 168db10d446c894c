package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "queues",
        description = "List the queues: what waits in each, and who serves it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace queues",
            "  millrace queues -o json | jq '.queues[] | select(.workers == 0 and .waiting > 0)'",
            "",
            "WAITING counts tasks that nobody has claimed (about so many with ~); LAG counts offsets of Kafka, which the",
            "markers of transactions take, too. BUSY slots may execute tasks of other queues."
        })
final class QueuesCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    QueuesCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        JsonNode answer = millrace.api().queues();
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else if (answer.path("queues").isEmpty()) {
            terminal.note("no queues yet");
        } else {
            table(answer.path("queues"), Instant.now()).lines(terminal, "").forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }

    private static Table table(JsonNode queues, Instant now) {
        Table table = new Table("QUEUE", "WAITING", "OLDEST", "LAG", "WORKERS", "BUSY");
        for (JsonNode queue : queues) {
            long waiting = queue.path("waiting").asLong();
            int workers = queue.path("workers").asInt();
            String number = (queue.path("exact").asBoolean() ? "" : "~") + waiting;
            table.row()
                    .cell(queue.path("name").asText())
                    .cell(number)
                    .cell(oldest(queue.path("oldest_at"), now))
                    .cell(queue.path("lag").asText());
            if (workers == 0 && waiting > 0) {
                table.cell("none", Style.RED);
            } else {
                table.cell(Integer.toString(workers));
            }
            table.cell(queue.path("busy").asInt() + " of " + queue.path("slots").asInt());
        }
        return table;
    }

    private static String oldest(JsonNode at, Instant now) {
        return at.isTextual() ? Times.text(Duration.between(Instant.parse(at.textValue()), now)) : "";
    }
}
