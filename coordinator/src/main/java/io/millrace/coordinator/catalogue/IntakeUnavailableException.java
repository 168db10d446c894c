package io.millrace.coordinator.catalogue;

/**
 * Kafka did not acknowledge in time. Whether the command was accepted is not known: repeat it with the same
 * idempotency key.
 */
public final class IntakeUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says in one sentence what did not answer. */
    public IntakeUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
