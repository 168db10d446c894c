package io.millrace.worker.execute;

import java.time.Duration;
import java.util.Optional;

/** Says that an attempt's time is up, in the words of the pipeline file: {@code 10m}, {@code 1m 30s}, {@code 250ms}. */
final class TimeLimit {
    private TimeLimit() {}

    /** What to wait at most; about 292 years where there is no limit. */
    static long nanos(Optional<Duration> limit) {
        Duration forever = Duration.ofNanos(Long.MAX_VALUE);
        return limit.filter(given -> given.compareTo(forever) < 0)
                .orElse(forever)
                .toNanos();
    }

    static String sentence(Optional<Duration> limit) {
        return "The time limit of " + limit.map(TimeLimit::words).orElse("nothing") + " was up.";
    }

    static String words(Duration duration) {
        StringBuilder words = new StringBuilder();
        append(words, duration.toHours(), "h");
        append(words, duration.toMinutesPart(), "m");
        append(words, duration.toSecondsPart(), "s");
        append(words, duration.toMillisPart(), "ms");
        return words.length() == 0 ? "0s" : words.toString();
    }

    private static void append(StringBuilder words, long amount, String unit) {
        if (amount > 0) {
            words.append(words.length() == 0 ? "" : " ").append(amount).append(unit);
        }
    }
}
