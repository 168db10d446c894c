package io.millrace.worker;

/** Says that the task failed for good: no other attempt is made, whatever the task's retry policy says. */
public final class PermanentFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Takes one sentence for people. */
    public PermanentFailure(String message) {
        super(message);
    }

    /** Takes one sentence for people, and what led to it. */
    public PermanentFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
