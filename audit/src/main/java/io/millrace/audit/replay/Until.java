package io.millrace.audit.replay;

import io.millrace.audit.verify.Recorded;
import io.millrace.event.RunEvent;
import java.time.Instant;

/** Up to which event a run is replayed. */
@FunctionalInterface
public interface Until {
    /** All of them. */
    Until END = event -> true;

    /** Whether the event is still one of those. */
    boolean includes(Recorded<RunEvent> event);

    /** Those that the engine decided at this moment or before. */
    static Until moment(Instant moment) {
        return event -> !event.value().getAt().isAfter(moment);
    }

    /** Those up to this number. */
    static Until number(long sequence) {
        return event -> event.value().getSequence() <= sequence;
    }

    /** Those up to this offset of the run's partition of the log. */
    static Until offset(long offset) {
        return event -> event.position().offset() <= offset;
    }
}
