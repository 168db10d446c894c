package io.millrace.cli.crontab;

import java.util.List;

/** The five fields of a line's time, in their order, with what cron allows in them. */
enum TimeField {
    MINUTE("minute", 0, 59, List.of()),
    HOUR("hour", 0, 23, List.of()),
    DAY_OF_MONTH("day of month", 1, 31, List.of()),
    MONTH("month", 1, 12, List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    /** Both 0 and 7 are Sunday. */
    DAY_OF_WEEK("day of week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

    private final String words;
    private final int least;
    private final int most;

    @SuppressWarnings("ImmutableEnumChecker") // A list of List.of.
    private final List<String> names;

    TimeField(String words, int least, int most, List<String> names) {
        this.words = words;
        this.least = least;
        this.most = most;
        this.names = names;
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

    /** How many different values it has; also the largest step that makes sense. */
    int size() {
        return this == DAY_OF_WEEK ? 7 : most - least + 1;
    }

    /** The value of a name in any case; -1 when there is none. */
    int numberOf(String lowerCase) {
        int index = names.indexOf(lowerCase);
        return index < 0 ? -1 : least + index;
    }

    /** What may be written as a value. */
    String rule() {
        String numbers = least + " to " + most;
        return names.isEmpty() ? numbers : numbers + " or " + names.get(0) + " to " + names.get(names.size() - 1);
    }
}
