package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Listing;
import io.millrace.cli.client.Query;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description = "List the records that could not be read or accepted, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace dead-letters list",
            "  millrace dead-letters list --reason undecodable --all",
            "  millrace dead-letters list --topic millrace.triggers -o json | jq -r '.dead_letters[].id'"
        })
final class DeadLettersListCommand implements Callable<Integer> {
    private static final int MOST_KEY = 40;

    private final MillraceCommand millrace;

    @Mixin
    private LetterOptions which = new LetterOptions();

    @Mixin
    private LimitOptions limit = new LimitOptions();

    DeadLettersListCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Query filter = which.filter();
        Terminal terminal = millrace.terminal();
        Listing.Part found = limit.read(millrace.api().deadLetters(filter), terminal, "dead letters so far");
        if (millrace.json()) {
            ObjectNode answer = Json.object();
            answer.putArray("dead_letters").addAll(found.entries());
            terminal.line(Json.pretty(answer.put("next", found.next().orElse(null))));
        } else if (found.entries().isEmpty()) {
            terminal.note("no dead letters" + (filter.isEmpty() ? "" : " like that"));
        } else {
            table(found.entries(), terminal).lines(terminal, "").forEach(terminal::line);
            limit.tellOfMore(found, terminal);
        }
        return ExitCode.DONE.number();
    }

    private static Table table(List<JsonNode> letters, Terminal terminal) {
        Table table = new Table("DEAD LETTER", "AT", "REASON", "KEY", "BYTES", "REPLAYABLE", "MESSAGE");
        for (JsonNode letter : letters) {
            boolean replayable = letter.path("replayable").asBoolean();
            table.row()
                    .cell(letter.path("id").asText())
                    .cell(Times.day(Instant.parse(letter.path("at").asText()), ZoneId.systemDefault()))
                    .cell(letter.path("reason").asText(), Style.YELLOW)
                    .cell(terminal.cut(Printable.text(letter.path("key").asText("")), MOST_KEY))
                    .cell(letter.path("value_bytes").asText(""))
                    .cell(replayable ? "yes" : "no")
                    .cell(Printable.text(letter.path("message").asText("")), Style.DIM);
        }
        return table;
    }
}
