package io.millrace.coordinator.topology;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is due when; each thing once.
 *
 * <p><b>Threading:</b> owned by one thread.
 */
final class Agenda<K> {
    private final Map<K, Instant> times = new HashMap<>();
    private final TreeMap<Instant, Set<K>> due = new TreeMap<>();

    /** It is due at this moment, and at no other. */
    void put(K what, Instant at) {
        Instant before = times.put(what, at);
        if (at.equals(before)) {
            return;
        }
        if (before != null) {
            take(what, before);
        }
        due.computeIfAbsent(at, any -> new HashSet<>()).add(what);
    }

    /** It is not due any more. */
    void remove(K what) {
        Instant before = times.remove(what);
        if (before != null) {
            take(what, before);
        }
    }

    private void take(K what, Instant at) {
        Set<K> others = due.get(at);
        if (others != null && others.remove(what) && others.isEmpty()) {
            due.remove(at);
        }
    }

    /** What has been due for longest; it stays until it is put or removed. */
    Optional<K> due(Instant now) {
        Map.Entry<Instant, Set<K>> first = due.firstEntry();
        return first == null || first.getKey().isAfter(now)
                ? Optional.empty()
                : Optional.of(first.getValue().iterator().next());
    }
}
