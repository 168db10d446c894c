package io.millrace.coordinator.topology;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which stored records have to be looked at, and when: an index over their {@code wakeAt}. It is derived from the records
 * and stored nowhere, so that a timer can neither be lost nor outlive its reason.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class TimerIndex {
    private record Due(Instant at, StoreKey key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : key.toString().compareTo(other.key.toString());
        }
    }

    private final TreeSet<Due> byDue = new TreeSet<>();
    private final Map<StoreKey, Due> byKey = new HashMap<>();

    /** Notes when a record is due; null when it waits for nothing. */
    void set(StoreKey key, @Nullable Instant wakeAt) {
        Due before = byKey.get(key);
        if (before != null) {
            if (before.at.equals(wakeAt)) {
                return;
            }
            byDue.remove(before);
            byKey.remove(key);
        }
        if (wakeAt != null) {
            Due due = new Due(wakeAt, key);
            byDue.add(due);
            byKey.put(key, due);
        }
    }

    /** Takes the record that has been due for longest; whoever takes it sets it again if it is still to be woken. */
    Optional<StoreKey> takeDue(Instant now) {
        if (byDue.isEmpty() || byDue.first().at.isAfter(now)) {
            return Optional.empty();
        }
        StoreKey key = byDue.first().key;
        set(key, null);
        return Optional.of(key);
    }

    int size() {
        return byKey.size();
    }
}
