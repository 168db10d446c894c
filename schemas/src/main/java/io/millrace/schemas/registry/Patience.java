package io.millrace.schemas.registry;

import java.time.Duration;

/**
 * How a client bears with a registry that is away.
 *
 * @param limit how long a call keeps trying before it gives up; zero means that it tries once
 * @param firstPause how long it waits after the first failure; each further pause is twice as long
 * @param longestPause the longest pause
 * @param answer how long the registry may take for one answer
 */
public record Patience(Duration limit, Duration firstPause, Duration longestPause, Duration answer) {
    /** Half a minute in all, with pauses from 100 ms to 2 s and 10 s for an answer. */
    public static final Patience STANDARD =
            new Patience(Duration.ofSeconds(30), Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(10));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when the limit is negative, or another value is not positive
     */
    public Patience {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("the limit is " + limit + "; it must not be negative");
        }
        if (!isPositive(firstPause) || !isPositive(longestPause) || !isPositive(answer)) {
            throw new IllegalArgumentException("pauses and the time for an answer must be positive");
        }
    }

    /** The same with another limit. */
    public Patience withLimit(Duration other) {
        return new Patience(other, firstPause, longestPause, answer);
    }

    /** How long to wait after this many failures in a row, counted from 1. */
    Duration pauseAfter(int failures) {
        var doublings = Math.min(failures - 1, 20);
        var pause = firstPause.multipliedBy(1L << doublings);
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
