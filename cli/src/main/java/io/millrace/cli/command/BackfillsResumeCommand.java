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
        name = "resume",
        description = "Let a backfill that was paused go on where it was.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace backfills resume last",
            "  millrace backfills resume last --reason \"the warehouse is free\""
        })
final class BackfillsResumeCommand implements Callable<Integer> {
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

    BackfillsResumeCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        String id = backfill.id(api);
        JsonNode answer = api.backfill(id, "resume", reason, by.name());
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : "backfill " + id + " is asked to go on");
        return ExitCode.DONE.number();
    }
}
