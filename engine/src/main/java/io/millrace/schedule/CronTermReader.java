package io.millrace.schedule;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one term of a field. */
final class CronTermReader {
    private static final Pattern DAY = Pattern.compile("(?:L(?:-(?<before>\\d{1,2}))?|(?<day>\\d{1,2}))(?<nearest>W)?");
    private static final Pattern WEEKDAY = Pattern.compile("(?<day>[^#]*?)(?:(?<last>L)|#(?<number>.*))");

    private final CronField field;
    private final String term;
    private final int position;

    /** Of a term that begins at this position of the expression. */
    CronTermReader(CronField field, String term, int position) {
        this.field = field;
        this.term = term;
        this.position = position;
    }

    CronTerm read() throws CronException {
        if (term.isEmpty()) {
            throw new CronException(position, "a " + field.words() + " is missing beside the comma", field.rule());
        }
        String folded = term.toUpperCase(Locale.ROOT);
        Matcher day = DAY.matcher(folded);
        if (field == CronField.DAY_OF_MONTH && !term.chars().allMatch(Character::isDigit) && day.matches()) {
            return day(day);
        }
        Matcher weekday = WEEKDAY.matcher(folded);
        if (field == CronField.DAY_OF_WEEK && weekday.matches()) {
            return weekday(weekday);
        }
        return range();
    }

    private CronTerm day(Matcher day) throws CronException {
        boolean nearest = day.group("nearest") != null;
        String number = day.group("day");
        if (number != null) {
            return new CronTerm.Day(false, value(number, 0), nearest);
        }
        String before = day.group("before");
        int days = before == null ? 0 : Integer.parseInt(before);
        if (days > 30) {
            throw new CronException(position + 2, "no month has a day " + days + " days before its last", "0 to 30");
        }
        return new CronTerm.Day(true, days, nearest);
    }

    private CronTerm weekday(Matcher weekday) throws CronException {
        String day = weekday.group("day");
        if (day.isEmpty()) {
            throw new CronException(
                    position,
                    term + " says no day of week",
                    "a day before it, such as FRIL for the last Friday of the month or FRI#3 for the third");
        }
        int value = value(day, 0);
        if (weekday.group("last") != null) {
            return new CronTerm.Weekday(value, 0);
        }
        String number = weekday.group("number");
        if (!number.matches("[1-5]")) {
            throw new CronException(
                    position + day.length() + 1,
                    "no month has a day of week number \"" + number + "\"",
                    "a number from 1 to 5 after the #");
        }
        return new CronTerm.Weekday(value, Integer.parseInt(number));
    }

    private CronTerm range() throws CronException {
        int slash = term.indexOf('/');
        String values = slash < 0 ? term : term.substring(0, slash);
        int step = slash < 0 ? 1 : step(term.substring(slash + 1), slash + 1);
        if (values.equals("*") || values.equals("?")) {
            return new CronTerm.Range(field, field.least(), field.most(), step, true);
        }
        int dash = values.indexOf('-');
        if (dash < 0) {
            int value = value(values, 0);
            return new CronTerm.Range(field, value, slash < 0 ? value : field.most(), step, false);
        }
        String from = values.substring(0, dash);
        String to = values.substring(dash + 1);
        int first = value(from, 0);
        int last = value(to, dash + 1);
        if (last < first && !field.isCircle()) {
            throw new CronException(
                    position,
                    "the range " + values + " of the " + field.words() + " runs backwards",
                    first + "-" + field.most() + "," + field.least() + "-" + last
                            + ", if it is meant to lead over the end");
        }
        // From one Sunday to the next: the whole week, where 7 is written for the second.
        boolean week = field == CronField.DAY_OF_WEEK && first == 0 && isSeven(to) && !isSeven(from);
        return new CronTerm.Range(field, first, week ? field.most() : last, step, false);
    }

    private static boolean isSeven(String word) {
        return word.matches("0*7");
    }

    private int step(String digits, int index) throws CronException {
        int step = digits.matches("\\d{1,4}") ? Integer.parseInt(digits) : 0;
        if (step < 1 || step > field.size()) {
            throw new CronException(
                    position + index,
                    "\"" + digits + "\" is no step for the " + field.words(),
                    "a number from 1 to " + field.size());
        }
        return step;
    }

    /** The value of a number or a name that begins at an index of the term. */
    private int value(String word, int index) throws CronException {
        if (word.matches("\\d{1,4}")) {
            int number = Integer.parseInt(word);
            if (number >= field.least() && number <= field.largestWritten()) {
                return number > field.most() ? field.least() : number;
            }
        }
        int named = field.numberOf(word);
        if (named < 0) {
            throw unknown(word, index);
        }
        return named;
    }

    private CronException unknown(String word, int index) {
        String expected = word.equals("H")
                ? field.rule() + "; what Jenkins spreads with H is spread by `jitter` here"
                : field.rule();
        CronException fault = new CronException(position + index, "\"" + word + "\" is no " + field.words(), expected);
        List<String> names = field.names();
        return names.stream()
                .filter(name -> word.toUpperCase(Locale.ROOT).startsWith(name))
                .findFirst()
                .map(fault::suggesting)
                .orElseGet(() -> fault.nearest(word, names));
    }
}
