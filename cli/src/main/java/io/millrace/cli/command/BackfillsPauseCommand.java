package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "pause",
        description = "Have a backfill start no further runs. Those that are under way go on.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace backfills pause last",
            "  millrace backfills pause last --reason \"the warehouse is busy\""
        })
final class BackfillsPauseCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private BackfillArgument backfill = new BackfillArgument();

    @Option(
            names = {"-r", "--reason"},
            paramLabel = "TEXT",
            description = "Why, for people.")
    private Optional<String> reason = Optional.empty();

    @Mixin
    private ByOption by = new ByOption();

    BackfillsPauseCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        String id = backfill.id(api);
        JsonNode answer = api.backfill(id, "pause", reason, by.name());
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : "backfill " + id + " is asked to pause");
        return ExitCode.DONE.number();
    }
}
