package io.millrace.engine;

import java.util.Set;

/** The states of a run; drawn in docs/lifecycles.md, which a test compares with this table. */
public enum RunStatus {
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** The states that can follow this one. */
    public Set<RunStatus> next() {
        return this == RUNNING ? Set.of(SUCCEEDED, FAILED, CANCELLED) : Set.of();
    }

    /** Whether nothing follows any more. */
    public boolean hasEnded() {
        return this != RUNNING;
    }
}
