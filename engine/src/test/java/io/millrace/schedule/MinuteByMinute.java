package io.millrace.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the ticks of an expression are by definition: goes through a time minute by minute, looks at the clock on the wall, and applies what
 * docs/schedules.md says of times that come twice or not at all.
 */
final class MinuteByMinute {
    private static final int MINUTE = 60;

    private final NaiveCron cron;
    private final ZoneRules rules;
    private final DstPolicy dst;
    private final Predicate<LocalDate> calendar;
    private final Map<LocalDate, Boolean> days = new HashMap<>();

    MinuteByMinute(String cron, ZoneId zone, DstPolicy dst, Predicate<LocalDate> calendar) {
        this.cron = new NaiveCron(cron);
        this.rules = zone.getRules();
        this.dst = dst;
        this.calendar = calendar;
    }

    /** The ticks from one whole minute on and before another. There must be no change of the clocks in the two days before. */
    List<Instant> ticks(Instant from, Instant to) {
        List<Instant> ticks = new ArrayList<>();
        LocalDateTime before = local(from.minusSeconds(MINUTE));
        LocalDateTime highest = before;
        for (Instant at = from; at.isBefore(to); at = at.plusSeconds(MINUTE)) {
            LocalDateTime now = local(at);
            boolean tick = isMeant(now) && (dst == DstPolicy.ALL || now.isAfter(highest));
            for (LocalDateTime left = before.plusMinutes(1); left.isBefore(now); left = left.plusMinutes(1)) {
                tick |= isMeant(left);
            }
            if (tick) {
                ticks.add(at);
            }
            highest = now.isAfter(highest) ? now : highest;
            before = now;
        }
        return ticks;
    }

    private boolean isMeant(LocalDateTime time) {
        return days.computeIfAbsent(time.toLocalDate(), day -> cron.matches(day) && calendar.test(day))
                && cron.matches(time);
    }

    private LocalDateTime local(Instant at) {
        return LocalDateTime.ofEpochSecond(at.getEpochSecond(), 0, rules.getOffset(at));
    }
}
