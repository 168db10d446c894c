package io.millrace.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A tick at the origin and whenever this time has passed again, whatever the clocks do.
 *
 * @param every from {@link #SHORTEST} to {@link #LONGEST}
 */
public record Period(Duration every) implements Cadence {
    /** The shortest period. */
    public static final Duration SHORTEST = Duration.ofSeconds(1);

    /** The longest period. */
    public static final Duration LONGEST = Duration.ofDays(366);

    /** Checks the bounds. @throws IllegalArgumentException when it is shorter or longer */
    public Period {
        if (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("every " + every);
        }
    }

    @Override
    public Optional<Tick> next(Instant after, ZoneId zone, Calendar calendar, Instant origin) {
        Instant at = multipleAfter(after, origin);
        LocalDateTime local = LocalDateTime.ofInstant(at, zone);
        LocalDate last = Cadence.horizon(local.toLocalDate(), calendar);
        while (!calendar.allows(local.toLocalDate())) {
            Instant tomorrow =
                    local.toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
            at = multipleAfter(tomorrow.minusNanos(1), origin);
            local = LocalDateTime.ofInstant(at, zone);
            if (local.toLocalDate().isAfter(last)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Tick(at, local, false));
    }

    private Instant multipleAfter(Instant after, Instant origin) {
        if (after.isBefore(origin)) {
            return origin;
        }
        long passed = Duration.between(origin, after).dividedBy(every);
        return origin.plus(every.multipliedBy(passed + 1));
    }
}
