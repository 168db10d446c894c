package io.millrace.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt at a task did not succeed.
 *
 * @param kind what went wrong
 * @param message one sentence for people
 * @param exitCode the code of a process that ended by itself, or null
 * @param signal the number of the signal that ended the process, or null
 * @param stderrTail the last lines of standard error, oldest first
 * @param retryable false when another attempt cannot help, whatever the retry policy says
 */
public record Failure(
        Kind kind,
        String message,
        @Nullable Integer exitCode,
        @Nullable Integer signal,
        List<String> stderrTail,
        boolean retryable) {
    /** What can go wrong. */
    public enum Kind {
        UNKNOWN,
        EXIT,
        SIGNAL,
        TIMEOUT,
        ERROR,
        INVALID_OUTPUT,
        EXPRESSION,
        WORKER_LOST,
        CHECK
    }

    /** Copies the list. */
    public Failure {
        stderrTail = List.copyOf(stderrTail);
    }

    /** A failure that another attempt may mend. */
    public static Failure retryable(Kind kind, String message) {
        return new Failure(kind, message, null, null, List.of(), true);
    }

    /** A failure that no other attempt can mend. */
    public static Failure permanent(Kind kind, String message) {
        return new Failure(kind, message, null, null, List.of(), false);
    }
}
