package io.millrace.worker.http;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A call that did not bring the answer that was asked for.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class HttpFault extends Exception {
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Kind {
        /** It cannot be made as it is written. */
        REFUSED,
        /** There was no answer: the connection failed, or was lost. */
        CONNECTION,
        /** The answer's status is none that is wanted. */
        STATUS,
        /** The answer is over a limit. */
        LIMIT,
        /** The file that was to take the answer failed. */
        FILE,
        /** The answer cannot be read. */
        UNREADABLE,
        /** It took longer than it may. */
        TIMEOUT,
        /** It was asked to stop. */
        STOPPED
    }

    private final Kind kind;
    private final String sentence;
    private final int status;
    private final boolean retryable;
    private final transient Optional<Duration> retryAfter;
    private final String detail;

    private HttpFault(
            Kind kind, String sentence, int status, boolean retryable, Optional<Duration> retryAfter, String detail) {
        super(sentence);
        this.kind = kind;
        this.sentence = sentence;
        this.status = status;
        this.retryable = retryable;
        this.retryAfter = retryAfter;
        this.detail = detail;
    }

    static HttpFault permanent(Kind kind, String sentence) {
        return new HttpFault(kind, sentence, 0, false, Optional.empty(), "");
    }

    static HttpFault retryable(Kind kind, String sentence) {
        return new HttpFault(kind, sentence, 0, true, Optional.empty(), "");
    }

    static HttpFault status(
            int status, String sentence, boolean retryable, Optional<Duration> retryAfter, String detail) {
        return new HttpFault(Kind.STATUS, sentence, status, retryable, retryAfter, detail);
    }

    /** What was wrong. */
    public Kind kind() {
        return kind;
    }

    /** One sentence for people. */
    public String sentence() {
        return sentence;
    }

    /** The status of the answer; empty when it is not for its status that the call counts as failed. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /** What the server says of it, whole, as it may hold secrets that half a text would not show; empty when it says nothing. */
    public String detail() {
        return detail;
    }

    /** Whether another attempt may help. */
    public boolean isRetryable() {
        return retryable;
    }

    /** How long the server asks to be left alone. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
