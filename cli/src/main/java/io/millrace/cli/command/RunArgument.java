package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Query;
import java.util.List;
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

    /** The run's id; the API is asked only for {@code last}. */
    String id(Supplier<ApiClient> api) {
        return resolve(run, api);
    }

    /**
     * The id that is meant; the API is asked only for {@code last}.
     *
     * @throws UsageException when it is empty, or there is no run at all
     */
    static String resolve(String run, Supplier<ApiClient> api) {
        if (run.isBlank()) {
            throw new UsageException("the run's id must not be empty");
        }
        if (!run.equals("last")) {
            return run;
        }
        List<JsonNode> newest = api.get().runs(Query.ALL).first(1).entries();
        if (newest.isEmpty()) {
            throw new UsageException("there are no runs yet");
        }
        return newest.get(0).path("id").asText();
    }
}
