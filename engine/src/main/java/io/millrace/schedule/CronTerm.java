package io.millrace.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;

/** One of the terms of a field, which stand in it with commas between them. */
sealed interface CronTerm {
    /** What it looks like in an expression. */
    @Override
    String toString();

    /**
     * Every so many values of a range. Where the last is less than the first it leads over the end of the field.
     *
     * @param step from 1
     * @param star whether all values are meant, and it is written so; what is written otherwise restricts, even to all values
     */
    record Range(CronField field, int first, int last, int step, boolean star) implements CronTerm {
        /** The values, as bits. */
        long bits() {
            long bits = 0;
            int length = last >= first ? last - first : last - first + field.size();
            for (int i = 0; i <= length; i += step) {
                bits |= 1L << (field.least() + (first - field.least() + i) % field.size());
            }
            return bits;
        }

        @Override
        public String toString() {
            if (first == last) {
                return Integer.toString(first);
            }
            return (star ? "*" : first + "-" + last) + (step == 1 ? "" : "/" + step);
        }
    }

    /** A term that means another day in each month. */
    sealed interface InMonth extends CronTerm {
        /** The day of the month that it means in the month that begins with this day; 0 when there is none. */
        int dayIn(LocalDate first);
    }

    /**
     * A day counted from the begin or from the end of the month, or the weekday from Monday to Friday that is nearest to it within the
     * month.
     *
     * @param number the day from 1; or, counted from the end, how many days before the last
     */
    record Day(boolean fromEnd, int number, boolean nearestWeekday) implements InMonth {
        @Override
        public int dayIn(LocalDate first) {
            int length = first.lengthOfMonth();
            int day = fromEnd ? length - number : number;
            if (day < 1 || day > length) {
                return 0;
            }
            if (!nearestWeekday) {
                return day;
            }
            DayOfWeek weekday = first.withDayOfMonth(day).getDayOfWeek();
            if (weekday == DayOfWeek.SATURDAY) {
                return day > 1 ? day - 1 : day + 2;
            }
            if (weekday == DayOfWeek.SUNDAY) {
                return day < length ? day + 1 : day - 2;
            }
            return day;
        }

        @Override
        public String toString() {
            String day = fromEnd ? number == 0 ? "L" : "L-" + number : Integer.toString(number);
            return day + (nearestWeekday ? "W" : "");
        }
    }

    /**
     * One of the days of the month with this day of the week.
     *
     * @param weekday from 0, a Sunday
     * @param number from 1 to 5; 0 for the last
     */
    record Weekday(int weekday, int number) implements InMonth {
        @Override
        public int dayIn(LocalDate first) {
            int length = first.lengthOfMonth();
            int earliest = 1 + Math.floorMod(weekday - first.getDayOfWeek().getValue() % 7, 7);
            int day = number == 0 ? earliest + (length - earliest) / 7 * 7 : earliest + (number - 1) * 7;
            return day <= length ? day : 0;
        }

        @Override
        public String toString() {
            return weekday + (number == 0 ? "L" : "#" + number);
        }
    }
}
