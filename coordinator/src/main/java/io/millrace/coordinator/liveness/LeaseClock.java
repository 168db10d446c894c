package io.millrace.coordinator.liveness;

import java.time.Duration;

/**
 * A clock that goes on only while heartbeats can be heard. Leases are measured with it, so that an outage of Kafka or of
 * the coordinator itself, however long, ends no lease: when it is over, every worker has the rest of its lease to be
 * heard again.
 *
 * <p>It is moved by confirmations: proofs that all that was written to the heartbeats' topic by a certain moment has
 * been read. Between two of them it moves by the time between them, at most by {@link #LONGEST_STEP}.
 *
 * <p><b>Threading:</b> not safe; its owner guards it.
 */
final class LeaseClock {
    /** What lies between two confirmations in good times is well below this; what is above it was an outage. */
    static final Duration LONGEST_STEP = Duration.ofSeconds(1);

    private Duration time = Duration.ZERO;
    private long confirmedAtNanos;

    /** A clock at zero. @param nanoTime the present, as {@link System#nanoTime()} counts */
    LeaseClock(long nanoTime) {
        this.confirmedAtNanos = nanoTime;
    }

    /** All that was written by this moment has been read. @return by how much longer than a step nothing was heard */
    Duration confirm(long nanoTime) {
        Duration passed = Duration.ofNanos(Math.max(0, nanoTime - confirmedAtNanos));
        confirmedAtNanos = nanoTime;
        if (passed.compareTo(LONGEST_STEP) <= 0) {
            time = time.plus(passed);
            return Duration.ZERO;
        }
        time = time.plus(LONGEST_STEP);
        return passed.minus(LONGEST_STEP);
    }

    /** How long heartbeats could be heard since the start. */
    Duration time() {
        return time;
    }
}
