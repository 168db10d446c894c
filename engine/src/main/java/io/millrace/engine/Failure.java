package io.millrace.engine;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt at a task did not succeed.
 *
 * @param kind what went wrong
 * @param message one sentence for people
 * @param exitCode the code of a process that ended by itself, or null
 * @param signal the number of the signal that ended the process, or null
 * @param stderrTail the last lines of standard error, oldest first
 * @param status the status of an HTTP answer, or the code of a mail server's, or null
 * @param retryAfter how long the other side asks to be left alone, or null
 * @param retryable false when another attempt cannot help, whatever the retry policy says
 */
public record Failure(
        Kind kind,
        String message,
        @Nullable Integer exitCode,
        @Nullable Integer signal,
        List<String> stderrTail,
        @Nullable Integer status,
        @Nullable Duration retryAfter,
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
        CHECK,
        HTTP,
        RUN,
        REJECTED,
        LIMIT
    }

    /** Copies the list. */
    public Failure {
        stderrTail = List.copyOf(stderrTail);
    }

    /** What {@code retry.if} sees as {@code error}; every member is always there, and null where it does not apply. */
    Map<String, @Nullable Object> asError(int attempt) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("attempt", (long) attempt);
        error.put("exit_code", exitCode == null ? null : exitCode.longValue());
        error.put("kind", kind.name().toLowerCase(Locale.ROOT));
        error.put("message", message);
        error.put("signal", signal == null ? null : signal.longValue());
        error.put("status", status == null ? null : status.longValue());
        return error;
    }

    /** The same failure, which no other attempt follows for this reason. */
    Failure permanentSince(String reason) {
        return new Failure(kind, message + "; " + reason, exitCode, signal, stderrTail, status, retryAfter, false);
    }

    /** A failure that another attempt may mend. */
    public static Failure retryable(Kind kind, String message) {
        return new Failure(kind, message, null, null, List.of(), null, null, true);
    }

    /** A failure that no other attempt can mend. */
    public static Failure permanent(Kind kind, String message) {
        return new Failure(kind, message, null, null, List.of(), null, null, false);
    }
}
