package io.millrace.schedule;

import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks for the next day of a cron expression: a month at a time, and only the months that it names. For one thread. */
final class DaySearch {
    private final long months;
    private final CronDays days;
    private final Predicate<LocalDate> allowed;
    private final LocalDate last;
    private int steps;

    DaySearch(long months, CronDays days, Predicate<LocalDate> allowed, LocalDate last) {
        this.months = months;
        this.days = days;
        this.allowed = allowed;
        this.last = last;
    }

    /** The first day at or after this one, and not after the last; empty when there is none. */
    Optional<LocalDate> from(LocalDate from) {
        LocalDate month = from.withDayOfMonth(1);
        long left = -1L << from.getDayOfMonth();
        while (!month.isAfter(last)) {
            steps++;
            long here = (months >>> month.getMonthValue() & 1) == 1 ? days.of(month) & left : 0;
            for (; here != 0; here &= here - 1) {
                LocalDate day = month.withDayOfMonth(Long.numberOfTrailingZeros(here));
                if (day.isAfter(last)) {
                    return Optional.empty();
                }
                if (allowed.test(day)) {
                    return Optional.of(day);
                }
            }
            left = -1L;
            long later = months & (-1L << (month.getMonthValue() + 1));
            month = later == 0
                    ? month.plusYears(1).withMonth(Long.numberOfTrailingZeros(months))
                    : month.withMonth(Long.numberOfTrailingZeros(later));
        }
        return Optional.empty();
    }

    /** How many months it has looked at. */
    int steps() {
        return steps;
    }
}
