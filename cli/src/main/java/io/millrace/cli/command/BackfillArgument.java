package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** Which backfill is meant. */
final class BackfillArgument {
    @Parameters(index = "0", paramLabel = "BACKFILL", description = "The backfill's id; last for the newest.")
    private String backfill = "";

    /** Its id. @throws UsageException when the newest is asked for, and there is none */
    String id(ApiClient api) {
        if (!backfill.equals("last")) {
            return backfill;
        }
        JsonNode newest = api.backfills(Optional.empty()).path("backfills").path(0);
        if (newest.isMissingNode()) {
            throw new UsageException("there are no backfills");
        }
        return newest.path("id").asText();
    }
}
