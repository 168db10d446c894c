package io.millrace.coordinator.listen;

import io.millrace.event.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/** A record can lead to no run of a trigger, although it may have been meant to. The message is a sentence for people. */
final class RecordRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final DeadLetterReason reason;

    RecordRefusedException(DeadLetterReason reason, @Nullable String message) {
        super(message);
        this.reason = reason;
    }

    DeadLetterReason reason() {
        return reason;
    }
}
