package io.millrace.coordinator.catalogue;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that what was written a moment ago has been read, without asking Kafka on behalf of every caller: after
 * {@link #pass()} everything that was written more than {@code tolerance} before the call has been read, and Kafka was
 * asked at most once in that time however many calls there were.
 *
 * <p><b>Threading.</b> Any number of threads may pass; one of them waits for Kafka, the others for it.
 */
final class Barrier {
    private final Runnable awaitEnd;
    private final long toleranceNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock(true);
    /** When the last wait began, and how it ended; both under the lock. */
    private long begunAt;

    private boolean everBegun;
    private @Nullable RuntimeException failure;

    /**
     * @param awaitEnd returns once everything written before it was called has been read
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    Barrier(Runnable awaitEnd, Duration tolerance, LongSupplier nanoTime) {
        this.awaitEnd = awaitEnd;
        this.toleranceNanos = tolerance.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Throws what the wait threw; callers within the tolerance of it share its end, also a bad one. */
    void pass() {
        long calledAt = nanoTime.getAsLong();
        lock.lock();
        try {
            if (!everBegun || begunAt - calledAt <= -toleranceNanos) {
                begin();
            }
            if (failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        everBegun = true;
        begunAt = nanoTime.getAsLong();
        failure = null;
        try {
            awaitEnd.run();
        } catch (RuntimeException e) {
            failure = e;
        }
    }
}
