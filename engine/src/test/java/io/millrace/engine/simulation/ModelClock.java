package io.millrace.engine.simulation;

import java.time.Instant;

/** The time that passes, and what the coordinator's clock makes of it: that one may be set forward and back. */
final class ModelClock {
    private static final long BEGIN_MILLIS =
            Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    private long passedMillis;
    private long skewMillis;

    /** How much time has passed; it never goes back. */
    long passed() {
        return passedMillis;
    }

    void passes(long millis) {
        passedMillis += millis;
    }

    /** The coordinator's clock is set. */
    void jumps(long millis) {
        skewMillis += millis;
    }

    /** What the coordinator's clock shows. */
    long shown() {
        return BEGIN_MILLIS + passedMillis + skewMillis;
    }
}
