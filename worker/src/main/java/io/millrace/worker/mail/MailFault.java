package io.millrace.worker.mail;

import java.util.OptionalInt;

/**
 * What kept a message from being taken by the server. Nobody gets it, but where the connection was lost after all of it had been sent, of which nobody knows.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class MailFault extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int PERMANENT = 500;

    private final String sentence;
    private final int status;
    private final boolean retryable;
    private final String detail;

    private MailFault(String sentence, int status, boolean retryable, String detail) {
        super(sentence);
        this.sentence = sentence;
        this.status = status;
        this.retryable = retryable;
        this.detail = detail;
    }

    /** What cannot be sent as it is written. */
    static MailFault permanent(String sentence) {
        return new MailFault(sentence, 0, false, "");
    }

    /** There was no answer: no connection, or one that was lost. */
    static MailFault unanswered(String sentence) {
        return new MailFault(sentence, 0, true, "");
    }

    /**
     * The server said no: for now with a code of 4xx, for good with one of 5xx (RFC 5321, 4.2.1).
     *
     * @param detail the server's own words
     */
    static MailFault answered(String sentence, int status, String detail) {
        return new MailFault(sentence, status, status < PERMANENT, detail);
    }

    /** One sentence for people. */
    public String sentence() {
        return sentence;
    }

    /** The code of the server's answer, 400 to 599; empty when it is not for an answer. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /** Whether another attempt may help. */
    public boolean isRetryable() {
        return retryable;
    }

    /** What the server says of it, whole, as it may hold secrets that half a text would not show; empty when it says nothing. */
    public String detail() {
        return detail;
    }
}
