package io.millrace.cli.command;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Query;
import java.util.function.Supplier;
import picocli.CommandLine.Parameters;

/** A run, by its id or as {@code last}. */
final class RunArgument {
    /** A run that fails is followed by those that tell of it, which nobody means by the last one. */
    private static final int NEWEST = 100;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description =
                    "The run's id, or last for the newest; those that pass on messages about alerts do not count.")
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
        return api.get().runs(Query.ALL).first(NEWEST).entries().stream()
                .filter(each -> !each.path("trigger").path("kind").asText().equals("alert"))
                .findFirst()
                .map(each -> each.path("id").asText())
                .orElseThrow(() -> new UsageException("there are no runs yet"));
    }
}
