package io.millrace.engine;

/** What can happen to a run and its tasks, as the audit log says it; docs/events.md tells each in full. */
public enum RunEventType {
    RUN_STARTED,
    RUN_SUCCEEDED,
    RUN_FAILED,
    RUN_CANCELLED,
    TASK_STARTED,
    TASK_SUCCEEDED,
    TASK_RETRIED,
    TASK_QUEUED,
    TASK_FAILED,
    TASK_LOST,
    TASK_RELEASED,
    TASK_SKIPPED,
    TASK_CANCELLED,
    REPORT_REJECTED,
    RUN_FINISHING,
    RUN_RERUN,
    TASK_DEFERRED,
    TASK_EXPANDED,
    TASK_PROGRESSED,
    TASK_UPSTREAM_FAILED,
    RUN_QUEUED,
    RUN_ADMITTED
}
