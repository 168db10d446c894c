package io.millrace.engine;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of one delivery of an attempt; drawn in docs/lifecycles.md, which a test compares with this table. An
 * attempt goes on with its next epoch after {@link #LOST} and {@link #RELEASED}.
 */
public enum AttemptStatus {
    /** Lies in its queue. */
    DISPATCHED,
    /** A worker executes it. */
    CLAIMED,
    SUCCEEDED,
    FAILED,
    /** Its worker's lease ended. */
    LOST,
    /** Its worker gave it back. */
    RELEASED,
    /** Ended by the end of its run. */
    CANCELLED;

    /** The states that can follow this one. */
    public Set<AttemptStatus> next() {
        return switch (this) {
            case DISPATCHED -> EnumSet.of(CLAIMED, CANCELLED);
            case CLAIMED -> EnumSet.of(SUCCEEDED, FAILED, LOST, RELEASED, CANCELLED);
            case SUCCEEDED, FAILED, LOST, RELEASED, CANCELLED -> EnumSet.noneOf(AttemptStatus.class);
        };
    }
}
