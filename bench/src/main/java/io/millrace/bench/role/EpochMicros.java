package io.millrace.bench.role;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The time of this machine in microseconds, which all of its processes agree on. */
public final class EpochMicros {
    private EpochMicros() {}

    /** Now. */
    public static long now() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
    }
}
