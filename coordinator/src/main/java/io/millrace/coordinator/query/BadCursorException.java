package io.millrace.coordinator.query;

/** A cursor that this service did not give out, or gave out for another list. */
public final class BadCursorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    BadCursorException(String message) {
        super(message);
    }
}
