package io.millrace.worker.execute;

import java.time.Duration;

/** Told of every execution when it has ended, on the thread that tells its outcome. */
@FunctionalInterface
public interface ExecutionListener {
    /** @param kind the task's kind; {@code unknown} for one that this worker does not know */
    void ended(String kind, Outcome outcome, Duration took);
}
