package io.millrace.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;

/**
 * A second reading of cron expressions, as simple as it can be made: it is asked of one value or day at a time whether the text fits, and
 * shares nothing with what it is held against. Only for expressions that are right.
 */
final class NaiveCron {
    private static final List<String> MONTHS =
            List.of("", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private final String[] fields;
    private final boolean[] minutes = new boolean[60];
    private final boolean[] hours = new boolean[24];

    NaiveCron(String text) {
        fields = text.toUpperCase(Locale.ROOT).split(" ", -1);
        for (int i = 0; i < 60; i++) {
            minutes[i] = fits(fields[0], i, 0, 59, List.of());
        }
        for (int i = 0; i < 24; i++) {
            hours[i] = fits(fields[1], i, 0, 23, List.of());
        }
    }

    boolean matches(LocalDateTime time) {
        return minutes[time.getMinute()] && hours[time.getHour()] && matches(time.toLocalDate());
    }

    boolean matches(LocalDate day) {
        if (!fits(fields[3], day.getMonthValue(), 1, 12, MONTHS)) {
            return false;
        }
        boolean ofMonth = false;
        for (String term : fields[2].split(",", -1)) {
            ofMonth |= fitsDayOfMonth(term, day);
        }
        boolean ofWeek = false;
        for (String term : fields[4].split(",", -1)) {
            ofWeek |= fitsDayOfWeek(term, day);
        }
        boolean free = fields[2].startsWith("*") || fields[4].startsWith("*");
        return free ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    private static boolean fitsDayOfMonth(String term, LocalDate day) {
        if (term.endsWith("W")) {
            String wanted = term.substring(0, term.length() - 1);
            LocalDate target = null;
            for (LocalDate each = day.withDayOfMonth(1); each.getMonth() == day.getMonth(); each = each.plusDays(1)) {
                target = fitsDayOfMonth(wanted, each) ? each : target;
            }
            if (target == null) {
                return false;
            }
            // The weekday of this month that is the nearest to it.
            LocalDate nearest = null;
            for (LocalDate each = day.withDayOfMonth(1); each.getMonth() == day.getMonth(); each = each.plusDays(1)) {
                boolean weekday = each.getDayOfWeek() != DayOfWeek.SATURDAY && each.getDayOfWeek() != DayOfWeek.SUNDAY;
                if (weekday && (nearest == null || distance(each, target) < distance(nearest, target))) {
                    nearest = each;
                }
            }
            return day.equals(nearest);
        }
        if (term.startsWith("L")) {
            int before = term.equals("L") ? 0 : Integer.parseInt(term.substring(2));
            return day.plusDays(before).equals(day.withDayOfMonth(day.lengthOfMonth()));
        }
        return fits(term, day.getDayOfMonth(), 1, 31, List.of());
    }

    private static long distance(LocalDate one, LocalDate other) {
        return Math.abs(one.toEpochDay() - other.toEpochDay());
    }

    private static boolean fitsDayOfWeek(String term, LocalDate day) {
        int weekday = day.getDayOfWeek().getValue() % 7;
        if (term.endsWith("L")) {
            boolean last = day.plusDays(7).getMonth() != day.getMonth();
            return last && number(term.substring(0, term.length() - 1), DAYS) % 7 == weekday;
        }
        if (term.contains("#")) {
            String[] parts = term.split("#", -1);
            int number = 1;
            for (LocalDate each = day.minusDays(7); each.getMonth() == day.getMonth(); each = each.minusDays(7)) {
                number++;
            }
            return number == Integer.parseInt(parts[1]) && number(parts[0], DAYS) % 7 == weekday;
        }
        return fits(term, weekday, 0, 6, DAYS) || (weekday == 0 && fits(term, 7, 0, 6, DAYS));
    }

    /** Walks through the values of each term, over the end of the field where it has to. */
    private static boolean fits(String field, int value, int least, int most, List<String> names) {
        for (String term : field.split(",", -1)) {
            String[] parts = term.split("/", -1);
            int step = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
            String[] ends = parts[0].equals("*") ? new String[] {"" + least, "" + most} : parts[0].split("-", -1);
            int first = number(ends[0], names);
            int last = ends.length > 1 ? number(ends[1], names) : parts.length > 1 ? most : first;
            int at = first;
            int passed = 0;
            while (true) {
                if (passed % step == 0 && at == value) {
                    return true;
                }
                if (at == last) {
                    break;
                }
                passed++;
                at = at >= most && last < first ? least : at + 1;
                if (at > most + 1) {
                    break;
                }
            }
        }
        return false;
    }

    private static int number(String word, List<String> names) {
        return names.contains(word) ? names.indexOf(word) : Integer.parseInt(word);
    }
}
