package io.millrace.schedule;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A cron expression: the minutes of local time at which something is to happen. There is always a next one: an expression that fits no day
 * at all, such as {@code 0 0 30 2 *}, is refused when it is parsed. Two are equal when their fields say the same in the same order.
 *
 * <p>How its parts are read is written in docs/schedules.md. Of what systems disagree about: a day of month and a day of week that are both
 * restricted are alternatives, and a field that begins with {@code *} does not restrict in that sense, as in Vixie's cron; 0 and 7 are
 * Sunday; a range of months or days of the week may lead over the end of the year or the week.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class Cron {
    private final String fields;
    private final long minutes;
    private final long hours;
    private final long months;
    private final CronDays days;

    Cron(Map<CronField, List<CronTerm>> terms) {
        Map<CronField, List<CronTerm>> all = new EnumMap<>(terms);
        this.fields = all.values().stream()
                .map(field -> field.stream().map(CronTerm::toString).collect(Collectors.joining(",")))
                .collect(Collectors.joining(" "));
        this.minutes = bits(of(all, CronField.MINUTE));
        this.hours = bits(of(all, CronField.HOUR));
        this.months = bits(of(all, CronField.MONTH));
        List<CronTerm> ofMonth = of(all, CronField.DAY_OF_MONTH);
        List<CronTerm> ofWeek = of(all, CronField.DAY_OF_WEEK);
        this.days = new CronDays(ofMonth, ofWeek, isRestricted(ofMonth) && isRestricted(ofWeek));
    }

    /**
     * Reads an expression of five fields, or a word such as {@code @daily}.
     *
     * @throws CronException when it is none, or one that never comes true
     */
    public static Cron parse(String text) throws CronException {
        return new CronParser(text).parse();
    }

    /** Whether there is a day on which it happens; the calendar of the world repeats after 400 years. */
    boolean everHappens() {
        return new DaySearch(months, days, day -> true, LocalDate.of(2399, 12, 31))
                .from(LocalDate.of(2000, 1, 1))
                .isPresent();
    }

    private static List<CronTerm> of(Map<CronField, List<CronTerm>> terms, CronField field) {
        return Objects.requireNonNull(terms.get(field), field.words());
    }

    private static boolean isRestricted(List<CronTerm> terms) {
        return !(terms.get(0) instanceof CronTerm.Range range && range.star());
    }

    /** The values of all ranges among the terms. */
    static long bits(List<CronTerm> terms) {
        long bits = 0;
        for (CronTerm term : terms) {
            if (term instanceof CronTerm.Range range) {
                bits |= range.bits();
            } else if (term instanceof CronTerm.Day day && !day.fromEnd() && !day.nearestWeekday()) {
                bits |= 1L << day.number();
            }
        }
        return bits;
    }

    /** Whether it happens in the minute of this time. */
    public boolean matches(LocalDateTime time) {
        return (minutes >>> time.getMinute() & 1) == 1
                && (hours >>> time.getHour() & 1) == 1
                && (months >>> time.getMonthValue() & 1) == 1
                && (days.of(time.toLocalDate().withDayOfMonth(1)) >>> time.getDayOfMonth() & 1) == 1;
    }

    /** Whether it leaves out no hour of the days on which it happens. */
    public boolean isForEveryHour() {
        return hours == (1L << 24) - 1;
    }

    /** The first minute at or after this time at which it happens. Looks at no more than each month on the way. */
    public LocalDateTime next(LocalDateTime from) {
        // The calendar repeats after 400 years, and what never happens is no Cron.
        return next(from, day -> true, from.toLocalDate().plusYears(401)).orElseThrow();
    }

    /** The same on allowed days alone; empty when there is none until the last day. */
    Optional<LocalDateTime> next(LocalDateTime from, Predicate<LocalDate> allowed, LocalDate last) {
        LocalDateTime minute = from.truncatedTo(ChronoUnit.MINUTES);
        if (minute.isBefore(from)) {
            minute = minute.plusMinutes(1);
        }
        LocalDate day = minute.toLocalDate();
        DaySearch search = new DaySearch(months, days, allowed, last);
        Optional<LocalDate> found = search.from(day);
        if (found.isPresent() && found.get().equals(day)) {
            int time = timeFrom(minute.getHour(), minute.getMinute());
            if (time >= 0) {
                return Optional.of(day.atTime(time / 60, time % 60));
            }
            found = search.from(day.plusDays(1));
        }
        int first = timeFrom(0, 0);
        return found.map(next -> next.atTime(first / 60, first % 60));
    }

    /** The first minute of the day at or after a time; -1 when there is none left. */
    private int timeFrom(int hour, int minute) {
        long left = (hours >>> hour & 1) == 1 ? minutes >>> minute << minute : 0;
        if (left != 0) {
            return hour * 60 + Long.numberOfTrailingZeros(left);
        }
        long later = hours & (-1L << (hour + 1));
        return later == 0 ? -1 : Long.numberOfTrailingZeros(later) * 60 + Long.numberOfTrailingZeros(minutes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron cron && cron.fields.equals(fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** Five fields of numbers that mean the same. */
    @Override
    public String toString() {
        return fields;
    }
}
