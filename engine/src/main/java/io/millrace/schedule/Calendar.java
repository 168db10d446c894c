package io.millrace.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The days on which a schedule does not tick.
 *
 * @param weekdaysOnly whether Saturdays and Sundays are among them
 * @param dates single days
 * @param yearly days of every year; the 29th of February only in those that have one
 */
public record Calendar(boolean weekdaysOnly, Set<LocalDate> dates, Set<MonthDay> yearly) {
    /** On which every day counts. */
    public static final Calendar EVERY_DAY = new Calendar(false, Set.of(), Set.of());

    private static final int DAYS_OF_LEAP_YEAR = 366;

    /** Copies the sets. */
    public Calendar {
        dates = Set.copyOf(dates);
        yearly = Set.copyOf(yearly);
    }

    /** Whether a schedule may tick on this day. */
    public boolean allows(LocalDate day) {
        boolean weekend = weekdaysOnly && day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
        return !weekend && !dates.contains(day) && !yearly.contains(MonthDay.from(day));
    }

    /** The calendar that allows a day exactly if both do. */
    public Calendar and(Calendar other) {
        Set<LocalDate> allDates = new HashSet<>(dates);
        allDates.addAll(other.dates);
        Set<MonthDay> allYearly = new HashSet<>(yearly);
        allYearly.addAll(other.yearly);
        return new Calendar(weekdaysOnly || other.weekdaysOnly, allDates, allYearly);
    }

    /** Whether it allows every day. */
    public boolean isEveryDay() {
        return !weekdaysOnly && dates.isEmpty() && yearly.isEmpty();
    }

    /** Whether it leaves out every day of every year, so that there is nothing to look for. */
    boolean allowsNone() {
        return yearly.size() == DAYS_OF_LEAP_YEAR;
    }

    /** The last of the single days; from then on every year is treated alike. */
    Optional<LocalDate> lastDate() {
        return dates.stream().max(Comparator.naturalOrder());
    }
}
