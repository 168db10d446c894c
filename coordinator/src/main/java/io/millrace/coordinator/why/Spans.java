package io.millrace.coordinator.why;

import java.time.Duration;
import java.time.Instant;

/** Spans of time as people say them. */
final class Spans {
    private Spans() {}

    /** Two units at most: {@code 3 s}, {@code 4 min 10 s}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
    static String text(Duration span) {
        Duration positive = span.isNegative() ? Duration.ZERO : span;
        if (positive.toDays() > 0) {
            return two(positive.toDays(), "d", positive.toHoursPart(), "h");
        }
        if (positive.toHours() > 0) {
            return two(positive.toHours(), "h", positive.toMinutesPart(), "min");
        }
        if (positive.toMinutes() > 0) {
            return two(positive.toMinutes(), "min", positive.toSecondsPart(), "s");
        }
        return positive.toSeconds() > 0 ? positive.toSeconds() + " s" : positive.toMillis() + " ms";
    }

    static String text(Instant from, Instant to) {
        return text(Duration.between(from, to));
    }

    private static String two(long large, String largeUnit, int small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
