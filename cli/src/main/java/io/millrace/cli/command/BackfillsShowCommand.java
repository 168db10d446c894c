package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.BackfillView;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "show",
        description = "Show how far a backfill is, and what became of its runs.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace backfills show last",
            "  millrace backfills show 01hv3m9x2c7k5qyt8r4bnd6wza --follow",
            "",
            "With --follow until it is over; Ctrl-C leaves it running. Exit code 1 then: it was cancelled, or not all of",
            "its runs succeeded."
        })
final class BackfillsShowCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private BackfillArgument backfill = new BackfillArgument();

    @Option(
            names = {"-f", "--follow"},
            description = "Show how far it is until it is over.")
    private boolean follow;

    BackfillsShowCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        ApiClient api = millrace.api();
        String id = backfill.id(api);
        if (follow) {
            new BackfillWatch(api, millrace.stop(), terminal, !millrace.json()).untilOver(id);
        }
        JsonNode answer = api.backfill(id);
        BackfillView shown = Json.as(BackfillView.class, answer);
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else {
            new BackfillText(terminal).lines(shown).forEach(terminal::line);
        }
        return (follow && !shown.complete() ? ExitCode.FAILED : ExitCode.DONE).number();
    }
}
