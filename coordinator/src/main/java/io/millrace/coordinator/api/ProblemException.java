package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The request is answered with a problem. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemKind kind;
    private final transient Map<String, JsonNode> members;
    private final transient Map<String, String> headers;

    ProblemException(ProblemKind kind, String detail) {
        this(kind, detail, Map.of(), Map.of());
    }

    /**
     * @param members what the problem tells beside RFC 9457's own members
     * @param headers of the answer
     */
    ProblemException(ProblemKind kind, String detail, Map<String, JsonNode> members, Map<String, String> headers) {
        super(detail);
        this.kind = kind;
        this.members = members;
        this.headers = headers;
    }

    ProblemKind kind() {
        return kind;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    Map<String, JsonNode> members() {
        return members;
    }

    Map<String, String> headers() {
        return headers;
    }
}
