package io.millrace.worker.execute;

/** Takes what an execution says of how far it is; from any thread, and never waits. */
@FunctionalInterface
public interface ProgressSink {
    /** For executions of which nothing is seen before they end. */
    ProgressSink NONE = progress -> {};

    /** Takes what is new. */
    void accept(Progress progress);
}
