package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is said of an alert that is there: of which, why, and by whom. */
final class AlertRequest {
    @Mixin
    private AlertArgument alert = new AlertArgument();

    @Option(
            names = {"-r", "--reason"},
            paramLabel = "TEXT",
            description = "Why, for people.")
    private Optional<String> reason = Optional.empty();

    @Mixin
    private ByOption by = new ByOption();

    /** Says so, and says that it was said. @param action as the API calls it @param words what becomes of it */
    int send(MillraceCommand millrace, String action, Optional<String> duration, String words) {
        ApiClient api = millrace.api();
        String id = alert.id(api);
        JsonNode answer = api.alert(id, action, duration, reason, by.name());
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : "alert " + id + " " + words);
        return ExitCode.DONE.number();
    }
}
