package io.millrace.schedule;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ticks of a schedule from one moment up to another. None of them is kept: each is found when it is asked for.
 *
 * @param from the first moment that may be a tick
 * @param to the first moment after the last that may be one
 */
public record TickRange(Schedule schedule, Instant from, Instant to) {
    /** All of them, in their order. */
    public Stream<Instant> ticks() {
        return ticksAfter(from.minusNanos(1));
    }

    /** Those strictly after a moment, which is not before the range. */
    public Stream<Instant> ticksAfter(Instant after) {
        return Stream.iterate(next(after), Optional::isPresent, tick -> tick.flatMap(this::next))
                .map(Optional::orElseThrow);
    }

    private Optional<Instant> next(Instant after) {
        return schedule.next(after).filter(tick -> tick.isBefore(to));
    }

    /** How many they are; counting ends at this number. */
    public long count(long most) {
        return ticks().limit(most).count();
    }
}
