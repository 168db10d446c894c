package io.millrace.schedule;

import java.time.Instant;
import java.util.Optional;

/**
 * The time within which a schedule ticks.
 *
 * @param start the first instant at which it may tick; empty for no such limit
 * @param end the first instant at which it may no longer tick; empty for no such limit
 */
public record Window(Optional<Instant> start, Optional<Instant> end) {
    /** Without limits. */
    public static final Window ALWAYS = new Window(Optional.empty(), Optional.empty());

    /** Checks that something is left. @throws IllegalArgumentException when the end is not after the start */
    public Window {
        if (start.isPresent() && end.isPresent() && !end.get().isAfter(start.get())) {
            throw new IllegalArgumentException("the end " + end.get() + " is not after the start " + start.get());
        }
    }

    boolean isBeforeEnd(Instant instant) {
        return end.map(instant::isBefore).orElse(true);
    }
}
