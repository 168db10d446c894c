package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;

/** The API refused a request: its problem details (RFC 9457) in one sentence. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient JsonNode problem;

    ApiException(int status, JsonNode problem) {
        super(sentence(status, problem));
        this.status = status;
        this.problem = problem;
    }

    /** The HTTP status, 400 to 599. */
    public int status() {
        return status;
    }

    /** The problem as it was answered; a missing node when the answer was none. */
    public JsonNode problem() {
        return problem;
    }

    private static String sentence(int status, JsonNode problem) {
        String detail = problem.path("detail").asText("");
        String title = problem.path("title").asText("");
        String said = detail.isEmpty() ? title : detail;
        if (said.isEmpty()) {
            return "the coordinator answered with HTTP status " + status
                    + (status == 404 ? "; is there a coordinator at this address at all?" : "");
        }
        return said;
    }
}
