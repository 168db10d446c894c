package io.millrace.coordinator.catalogue;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that everything has been read that was written before a question came up, without asking Kafka on behalf of
 * every question: a wait that began after a question came up answers it, whoever began it, and waits begin at a
 * distance, however many questions there are.
 *
 * <p><b>Threading.</b> Any number of threads may pass; one of them waits for Kafka, the others for it.
 */
final class Barrier {
    private final Runnable awaitEnd;
    private final long distanceNanos;
    private final LongSupplier nanoTime;
    private final LongConsumer pauseNanos;
    private final ReentrantLock lock = new ReentrantLock(true);
    /** When the last wait began, and how it ended; all three under the lock. */
    private long begunAt;

    private boolean everBegun;
    private @Nullable RuntimeException failure;

    /**
     * @param awaitEnd returns once everything written before it was called has been read
     * @param distance between the beginnings of two waits, at least
     * @param nanoTime a clock like {@link System#nanoTime()}
     * @param pauseNanos lets so much time go by, or less
     */
    Barrier(Runnable awaitEnd, Duration distance, LongSupplier nanoTime, LongConsumer pauseNanos) {
        this.awaitEnd = awaitEnd;
        this.distanceNanos = distance.toNanos();
        this.nanoTime = nanoTime;
        this.pauseNanos = pauseNanos;
    }

    /**
     * Throws what the wait threw; questions that share a wait share its end, also a bad one.
     *
     * @param askedAtNanos when the question came up, by the clock
     */
    void pass(long askedAtNanos) {
        lock.lock();
        try {
            if (!everBegun || begunAt - askedAtNanos < 0) {
                keepDistance();
                begin();
            }
            if (failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whoever is interrupted does not linger: the wait itself tells it. */
    private void keepDistance() {
        while (everBegun && !Thread.currentThread().isInterrupted()) {
            long rest = begunAt + distanceNanos - nanoTime.getAsLong();
            if (rest <= 0) {
                return;
            }
            pauseNanos.accept(rest);
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
