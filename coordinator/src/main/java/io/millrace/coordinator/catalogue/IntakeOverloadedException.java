package io.millrace.coordinator.catalogue;

import java.time.Duration;

/** More is asked for than Kafka takes just now: nothing was accepted, and the caller may try again after a while. */
public final class IntakeOverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** Says in one sentence what is full, and how long to wait at least. */
    public IntakeOverloadedException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** How long to wait before trying again, at least. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
