package io.millrace.pipeline;

/** What happens to a task whose worker is lost while it executes the task. */
public enum WorkerLoss {
    /** The task is handed to another worker with the next epoch: it may be executed more than once. */
    RETRY,
    /** The task fails: it is executed at most once. */
    FAIL
}
