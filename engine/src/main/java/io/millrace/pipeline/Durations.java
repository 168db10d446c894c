package io.millrace.pipeline;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they are written in a pipeline: {@code 250ms}, {@code 5s}, {@code 10m}, {@code 1h30m}, {@code 2d}. */
public final class Durations {
    /** What is expected, in words. */
    public static final String RULE = "a duration such as 250ms, 5s, 10m, 1h30m or 2d";

    private static final Pattern DURATION = Pattern.compile(
            "(?:(?<d>[0-9]{1,9})d)?(?:(?<h>[0-9]{1,9})h)?(?:(?<m>[0-9]{1,9})m)?(?:(?<s>[0-9]{1,9})s)?(?:(?<ms>[0-9]{1,9})ms)?");

    private Durations() {}

    /** The duration that the text says; empty when it is not written as one. */
    public static Optional<Duration> parse(String text) {
        Matcher parts = DURATION.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofDays(part(parts, "d"))
                .plusHours(part(parts, "h"))
                .plusMinutes(part(parts, "m"))
                .plusSeconds(part(parts, "s"))
                .plusMillis(part(parts, "ms")));
    }

    /** The duration as it would be written. */
    public static String format(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.length() == 0 ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }

    private static long part(Matcher parts, String unit) {
        String digits = parts.group(unit);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
