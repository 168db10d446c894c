package io.millrace.audit.reading;

import java.io.Serial;

/** The topics could not be read, so that nothing can be said of them; the message is one sentence for people. */
public final class AuditUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    AuditUnavailableException(String message) {
        super(message);
    }

    AuditUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
