package io.millrace.engine;

import java.util.EnumSet;
import java.util.Set;

/** The states of a task in a run; drawn in docs/lifecycles.md, which a test compares with this table. */
public enum TaskStatus {
    /** Something that it needs has not ended. */
    WAITING,
    /** Dispatched to its queue; no worker has claimed it. */
    QUEUED,
    /** Claimed by a worker. */
    RUNNING,
    /** The last attempt failed, and the next one is not due yet. */
    RETRYING,
    SUCCEEDED,
    /** Failed for good. */
    FAILED,
    /** Not executed, because its condition was false or something it needs did not succeed. */
    SKIPPED,
    /** Ended by the end of its run. */
    CANCELLED;

    /** The states that can follow this one. */
    public Set<TaskStatus> next() {
        return switch (this) {
            // FAILED without an attempt: an expression of the task could not be evaluated.
            case WAITING -> EnumSet.of(QUEUED, SKIPPED, FAILED, CANCELLED);
            case QUEUED -> EnumSet.of(RUNNING, CANCELLED);
            // QUEUED: released by its worker, or handed on after the worker was lost.
            case RUNNING -> EnumSet.of(SUCCEEDED, RETRYING, FAILED, QUEUED, CANCELLED);
            case RETRYING -> EnumSet.of(QUEUED, FAILED, CANCELLED);
            case SUCCEEDED, FAILED, SKIPPED, CANCELLED -> EnumSet.noneOf(TaskStatus.class);
        };
    }

    /** Whether nothing follows any more. */
    public boolean hasEnded() {
        return this == SUCCEEDED || this == FAILED || this == SKIPPED || this == CANCELLED;
    }
}
