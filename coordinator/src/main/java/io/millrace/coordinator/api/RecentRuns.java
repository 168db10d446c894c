package io.millrace.coordinator.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The runs that this instance accepted a moment ago: the history may not show them yet, and it is worth waiting for them.
 *
 * <p><b>Threading.</b> Thread-safe.
 */
final class RecentRuns {
    private static final int MOST = 10_000;
    private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

    private final LongSupplier nanoTime;
    private final Map<String, Long> accepted = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    /** @param nanoTime a clock like {@link System#nanoTime()} */
    RecentRuns(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(String run) {
        accepted.put(run, nanoTime.getAsLong());
    }

    synchronized boolean contains(String run) {
        Long at = accepted.get(run);
        return at != null && nanoTime.getAsLong() - at < KEPT_NANOS;
    }
}
