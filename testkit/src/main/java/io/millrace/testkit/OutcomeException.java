package io.millrace.testkit;

/** An outcome was to be told and could not be; the message is one sentence, for the people who wrote it. */
public final class OutcomeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** For this reason. */
    public OutcomeException(String message, Throwable cause) {
        super(message, cause);
    }
}
