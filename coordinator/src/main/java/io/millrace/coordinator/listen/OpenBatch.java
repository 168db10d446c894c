package io.millrace.coordinator.listen;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that are to start one run together. What is in it counts as unread until that run is asked for.
 *
 * <p><b>Threading:</b> owned by the thread of its topic's reader.
 */
final class OpenBatch {
    private final Arrived first;
    private final long openedAtNanos;
    private final List<Arrived> records = new ArrayList<>();
    private final List<@Nullable Object> events = new ArrayList<>();
    private long bytes;

    OpenBatch(Arrived first, long openedAtNanos) {
        this.first = first;
        this.openedAtNanos = openedAtNanos;
    }

    void add(Arrived record, @Nullable Object event, long size) {
        records.add(record);
        events.add(event);
        bytes += size;
    }

    /** The record that tells it from other batches. */
    Arrived first() {
        return first;
    }

    long openedAtNanos() {
        return openedAtNanos;
    }

    List<Arrived> records() {
        return records;
    }

    /** The values of its records, in their order. */
    List<@Nullable Object> events() {
        return Collections.unmodifiableList(events);
    }

    int size() {
        return records.size();
    }

    /** About how large its events are as JSON. */
    long bytes() {
        return bytes;
    }
}
