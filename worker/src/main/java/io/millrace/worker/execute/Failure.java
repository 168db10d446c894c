package io.millrace.worker.execute;

import io.millrace.event.FailureKind;
import io.millrace.worker.secret.Mask;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why an execution did not succeed.
 *
 * @param kind the kind of failure
 * @param message one sentence for people
 * @param exitCode the process's exit code, for {@link FailureKind#EXIT}
 * @param signal the number of the signal that ended the process, for {@link FailureKind#SIGNAL}
 * @param status the status of the answer, for {@link FailureKind#HTTP}; the code of another protocol's answer for {@link FailureKind#ERROR}
 * @param retryAfter how long the other side asks to be left alone
 * @param stderrTail the last lines of standard error, oldest first
 * @param retryable false when another attempt cannot help
 */
public record Failure(
        FailureKind kind,
        String message,
        OptionalInt exitCode,
        OptionalInt signal,
        OptionalInt status,
        Optional<Duration> retryAfter,
        List<String> stderrTail,
        boolean retryable) {
    private static final int LONGEST_MESSAGE = 2_000;
    private static final int SIGNAL_BASE = 128;
    private static final int HIGHEST_SIGNAL = 64;
    private static final Map<Integer, String> SIGNAL_NAMES = Map.ofEntries(
            Map.entry(1, "HUP"),
            Map.entry(2, "INT"),
            Map.entry(3, "QUIT"),
            Map.entry(4, "ILL"),
            Map.entry(6, "ABRT"),
            Map.entry(8, "FPE"),
            Map.entry(9, "KILL; perhaps memory ran out"),
            Map.entry(11, "SEGV"),
            Map.entry(13, "PIPE"),
            Map.entry(14, "ALRM"),
            Map.entry(15, "TERM"));

    /** Copies the tail, and cuts the message: it may be of a handler's making, and a report has to fit into a record. */
    public Failure {
        message = message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
        stderrTail = List.copyOf(stderrTail);
    }

    /** A failure that another attempt may mend: something went wrong on this machine, or in the handler. */
    public static Failure error(String message) {
        return plain(FailureKind.ERROR, message, true);
    }

    /** A failure that no attempt can mend. */
    public static Failure permanent(String message) {
        return error(message).withRetryable(false);
    }

    static Failure timeout(String message) {
        return plain(FailureKind.TIMEOUT, message, true);
    }

    /** An attempt that took more than it may; another one may take less, or find a worker with more. */
    public static Failure limit(String message) {
        return plain(FailureKind.LIMIT, message, true);
    }

    /**
     * Not retryable: what a task writes as its output depends on its code and its inputs, which another attempt does not change; retrying would
     * repeat all of its work to fail in the same way.
     */
    static Failure invalidOutput(String message) {
        return plain(FailureKind.INVALID_OUTPUT, message, false);
    }

    /**
     * The failure of a process that ended with a code other than 0. Codes from 129 to 192 are read as 128 plus a signal's number: so the JVM tells a
     * process that was ended by a signal, and so a shell tells that its last command was.
     */
    static Failure exit(int code) {
        int signal = code - SIGNAL_BASE;
        if (signal >= 1 && signal <= HIGHEST_SIGNAL) {
            String name = SIGNAL_NAMES.get(signal);
            String message = "The process was ended by signal " + signal + (name == null ? "." : " (" + name + ").");
            return of(FailureKind.SIGNAL, message, OptionalInt.empty(), OptionalInt.of(signal));
        }
        String message = "The process exited with code " + code + ".";
        return of(FailureKind.EXIT, message, OptionalInt.of(code), OptionalInt.empty());
    }

    Failure withStderrTail(List<String> tail) {
        return new Failure(kind, message, exitCode, signal, status, retryAfter, tail, retryable);
    }

    /** The same without secrets. */
    Failure masked(Mask mask) {
        List<String> tail = stderrTail.stream().map(mask::of).toList();
        return new Failure(kind, mask.of(message), exitCode, signal, status, retryAfter, tail, retryable);
    }

    /** The same in other words. */
    public Failure withMessage(String value) {
        return new Failure(kind, value, exitCode, signal, status, retryAfter, stderrTail, retryable);
    }

    /** The same, with or without hope in another attempt. */
    public Failure withRetryable(boolean value) {
        return new Failure(kind, message, exitCode, signal, status, retryAfter, stderrTail, value);
    }

    /** An answer that is none of those that the task accepts. */
    static Failure http(String message, int status, boolean retryable, Optional<Duration> retryAfter) {
        return new Failure(
                FailureKind.HTTP,
                message,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.of(status),
                retryAfter,
                List.of(),
                retryable);
    }

    /** An answer by which a server of another protocol refuses what was asked for. */
    static Failure answer(String message, int status, boolean retryable) {
        return new Failure(
                FailureKind.ERROR,
                message,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.of(status),
                Optional.empty(),
                List.of(),
                retryable);
    }

    private static Failure plain(FailureKind kind, String message, boolean retryable) {
        return of(kind, message, OptionalInt.empty(), OptionalInt.empty()).withRetryable(retryable);
    }

    private static Failure of(FailureKind kind, String message, OptionalInt exitCode, OptionalInt signal) {
        return new Failure(kind, message, exitCode, signal, OptionalInt.empty(), Optional.empty(), List.of(), true);
    }
}
