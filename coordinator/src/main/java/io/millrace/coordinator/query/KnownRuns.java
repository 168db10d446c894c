package io.millrace.coordinator.query;

import java.util.HashSet;
import java.util.Set;

/**
 * Runs of which the history is known to hold the start: most events are of such a run, and asking the database for each of
 * them would cost more than writing it. What is forgotten here is asked of the database again.
 *
 * <p><b>Threading.</b> Owned by the history's thread.
 */
final class KnownRuns {
    private static final int MOST = 100_000;

    private final Set<String> runs = new HashSet<>();

    boolean contains(String run) {
        return runs.contains(run);
    }

    void add(String run) {
        if (runs.size() >= MOST) {
            runs.clear();
        }
        runs.add(run);
    }

    /** Runs were dropped from the history. */
    void forget() {
        runs.clear();
    }
}
