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
        name = "cancel",
        description =
                "End a backfill for good: it starts no further runs, and those that are under way for it are cancelled.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace backfills cancel last",
            "  millrace backfills cancel last --reason \"it was the wrong week\""
        })
final class BackfillsCancelCommand implements Callable<Integer> {
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

    BackfillsCancelCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        String id = backfill.id(api);
        JsonNode answer = api.backfill(id, "cancel", reason, by.name());
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : "backfill " + id + " is asked to end");
        return ExitCode.DONE.number();
    }
}
