package io.millrace.audit.verify;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Until when the engine is known to have decided about the runs of each partition of the audit log. */
final class ShardClock {
    private final Map<Integer, Instant> reached = new HashMap<>();

    void decided(Position event, Instant at) {
        reached.merge(event.partition(), at, (known, next) -> next.isAfter(known) ? next : known);
    }

    /** The latest time of an event in the partition of this one. */
    Instant reached(Position event) {
        return reached.getOrDefault(event.partition(), Instant.MIN);
    }
}
