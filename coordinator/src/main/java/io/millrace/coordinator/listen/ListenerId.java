package io.millrace.coordinator.listen;

import java.util.Comparator;

/** A trigger that listens to a topic: its pipeline, and its id there. */
record ListenerId(String pipeline, String trigger) implements Comparable<ListenerId> {
    private static final Comparator<ListenerId> ORDER =
            Comparator.comparing(ListenerId::pipeline).thenComparing(ListenerId::trigger);

    @Override
    public int compareTo(ListenerId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return pipeline + "/" + trigger;
    }
}
