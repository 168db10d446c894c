package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the members of a request that asks something of a run. */
final class CommandBody {
    private static final int MAX_REASON = 1_000;
    private static final int MAX_BY = 200;
    private static final int MAX_TASKS = 1_000;

    private CommandBody() {}

    /** Why it is asked for, for people. */
    static Optional<String> reason(ObjectNode body, String member) {
        return text(body, member, MAX_REASON);
    }

    /** Who asks, in their own words. */
    static Optional<String> by(ObjectNode body) {
        return text(body, "by", MAX_BY);
    }

    private static Optional<String> text(ObjectNode body, String member, int most) {
        JsonNode value = body.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.textValue().length() > most) {
            throw malformed("\"" + member + "\" must be a text of at most " + most + " characters");
        }
        return Optional.of(value.textValue().strip()).filter(text -> !text.isEmpty());
    }

    /** An id; empty when there is none. */
    static Optional<String> word(ObjectNode body, String member) {
        return text(body, member, MAX_BY);
    }

    static boolean flag(ObjectNode body, String member) {
        JsonNode value = body.path(member);
        if (!value.isBoolean()) {
            throw malformed(
                    "\"" + member + "\" must be true or false" + (value.isMissingNode() ? ", and is missing" : ""));
        }
        return value.booleanValue();
    }

    static List<String> tasks(ObjectNode body) {
        JsonNode value = body.path("tasks");
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray() || value.size() > MAX_TASKS) {
            throw malformed("\"tasks\" must be a list of at most " + MAX_TASKS + " ids of tasks");
        }
        List<String> tasks = new ArrayList<>();
        for (JsonNode task : value) {
            if (!task.isTextual()) {
                throw malformed("\"tasks\" must be a list of ids of tasks, and has " + task);
            }
            if (!tasks.contains(task.textValue())) {
                tasks.add(task.textValue());
            }
        }
        return tasks;
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(ProblemKind.MALFORMED_JSON, detail);
    }
}
