package io.millrace.schedule;

import java.time.LocalDate;
import java.util.List;

/**
 * The days that a day of month and a day of week mean together: where both are restricted, either is enough; otherwise both must fit. A
 * field is unrestricted when it begins with {@code *} or {@code ?}, whatever follows, as in Vixie's cron.
 */
final class CronDays {
    private final long daysOfMonth;
    private final long daysOfWeek;
    private final List<CronTerm.InMonth> inMonth;
    private final List<CronTerm.InMonth> inWeek;
    private final boolean either;

    CronDays(List<CronTerm> ofMonth, List<CronTerm> ofWeek, boolean either) {
        this.daysOfMonth = Cron.bits(ofMonth);
        this.daysOfWeek = Cron.bits(ofWeek);
        this.inMonth = special(ofMonth);
        this.inWeek = special(ofWeek);
        this.either = either;
    }

    private static List<CronTerm.InMonth> special(List<CronTerm> terms) {
        return terms.stream()
                .filter(CronTerm.InMonth.class::isInstance)
                .map(CronTerm.InMonth.class::cast)
                .toList();
    }

    /** The days of the month that begins with this day, as bits from 1. */
    long of(LocalDate first) {
        int length = first.lengthOfMonth();
        long month = daysOfMonth;
        for (CronTerm.InMonth term : inMonth) {
            month |= 1L << term.dayIn(first);
        }
        long week = 0;
        int weekday = first.getDayOfWeek().getValue() % 7;
        for (int day = 1; day <= length; day++) {
            week |= (daysOfWeek >>> weekday & 1) << day;
            weekday = weekday == 6 ? 0 : weekday + 1;
        }
        for (CronTerm.InMonth term : inWeek) {
            week |= 1L << term.dayIn(first);
        }
        long all = (1L << (length + 1)) - 2;
        return (either ? month | week : month & week) & all;
    }
}
