package io.millrace.worker;

/** Says that an attempt failed and that another one may succeed; the task's retry policy decides whether there is one. */
public final class RetryableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Takes one sentence for people. */
    public RetryableException(String message) {
        super(message);
    }

    /** Takes one sentence for people, and what led to it. */
    public RetryableException(String message, Throwable cause) {
        super(message, cause);
    }
}
