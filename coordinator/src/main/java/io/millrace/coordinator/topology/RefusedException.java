package io.millrace.coordinator.topology;

import io.millrace.event.AlertSignal;
import io.millrace.event.DeadLetterReason;
import java.util.Optional;

/** What is asked for cannot be done; the record is put aside with this reason. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final DeadLetterReason reason;
    private final transient Optional<AlertSignal> told;

    RefusedException(DeadLetterReason reason, String message) {
        this(reason, message, Optional.empty());
    }

    private RefusedException(DeadLetterReason reason, String message, Optional<AlertSignal> told) {
        super(message);
        this.reason = reason;
        this.told = told;
    }

    DeadLetterReason reason() {
        return reason;
    }

    /** What an alert is told when the record is put aside. */
    Optional<AlertSignal> told() {
        return told;
    }

    /** The same, of which an alert is told. */
    RefusedException telling(Optional<AlertSignal> signal) {
        return new RefusedException(reason, String.valueOf(getMessage()), signal);
    }
}
