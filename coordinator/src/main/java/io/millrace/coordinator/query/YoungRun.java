package io.millrace.coordinator.query;

import java.util.ArrayList;
import java.util.List;

/** A run that has begun of late, and of which the database has nothing yet. Not thread-safe. */
final class YoungRun {
    private final String id;
    private final long sinceNanos;
    private final List<LoggedEvent> events = new ArrayList<>();
    private StoredRun stored;
    private int bytes;

    /**
     * A run with its first event.
     *
     * @param sinceNanos when it came, by {@link System#nanoTime}
     */
    YoungRun(LoggedEvent start, StoredRun stored, long sinceNanos) {
        this.id = start.outline().run();
        this.sinceNanos = sinceNanos;
        this.stored = stored;
        add(start);
    }

    void add(LoggedEvent event) {
        events.add(event);
        bytes += event.bytes().length;
    }

    String id() {
        return id;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /** All of its events so far, in their order. */
    List<LoggedEvent> events() {
        return events;
    }

    LoggedEvent first() {
        return events.get(0);
    }

    /** The number of its last event. */
    long sequence() {
        return events.get(events.size() - 1).outline().sequence();
    }

    /** How much memory its events hold. */
    int bytes() {
        return bytes;
    }

    StoredRun stored() {
        return stored;
    }

    void become(StoredRun changed) {
        stored = changed;
    }
}
