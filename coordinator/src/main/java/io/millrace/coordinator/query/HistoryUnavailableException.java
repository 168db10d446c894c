package io.millrace.coordinator.query;

/** The history cannot answer just now, because it is being opened, rebuilt or closed; trying again later helps. */
public final class HistoryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HistoryUnavailableException(String message) {
        super(message);
    }

    HistoryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
