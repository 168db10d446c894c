package io.millrace.testkit;

import io.millrace.engine.Input;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** What is to happen on the virtual clock: the earliest first, and of several at one time the one that was noted first. */
final class Agenda {
    /**
     * Something that is to happen.
     *
     * @param attempt the attempt that it concerns; empty for timers and cancellations
     */
    record Entry(Instant at, long order, Input input, Optional<Attempt> attempt) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::order));
    private long noted;

    void note(Instant at, Input input) {
        entries.add(new Entry(at, noted++, input, Optional.empty()));
    }

    void note(Instant at, Input input, Attempt attempt) {
        entries.add(new Entry(at, noted++, input, Optional.of(attempt)));
    }

    /** Takes the next one; empty when nothing is to happen any more. */
    Optional<Entry> next() {
        return Optional.ofNullable(entries.poll());
    }
}
