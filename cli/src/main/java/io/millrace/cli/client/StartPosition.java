package io.millrace.cli.client;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Where in a topic to begin to read: at its beginning, at its end, or at the first record of a moment and later.
 *
 * @param beginning whether at the beginning; else at the moment, or at the end where there is none
 */
public record StartPosition(boolean beginning, Optional<Instant> moment) {
    /** With the oldest record that Kafka keeps. */
    public static final StartPosition BEGINNING = new StartPosition(true, Optional.empty());

    /** With the next record that is written. */
    public static final StartPosition NOW = new StartPosition(false, Optional.empty());

    /** With the first record of this moment or later. */
    public static StartPosition at(Instant moment) {
        return new StartPosition(false, Optional.of(moment));
    }

    /**
     * Reads {@code beginning}, {@code now}, a time ago like {@code -90s}, {@code -15m}, {@code -1h} or {@code -2d}, or a
     * moment like {@code 2026-11-22T14:00:00Z}.
     *
     * @throws IllegalArgumentException when it is none of these; the message is one sentence
     */
    public static StartPosition parse(String text, Instant now) {
        String word = text.toLowerCase(Locale.ROOT);
        if (word.equals("beginning")) {
            return BEGINNING;
        }
        if (word.equals("now")) {
            return NOW;
        }
        return Moments.parse(text, now)
                .map(StartPosition::at)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is no place to begin: use beginning, now, -15m, -1h or 2026-11-22T14:00:00Z"));
    }
}
