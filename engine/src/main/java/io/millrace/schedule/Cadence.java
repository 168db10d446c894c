package io.millrace.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/** How the ticks of a schedule follow one another, before its window cuts them off. */
public sealed interface Cadence permits CronCadence, Period {
    /** The last day that any schedule ticks on. */
    LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);

    /**
     * The first tick after this instant on a day that the calendar allows; empty when there is none, as far as the calendar of the world
     * tells, which repeats after 400 years.
     *
     * @param after not before 1970
     * @param zone where local times and days are meant
     * @param origin from where periods are counted
     */
    Optional<Tick> next(Instant after, ZoneId zone, Calendar calendar, Instant origin);

    /** The day after which there is no use in looking for a tick. */
    static LocalDate horizon(LocalDate from, Calendar calendar) {
        LocalDate regular = calendar.lastDate().filter(from::isBefore).orElse(from);
        return regular.isBefore(LAST_DAY.minusYears(401)) ? regular.plusYears(401) : LAST_DAY;
    }
}
