package io.millrace.worker.execute;

import io.millrace.event.LogStream;
import java.time.Instant;

/** Takes the lines of one execution, one at a time and in order; must not wait. */
@FunctionalInterface
public interface LineSink {
    /** Takes a line without its end, of at most 8,000 characters. */
    void accept(Instant at, LogStream stream, String text);
}
