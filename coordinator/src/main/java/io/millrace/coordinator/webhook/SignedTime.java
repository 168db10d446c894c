package io.millrace.coordinator.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/** The time in a signature: seconds since 1970. */
final class SignedTime {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");

    private SignedTime() {}

    /** Whether a text is a time that is no further than this from another, before or after it. */
    static boolean isNear(String seconds, Instant other, Duration tolerance) {
        return SECONDS.matcher(seconds).matches()
                && Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), other)
                                .abs()
                                .compareTo(tolerance)
                        <= 0;
    }
}
