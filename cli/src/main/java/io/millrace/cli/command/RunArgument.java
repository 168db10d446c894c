package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.RunFilter;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Parameters;

/** A run, by its id or as {@code last}. */
final class RunArgument {
    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, or last for the newest.")
    private String run = "";

    /** The run's id. */
    String id(ApiClient api) {
        return resolve(run, () -> api);
    }

    /**
     * The id that is meant; the API is asked only for {@code last}.
     *
     * @throws UsageException when there is no run at all
     */
    static String resolve(String run, Supplier<ApiClient> api) {
        if (!run.equals("last")) {
            return run;
        }
        RunFilter newest = new RunFilter(Optional.empty(), Optional.empty(), 1);
        JsonNode found = api.get().runs(newest).path("runs").path(0);
        if (found.isMissingNode()) {
            throw new UsageException("there are no runs yet");
        }
        return found.path("id").asText();
    }
}
