package io.millrace.coordinator.reading;

/** A topic cannot be read just now; the same may be asked later. */
public final class StretchUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StretchUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
