package io.millrace.coordinator.fleet;

/** Kafka does not say how the queues are just now; the same may be asked later. */
public final class QueuesUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QueuesUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
