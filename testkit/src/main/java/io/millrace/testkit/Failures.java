package io.millrace.testkit;

import io.millrace.engine.Failure;
import java.util.List;

/** Failures as a worker reports them. */
public final class Failures {
    /** The statuses after which a worker thinks that another attempt may help, unless its task says otherwise. */
    private static final List<Integer> PASSING_STATUSES = List.of(408, 425, 429, 500, 502, 503, 504);

    private static final int SIGNAL_BASE = 128;
    private static final int HIGHEST_SIGNAL = 64;

    private Failures() {}

    /** That of a process that exited with this code; codes from 129 to 192 are those of processes that a signal ended. */
    public static Failure exit(int code) {
        int signal = code - SIGNAL_BASE;
        return signal >= 1 && signal <= HIGHEST_SIGNAL
                ? signal(signal)
                : new Failure(
                        Failure.Kind.EXIT,
                        "The process exited with code " + code + ".",
                        code,
                        null,
                        List.of(),
                        null,
                        null,
                        true);
    }

    /** That of a process that this signal ended. */
    public static Failure signal(int number) {
        return new Failure(
                Failure.Kind.SIGNAL,
                "The process was ended by signal " + number + ".",
                null,
                number,
                List.of(),
                null,
                null,
                true);
    }

    /** That of an HTTP call with this answer: retryable after 408, 425, 429, 500, 502, 503 and 504, as a worker has it. */
    public static Failure status(int status) {
        return new Failure(
                Failure.Kind.HTTP,
                "The server answered with status " + status + ".",
                null,
                null,
                List.of(),
                status,
                null,
                PASSING_STATUSES.contains(status));
    }

    /** Something went wrong, and another attempt may go well. */
    public static Failure error(String message) {
        return Failure.retryable(Failure.Kind.ERROR, message);
    }

    /** Something went wrong, and no other attempt can mend it. */
    public static Failure permanent(String message) {
        return Failure.permanent(Failure.Kind.ERROR, message);
    }
}
