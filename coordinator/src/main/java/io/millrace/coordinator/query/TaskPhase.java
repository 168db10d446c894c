package io.millrace.coordinator.query;

/**
 * The states of a task as the audit log tells them. It has a list of its own, because the log outlives the engine that
 * wrote it: a state that the engine gives up one day is still shown of old runs.
 */
public enum TaskPhase {
    /** Something that it needs has not ended. */
    WAITING,
    /** Dispatched to its queue; no worker has claimed it. */
    QUEUED,
    /** Claimed by a worker. */
    RUNNING,
    /** It has begun and needs no worker: it waits for its items, a run that it started, an answer, or a point in time. */
    DEFERRED,
    /** The last attempt failed, and the next one is not due yet. */
    RETRYING,
    SUCCEEDED,
    /** Failed for good. */
    FAILED,
    /** Not executed, because its own condition was false or nothing upstream asked for it. */
    SKIPPED,
    /** Not executed, because something upstream failed. */
    UPSTREAM_FAILED,
    /** Ended by the end of its run. */
    CANCELLED;

    /** Whether nothing follows any more, unless the run is opened again. */
    public boolean hasEnded() {
        return switch (this) {
            case SUCCEEDED, FAILED, SKIPPED, UPSTREAM_FAILED, CANCELLED -> true;
            case WAITING, QUEUED, RUNNING, DEFERRED, RETRYING -> false;
        };
    }
}
