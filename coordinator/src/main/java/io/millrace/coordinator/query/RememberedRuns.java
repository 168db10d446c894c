package io.millrace.coordinator.query;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The open runs that events came of lately, as the history holds them: most events are of such a run, and asking the database for
 * each of them would cost more than writing it. What is forgotten here is asked of the database again.
 *
 * <p>There are two generations. What is asked for moves to the young one; when that is full, the old one is forgotten and the young
 * one grows old. So what came with the last {@value #GENERATION} runs is never forgotten.
 *
 * <p><b>Threading.</b> Owned by the history's thread.
 */
final class RememberedRuns {
    private static final int GENERATION = 20_000;

    private Map<String, StoredRun> young = new HashMap<>();
    private Map<String, StoredRun> old = new HashMap<>();

    @Nullable
    StoredRun get(String run) {
        StoredRun found = young.get(run);
        if (found != null || old.isEmpty()) {
            return found;
        }
        found = old.remove(run);
        if (found != null) {
            put(run, found);
        }
        return found;
    }

    void put(String run, StoredRun stored) {
        if (young.size() >= GENERATION) {
            old = young;
            young = new HashMap<>();
        }
        young.put(run, stored);
    }

    /** The run has ended: hardly anything more comes of it. */
    void remove(String run) {
        young.remove(run);
        old.remove(run);
    }

    /** Runs were dropped from the history, or it does not hold what it was given. */
    void forget() {
        young.clear();
        old.clear();
    }
}
