package io.millrace.engine;

import io.millrace.pipeline.RetryPolicy;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next attempt: {@code backoff × factor^(n-1)} after the n-th failed attempt, at most
 * {@code cap}, then moved by up to {@code jitter} of itself to either side.
 *
 * <p>With {@code backoff: 5s, factor: 2, cap: 2m} and no jitter: 5 s, 10 s, 20 s, 40 s, 80 s, 120 s, 120 s. With
 * {@code jitter: 0.2} the first is between 4 s and 6 s. The jitter is a function of run, task and attempt, so that a
 * replay of the same run waits just as long.
 */
final class Backoff {
    private static final Duration LONGEST_REQUESTED = Duration.ofHours(1);

    private Backoff() {}

    /** The wait, or what the other side asked for where that is longer: up to an hour, lest it holds up the run for ever. */
    static Duration atLeast(@Nullable Duration requested, Duration wait) {
        if (requested == null || requested.compareTo(wait) <= 0) {
            return wait;
        }
        Duration heeded = requested.compareTo(LONGEST_REQUESTED) < 0 ? requested : LONGEST_REQUESTED;
        return heeded.compareTo(wait) < 0 ? wait : heeded;
    }

    static Duration after(int failedAttempt, RetryPolicy policy, RunId run, TaskId task) {
        double plain = policy.backoff().toMillis() * Math.pow(policy.factor(), failedAttempt - 1);
        double capped = Math.min(plain, policy.cap().toMillis());
        double moved = capped * (1 + policy.jitter() * spread(run, task, failedAttempt));
        return Duration.ofMillis(Math.round(moved));
    }

    /** A number in [-1, 1) that only depends on its arguments: FNV-1a, then the finalizer of MurmurHash3. */
    private static double spread(RunId run, TaskId task, int attempt) {
        long hash = 0xcbf29ce484222325L;
        String key = run.value() + '/' + task.value() + '/' + attempt;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return (hash >> 11) * 0x1.0p-52;
    }
}
