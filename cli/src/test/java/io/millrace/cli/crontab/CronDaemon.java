package io.millrace.cli.crontab;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The daemon of Vixie's cron as far as it decides when a line is due, minute by minute, written from what the daemon does and from nothing of
 * ours: its fields are sets of numbers, and it has one clock that goes on and one that is on the wall.
 */
final class CronDaemon {
    private static final int[] LEAST = {0, 0, 1, 1, 0};
    private static final int[] MOST = {59, 23, 31, 12, 7};
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private final BitSet[] sets = new BitSet[5];
    private final boolean wildcard;
    private final boolean eitherDay;

    CronDaemon(String fields) {
        String[] all = fields.split("\\s+");
        for (int i = 0; i < 5; i++) {
            sets[i] = set(all[i].toLowerCase(Locale.ROOT), i);
        }
        if (sets[4].get(7)) {
            sets[4].set(0);
        }
        wildcard = all[0].charAt(0) == '*' || all[1].charAt(0) == '*';
        eitherDay = all[2].charAt(0) != '*' && all[4].charAt(0) != '*';
    }

    private static BitSet set(String field, int index) {
        BitSet set = new BitSet();
        for (String term : field.split(",")) {
            String[] parts = term.split("/");
            String[] ends =
                    parts[0].equals("*") ? new String[] {"" + LEAST[index], "" + MOST[index]} : parts[0].split("-");
            int last = number(ends[ends.length - 1], index);
            for (int i = number(ends[0], index); i <= last; i += parts.length > 1 ? Integer.parseInt(parts[1]) : 1) {
                set.set(i);
            }
        }
        return set;
    }

    private static int number(String word, int index) {
        if (Character.isDigit(word.charAt(0))) {
            return Integer.parseInt(word);
        }
        return index == 3 ? 1 + MONTHS.indexOf(word) : DAYS.indexOf(word);
    }

    /** The minutes in which it executes the line, from the first to before the last; one of them several times, if it does. */
    List<Instant> executions(ZoneId zone, Instant from, Instant to) {
        List<Instant> executions = new ArrayList<>();
        long virtual = wall(zone, from) - 1;
        for (Instant now = from; now.isBefore(to); now = now.plusSeconds(60)) {
            long wall = wall(zone, now);
            long ahead = wall - virtual;
            if (ahead <= 0) {
                add(executions, now, wildcard && isDue(wall));
                continue;
            }
            if (ahead > 5) {
                add(executions, now, wildcard && isDue(wall));
                while (virtual < wall) {
                    virtual++;
                    add(executions, now, !wildcard && isDue(virtual));
                }
            } else {
                virtual = wall;
                add(executions, now, isDue(wall));
            }
        }
        return executions;
    }

    private static void add(List<Instant> executions, Instant now, boolean isDue) {
        Optional.of(now).filter(any -> isDue).ifPresent(executions::add);
    }

    private static long wall(ZoneId zone, Instant at) {
        return Math.floorDiv(at.getEpochSecond() + zone.getRules().getOffset(at).getTotalSeconds(), 60);
    }

    private boolean isDue(long wallMinutes) {
        var time = Instant.ofEpochSecond(wallMinutes * 60).atOffset(ZoneOffset.UTC);
        boolean dayOfMonth = sets[2].get(time.getDayOfMonth());
        boolean dayOfWeek = sets[4].get(time.getDayOfWeek().getValue() % 7);
        return sets[0].get(time.getMinute())
                && sets[1].get(time.getHour())
                && sets[3].get(time.getMonthValue())
                && (eitherDay ? dayOfMonth || dayOfWeek : dayOfMonth && dayOfWeek);
    }
}
