package io.millrace.pipeline;

/**
 * What must have become of the tasks that a task needs, so that it is executed. "Failed" is a task that failed for good,
 * or that was not executed because something upstream of it failed.
 */
public enum TriggerRule {
    /** All succeeded. */
    ALL_SUCCEEDED,
    /** All have ended, however. */
    ALL_DONE,
    /** At least one failed; the task does not wait for the others. */
    ANY_FAILED,
    /** At least one succeeded; the task does not wait for the others. */
    ANY_SUCCEEDED,
    /** All have ended, and none failed; some may have been skipped. */
    NONE_FAILED
}
