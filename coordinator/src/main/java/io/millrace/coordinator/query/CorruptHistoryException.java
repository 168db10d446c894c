package io.millrace.coordinator.query;

/** The local database is damaged, or not one of ours; it is put aside and rebuilt from the topic. */
final class CorruptHistoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CorruptHistoryException(String message) {
        super(message);
    }

    CorruptHistoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
