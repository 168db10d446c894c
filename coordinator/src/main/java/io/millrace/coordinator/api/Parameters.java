package io.millrace.coordinator.api;

import io.millrace.coordinator.query.History;
import io.millrace.pipeline.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the parameters of a query; each refusal tells what would be allowed. */
final class Parameters {
    private static final int MAX_TEXT = 255;

    private Parameters() {}

    /** The most entries that an answer is to have. */
    static int limit(Call call, int otherwise) {
        return number(call, "limit", 1, History.MAX_PAGE).orElse(otherwise);
    }

    static Optional<Integer> number(Call call, String name, int least, int most) {
        return call.parameter(name).map(text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                // Said below, as for a number that is out of range.
            }
            throw refused(name, text, "a whole number from " + least + " to " + most);
        });
    }

    /** How long the answer may wait; empty when it is not to wait. */
    static Optional<Duration> wait(Call call) {
        return call.parameter("wait").map(text -> {
            Optional<Duration> wait = Durations.parse(text);
            if (wait.isEmpty() || wait.get().compareTo(ServerLimits.MAX_WAIT) > 0) {
                throw refused(
                        "wait", text, "a duration such as 30s, at most " + ServerLimits.MAX_WAIT.toSeconds() + "s");
            }
            return wait.get();
        });
    }

    static Optional<Instant> moment(Call call, String name) {
        return call.parameter(name).map(text -> {
            try {
                // A plus sign that was not encoded arrives as a space.
                return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
            } catch (DateTimeException e) {
                throw refused(name, text, "a moment in ISO 8601 with its offset, such as 2026-11-22T15:04:05Z");
            }
        });
    }

    /** One or several constants, separated by commas; none when the parameter is not given. */
    static <E extends Enum<E>> Set<E> several(Call call, String name, Class<E> type) {
        Set<E> found = EnumSet.noneOf(type);
        call.parameter(name).ifPresent(text -> {
            for (String word : text.split(",", -1)) {
                found.add(constant(name, word, type, constant -> true));
            }
        });
        return found;
    }

    static <E extends Enum<E>> Optional<E> one(Call call, String name, Class<E> type, Function<E, Boolean> allowed) {
        return call.parameter(name).map(text -> constant(name, text, type, allowed));
    }

    private static <E extends Enum<E>> E constant(
            String name, String word, Class<E> type, Function<E, Boolean> allowed) {
        return Arrays.stream(type.getEnumConstants())
                .filter(allowed::apply)
                .filter(constant -> JsonText.lower(constant).equals(word))
                .findFirst()
                .orElseThrow(() -> refused(
                        name,
                        word,
                        Arrays.stream(type.getEnumConstants())
                                .filter(allowed::apply)
                                .map(JsonText::lower)
                                .collect(Collectors.joining(", "))));
    }

    static Optional<Boolean> flag(Call call, String name) {
        return call.parameter(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(name, text, "true or false");
        });
    }

    static Optional<String> pipeline(Call call) {
        return call.parameter("pipeline")
                .map(text -> PipelineRoutes.id(text)
                        .orElseThrow(() -> refused(
                                "pipeline",
                                text,
                                "a lower-case letter, then lower-case letters, digits and underscores, at most 63"
                                        + " characters"))
                        .value());
    }

    static Optional<String> text(Call call, String name) {
        return call.parameter(name).map(text -> {
            if (text.length() > MAX_TEXT || text.indexOf('\0') >= 0) {
                throw refused(
                        name, text.substring(0, Math.min(20, text.length())) + "…", "1 to " + MAX_TEXT + " characters");
            }
            return text;
        });
    }

    static ProblemException refused(String name, String value, String allowed) {
        return new ProblemException(
                ProblemKind.INVALID_PARAMETER, name + "=" + value + " is not allowed; allowed is " + allowed);
    }
}
