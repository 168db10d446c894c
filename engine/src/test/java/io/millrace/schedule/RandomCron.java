package io.millrace.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws cron expressions in which all that there is to write comes up. */
final class RandomCron {
    private static final List<String> MONTHS =
            List.of("JAN", "feb", "Mar", "APR", "may", "Jun", "JUL", "aug", "Sep", "OCT", "nov", "Dec");
    private static final List<String> DAYS = List.of("SUN", "mon", "Tue", "WED", "thu", "Fri", "SAT");

    private final Random random;

    RandomCron(Random random) {
        this.random = random;
    }

    /** Anything. */
    String any() {
        String month = chance(3) ? field(1, 12, MONTHS, true) : "*";
        return field(0, 59, List.of(), false) + " " + field(0, 23, List.of(), false) + " " + dayOfMonth() + " " + month
                + " " + dayOfWeek();
    }

    /** One that happens on most days, and often in the hours in which clocks are changed. */
    String frequent() {
        String hour = chance(2) ? random.nextInt(4) + "-" + (4 + random.nextInt(20)) : field(0, 23, List.of(), false);
        String day = chance(6) ? dayOfMonth() + " * " + dayOfWeek() : chance(4) ? "* * " + dayOfWeek() : "* * *";
        return field(0, 59, List.of(), false) + " " + hour + " " + day;
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private String dayOfMonth() {
        if (chance(2)) {
            return "*";
        }
        List<String> terms = new ArrayList<>();
        do {
            terms.add(
                    switch (random.nextInt(6)) {
                        case 0 -> "L";
                        case 1 -> "L-" + random.nextInt(28);
                        case 2 -> "LW";
                        case 3 -> 1 + random.nextInt(28) + "W";
                        default -> term(1, 28, List.of(), false);
                    });
        } while (chance(3));
        return String.join(",", terms);
    }

    private String dayOfWeek() {
        if (chance(2)) {
            return "*";
        }
        List<String> terms = new ArrayList<>();
        do {
            terms.add(
                    switch (random.nextInt(5)) {
                        case 0 -> day() + "L";
                        case 1 -> day() + "#" + (1 + random.nextInt(4));
                        default -> term(0, 6, DAYS, true);
                    });
        } while (chance(3));
        return String.join(",", terms);
    }

    private String day() {
        return chance(2) ? DAYS.get(random.nextInt(7)) : "" + random.nextInt(8);
    }

    private String field(int least, int most, List<String> names, boolean circle) {
        List<String> terms = new ArrayList<>();
        do {
            terms.add(term(least, most, names, circle));
        } while (chance(3));
        return String.join(",", terms);
    }

    private String term(int least, int most, List<String> names, boolean circle) {
        int one = least + random.nextInt(most - least + 1);
        int other = least + random.nextInt(most - least + 1);
        int first = circle ? one : Math.min(one, other);
        int last = circle ? other : Math.max(one, other);
        String step = "/" + (1 + random.nextInt(most - least + 1));
        return switch (random.nextInt(6)) {
            case 0 -> "*";
            case 1 -> "*" + step;
            case 2 -> name(first, least, names) + "-" + name(last, least, names);
            case 3 -> name(first, least, names) + "-" + name(last, least, names) + step;
            case 4 -> least == 1 && most == 28 ? name(one, least, names) : name(one, least, names) + step;
            default -> name(one, least, names);
        };
    }

    private String name(int value, int least, List<String> names) {
        return names.isEmpty() || chance(2) ? "" + value : names.get(value - least);
    }
}
