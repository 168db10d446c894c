package io.millrace.coordinator.api;

import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RunFilter;
import io.millrace.engine.RunStatus;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a request for a list of runs may say. */
final class ListRequest {
    private static final int DEFAULT_LIMIT = 50;

    private ListRequest() {}

    static RunFilter filter(Call call) {
        return new RunFilter(
                call.parameter("pipeline").map(ListRequest::pipeline),
                call.parameter("status").map(ListRequest::status));
    }

    private static String pipeline(String text) {
        return PipelineRoutes.id(text)
                .orElseThrow(() -> refused(
                        "pipeline",
                        text,
                        "a lower-case letter, then lower-case letters, digits and underscores, at most 63 characters"))
                .value();
    }

    private static RunStatus status(String text) {
        return Arrays.stream(RunStatus.values())
                .filter(status -> JsonText.lower(status).equals(text))
                .findFirst()
                .orElseThrow(() -> refused(
                        "status",
                        text,
                        Arrays.stream(RunStatus.values()).map(JsonText::lower).collect(Collectors.joining(", "))));
    }

    static int limit(Call call) {
        Optional<String> text = call.parameter("limit");
        if (text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text.get());
            if (limit >= 1 && limit <= History.MAX_PAGE) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, as for a number that is out of range.
        }
        throw refused("limit", text.get(), "a whole number from 1 to " + History.MAX_PAGE);
    }

    private static ProblemException refused(String name, String value, String allowed) {
        return new ProblemException(
                ProblemKind.INVALID_PARAMETER, name + "=" + value + " is not allowed; allowed is " + allowed);
    }
}
