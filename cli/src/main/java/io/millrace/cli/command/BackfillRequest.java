package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is asked of a backfill that is there: of which, why, and by whom. */
final class BackfillRequest {
    @Mixin
    private BackfillArgument backfill = new BackfillArgument();

    @Option(
            names = {"-r", "--reason"},
            paramLabel = "TEXT",
            description = "Why, for people.")
    private Optional<String> reason = Optional.empty();

    @Mixin
    private ByOption by = new ByOption();

    /** Asks, and says so. @param action as the API calls it @param words what it is asked to do */
    int send(MillraceCommand millrace, String action, String words) {
        ApiClient api = millrace.api();
        String id = backfill.id(api);
        JsonNode answer = api.backfill(id, action, reason, by.name());
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : "backfill " + id + " is asked to " + words);
        return ExitCode.DONE.number();
    }
}
