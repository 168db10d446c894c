package io.millrace.pipeline;

import io.millrace.expression.Condition;
import java.time.Duration;
import java.util.Optional;

/**
 * How often and how soon a failed task is tried again. The wait before retry <i>n</i> is {@code backoff × factor^(n-1)}, at most
 * {@code cap}, then varied by the share {@code jitter} of itself in both directions.
 *
 * @param max how many retries may follow the first attempt, 0 to 100
 * @param backoff the wait before the first retry, 0 or more
 * @param factor by what each wait grows over the one before, 1 or more
 * @param jitter the share by which a wait is varied, 0.0 to 1.0
 * @param cap the longest wait before jitter, never shorter than the backoff
 * @param condition {@code if}: a failure of which this is false is not tried again
 */
public record RetryPolicy(
        int max, Duration backoff, double factor, double jitter, Duration cap, Optional<Condition> condition) {
    /** No retry: the first attempt is the only one. */
    public static final RetryPolicy NONE =
            new RetryPolicy(0, Duration.ofSeconds(1), 2.0, 0.2, Duration.ofMinutes(1), Optional.empty());

    /** @throws IllegalArgumentException when a value is out of its range */
    public RetryPolicy {
        if (max < 0
                || backoff.isNegative()
                || !(factor >= 1)
                || !(jitter >= 0 && jitter <= 1)
                || cap.compareTo(backoff) < 0) {
            throw new IllegalArgumentException("not a retry policy: max " + max + ", backoff " + backoff + ", factor "
                    + factor + ", jitter " + jitter + ", cap " + cap);
        }
    }
}
