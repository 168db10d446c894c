package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.audit.replay.ReplayedRun;
import java.util.List;

/** What {@code millrace replay} would say, for tests that ask about thousands of runs. */
public final class ReplayAgreement {
    private ReplayAgreement() {}

    /** Where the replayed run and the API's answer differ. */
    public static List<String> differences(String id, ReplayedRun replayed, JsonNode api) {
        return ReplayDifference.between(ReplayJson.of(id, replayed), api);
    }
}
