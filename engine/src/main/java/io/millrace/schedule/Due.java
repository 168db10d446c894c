package io.millrace.schedule;

import java.time.Instant;
import java.util.List;

/**
 * What a schedule asks for by now.
 *
 * @param ticks the ticks to act on, in their order
 * @param until what is settled by that: all ticks up to this instant; whoever asks next asks for what comes after it
 */
public record Due(List<Instant> ticks, Instant until) {
    /** Copies the list. */
    public Due {
        ticks = List.copyOf(ticks);
    }
}
