package io.millrace.cli.crontab;

import io.millrace.schedule.Cron;
import io.millrace.schedule.DstPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a schedule has to say so that changes of clocks do to it what they do to a line of a crontab. The daemon lets jobs with {@code *} in
 * minute or hour go by the clock on the wall, and makes up for others that a change leaves out, once for each time that is left out.
 */
final class ClockPolicy {
    /** How far changes are looked at; the rules that are in force repeat themselves every year. */
    private static final Duration HORIZON = Duration.ofDays(10 * 366);

    /** A larger change is a clock that was set, to the daemon. */
    private static final Duration LARGEST = Duration.ofHours(3);

    /**
     * The schedule.
     *
     * @param expression its cron expression
     * @param remark where it differs from the daemon all the same
     * @param jitter less than this after each tick its run begins
     */
    record Timing(String expression, ZoneId zone, DstPolicy dst, Optional<String> remark, Duration jitter) {
        Timing(String expression, ZoneId zone, DstPolicy dst, Optional<String> remark) {
            this(expression, zone, dst, remark, Duration.ZERO);
        }

        Timing spreadOver(Duration most) {
            return new Timing(expression, zone, dst, remark, most);
        }
    }

    private final ZoneId zone;
    private final Instant now;
    private final List<ZoneOffsetTransition> changes;

    /** For a time zone, as its rules are from a moment on. */
    ClockPolicy(ZoneId zone, Instant now) {
        this.zone = zone;
        this.now = now;
        this.changes = changes(zone.getRules(), now);
    }

    private static List<ZoneOffsetTransition> changes(ZoneRules rules, Instant from) {
        List<ZoneOffsetTransition> changes = new ArrayList<>();
        ZoneOffsetTransition change = rules.nextTransition(from);
        while (change != null && change.getInstant().isBefore(from.plus(HORIZON))) {
            changes.add(change);
            change = rules.nextTransition(change.getInstant());
        }
        return changes;
    }

    /** The schedule of a line in this zone. */
    Timing of(CronTime time) {
        if (changes.isEmpty()) {
            return new Timing(time.expression(), zone, DstPolicy.ONCE, Optional.empty());
        }
        if (!time.wildcard()) {
            return new Timing(time.expression(), zone, DstPolicy.ONCE, fixedRemark(time.cron()));
        }
        Optional<String> anywhere = everyHour(time);
        return anywhere.isPresent()
                ? new Timing(anywhere.get(), ZoneOffset.UTC, DstPolicy.ONCE, Optional.empty())
                : new Timing(time.expression(), zone, DstPolicy.ALL, wildcardRemark(time.cron()));
    }

    /** An expression in UTC for a line of every hour of every day; empty when it is none, or when changes of the clocks shift its minutes. */
    private Optional<String> everyHour(CronTime time) {
        String expression = time.expression().equals("@hourly") ? "0 * * * *" : time.expression();
        ZoneOffset offset = zone.getRules().getOffset(now);
        SortedSet<Integer> minutes = minutes(time.cron(), offset);
        if (!expression.endsWith(" * * * *")
                || !changes.stream()
                        .allMatch(change -> minutes.equals(minutes(time.cron(), change.getOffsetAfter())))) {
            return Optional.empty();
        }
        boolean wholeHours = offset.getTotalSeconds() % Duration.ofHours(1).toSeconds() == 0;
        return Optional.of(
                wholeHours
                        ? expression
                        : minutes.stream().map(String::valueOf).collect(Collectors.joining(",")) + " * * * *");
    }

    /** The minutes of UTC in which a line of every hour is due at this offset. */
    private static SortedSet<Integer> minutes(Cron cron, ZoneOffset offset) {
        LocalDateTime hour = LocalDateTime.of(2026, 1, 1, 0, 0);
        return IntStream.range(0, 60)
                .filter(minute -> cron.matches(hour.plusMinutes(minute).plusSeconds(offset.getTotalSeconds())))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Optional<String> fixedRemark(Cron cron) {
        return gaps().filter(gap -> missed(cron, gap) + due(cron, gap.getDateTimeAfter()) > 1)
                .findFirst()
                .map(
                        gap ->
                                "when clocks leave an hour out, cron makes up for each time in it, and a schedule once for all");
    }

    private Optional<String> wildcardRemark(Cron cron) {
        return gaps().filter(gap -> missed(cron, gap) > 0 && due(cron, gap.getDateTimeAfter()) == 0)
                .findFirst()
                .map(
                        gap ->
                                "when clocks leave an hour out, a schedule makes up for what was in it once, and cron does not");
    }

    private Stream<ZoneOffsetTransition> gaps() {
        return changes.stream()
                .filter(change -> change.isGap() && change.getDuration().compareTo(LARGEST) <= 0);
    }

    /** How many times of a line a change leaves out. */
    private static long missed(Cron cron, ZoneOffsetTransition gap) {
        return IntStream.range(0, (int) gap.getDuration().toMinutes())
                .mapToObj(minute -> gap.getDateTimeBefore().plusMinutes(minute))
                .filter(cron::matches)
                .count();
    }

    private static long due(Cron cron, LocalDateTime time) {
        return cron.matches(time) ? 1 : 0;
    }
}
