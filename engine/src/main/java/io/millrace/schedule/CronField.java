package io.millrace.schedule;

import java.util.List;
import java.util.Locale;

/** The five fields of a cron expression, in their order. */
enum CronField {
    MINUTE("minute", 0, 59, List.of(), ""),
    HOUR("hour", 0, 23, List.of(), ""),
    DAY_OF_MONTH("day of month", 1, 31, List.of(), "; L, L-3, LW or 15W"),
    MONTH(
            "month",
            1,
            12,
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
            ""),
    /** Sunday is 0, and 7 as well. */
    DAY_OF_WEEK("day of week", 0, 6, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), "; FRIL or FRI#3");

    private final String words;
    private final int least;
    private final int most;

    @SuppressWarnings("ImmutableEnumChecker") // A list of List.of.
    private final List<String> names;

    private final String besides;

    CronField(String words, int least, int most, List<String> names, String besides) {
        this.words = words;
        this.least = least;
        this.most = most;
        this.names = names;
        this.besides = besides;
    }

    /** Its name, for people. */
    String words() {
        return words;
    }

    int least() {
        return least;
    }

    int most() {
        return most;
    }

    /** How many values it has. */
    int size() {
        return most - least + 1;
    }

    /** The names of its values from the least on; none when they have no names. */
    List<String> names() {
        return names;
    }

    /** Whether a range may lead over the end, as FRI-MON does: where the values are those of a circle with names. */
    boolean isCircle() {
        return !names.isEmpty();
    }

    /** The largest number that may be written. */
    int largestWritten() {
        return this == DAY_OF_WEEK ? 7 : most;
    }

    /** What may be written as a value. */
    String rule() {
        String numbers = "a number from " + least + " to " + largestWritten();
        String orNames =
                names.isEmpty() ? "" : " or a name from " + names.get(0) + " to " + names.get(names.size() - 1);
        return numbers + orNames + besides;
    }

    /** The value of a name in any case; -1 when there is none. */
    int numberOf(String name) {
        int index = names.indexOf(name.toUpperCase(Locale.ROOT));
        return index < 0 ? -1 : least + index;
    }
}
