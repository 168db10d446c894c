package io.millrace.engine;

import java.util.EnumSet;
import java.util.Set;

/** The states of a task in a run; drawn in docs/lifecycles.md, which a test compares with this table. */
public enum TaskStatus {
    /** Something that it needs has not ended. */
    WAITING,
    /** Dispatched to its queue; no worker has claimed it. */
    QUEUED,
    /** Begun, and waits for what no worker executes: its items, the run that it started, an answer, a point in time. */
    DEFERRED,
    /** Claimed by a worker. */
    RUNNING,
    /** The last attempt failed, and the next one is not due yet. */
    RETRYING,
    SUCCEEDED,
    /** Failed for good. */
    FAILED,
    /** Not executed, because its condition was false or its trigger rule was not met; nothing upstream of it failed. */
    SKIPPED,
    /** Not executed, because something upstream of it failed. */
    UPSTREAM_FAILED,
    /** Ended by the end of its run. */
    CANCELLED;

    /** The states that can follow this one. */
    public Set<TaskStatus> next() {
        return switch (this) {
            // FAILED without an attempt: an expression of the task could not be evaluated.
            case WAITING -> EnumSet.of(QUEUED, DEFERRED, SKIPPED, UPSTREAM_FAILED, FAILED, CANCELLED);
            case QUEUED -> EnumSet.of(RUNNING, CANCELLED);
            // QUEUED: released by its worker, or handed on after the worker was lost.
            case RUNNING -> EnumSet.of(SUCCEEDED, RETRYING, FAILED, QUEUED, CANCELLED);
            case DEFERRED -> EnumSet.of(SUCCEEDED, RETRYING, FAILED, CANCELLED);
            case RETRYING -> EnumSet.of(QUEUED, DEFERRED, FAILED, CANCELLED);
            case SUCCEEDED, FAILED, SKIPPED, UPSTREAM_FAILED, CANCELLED -> EnumSet.noneOf(TaskStatus.class);
        };
    }

    /** Whether nothing follows any more, unless the run is run again. */
    public boolean hasEnded() {
        return this == SUCCEEDED || isFailure() || this == SKIPPED || this == CANCELLED;
    }

    /** Whether it failed, or was not executed because of a failure. */
    public boolean isFailure() {
        return this == FAILED || this == UPSTREAM_FAILED;
    }
}
