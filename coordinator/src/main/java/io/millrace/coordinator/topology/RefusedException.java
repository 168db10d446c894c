package io.millrace.coordinator.topology;

import io.millrace.event.DeadLetterReason;

/** A record that was read and is not accepted: the reason, in a word and in a sentence. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final DeadLetterReason reason;

    RefusedException(DeadLetterReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    DeadLetterReason reason() {
        return reason;
    }
}
