package io.millrace.engine;

import java.util.Set;

/** The states of a run; drawn in docs/lifecycles.md, which a test compares with this table. */
public enum RunStatus {
    /** It waits until it is one of so many that its pipeline lets be under way. */
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** The states that can follow this one. */
    public Set<RunStatus> next() {
        return switch (this) {
            case QUEUED -> Set.of(RUNNING, CANCELLED);
            case RUNNING -> Set.of(SUCCEEDED, FAILED, CANCELLED);
            case SUCCEEDED, FAILED, CANCELLED -> Set.of();
        };
    }

    /** Whether nothing follows any more. */
    public boolean hasEnded() {
        return this != QUEUED && this != RUNNING;
    }
}
