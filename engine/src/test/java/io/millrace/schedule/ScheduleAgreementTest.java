package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds schedules to an implementation that goes minute by minute: around every change of the clocks in 50 years and 20 zones, and elsewhere. */
class ScheduleAgreementTest {
    private static final Instant FROM = Instant.parse("1990-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2041-01-01T00:00:00Z");
    private static final int DAYS_ELSEWHERE = 50;

    static List<String> zones() {
        return List.of(
                "UTC",
                "America/New_York",
                "America/Los_Angeles",
                "America/Sao_Paulo",
                "America/St_Johns",
                "America/Caracas",
                "America/Havana",
                "America/Scoresbysund",
                "Europe/London",
                "Europe/Berlin",
                "Europe/Dublin",
                "Europe/Moscow",
                "Africa/Casablanca",
                "Africa/Cairo",
                "Asia/Kathmandu",
                "Asia/Tehran",
                "Asia/Beirut",
                "Asia/Gaza",
                "Australia/Lord_Howe",
                "Pacific/Apia",
                "Pacific/Kiritimati",
                "Antarctica/Troll");
    }

    @ParameterizedTest
    @MethodSource("zones")
    void agreesAroundEveryChangeOfTheClocks(String zone) {
        Random random = new Random(zone.hashCode());
        ZoneId id = ZoneId.of(zone);
        ZoneOffsetTransition change = id.getRules().nextTransition(FROM);
        Instant settled = FROM;
        while (change != null && change.getInstant().isBefore(TO)) {
            Instant at = change.getInstant().truncatedTo(ChronoUnit.MINUTES);
            Instant from = at.minus(Duration.ofHours(30)).isAfter(settled) ? at.minus(Duration.ofHours(30)) : settled;
            settled = at.plus(Duration.ofHours(30));
            compare(id, from, settled, random);
            change = id.getRules().nextTransition(change.getInstant());
        }
    }

    @ParameterizedTest
    @MethodSource("zones")
    void agreesOnDaysElsewhere(String zone) {
        Random random = new Random(~zone.hashCode());
        ZoneId id = ZoneId.of(zone);
        for (int i = 0; i < DAYS_ELSEWHERE; i++) {
            long day = random.nextInt((int) Duration.between(FROM, TO).toDays());
            Instant from = FROM.plus(Duration.ofDays(day));
            ZoneOffsetTransition last = id.getRules().previousTransition(from);
            if (last == null || last.getInstant().isBefore(from.minus(Duration.ofDays(2)))) {
                compare(id, from, from.plus(Duration.ofHours(36)), random);
            }
        }
    }

    @Test
    void coversBothKindsOfChangesManyTimes() {
        long gaps = 0;
        long overlaps = 0;
        for (String zone : zones()) {
            ZoneOffsetTransition change = ZoneId.of(zone).getRules().nextTransition(FROM);
            while (change != null && change.getInstant().isBefore(TO)) {
                gaps += change.isGap() ? 1 : 0;
                overlaps += change.isOverlap() ? 1 : 0;
                change = ZoneId.of(zone).getRules().nextTransition(change.getInstant());
            }
        }
        assertThat(gaps).isGreaterThan(700);
        assertThat(overlaps).isGreaterThan(700);
    }

    private static void compare(ZoneId zone, Instant from, Instant to, Random random) {
        for (DstPolicy dst : DstPolicy.values()) {
            String cron = new RandomCron(random).frequent();
            Calendar calendar =
                    random.nextInt(3) > 0 ? Calendar.EVERY_DAY : calendar(LocalDate.ofInstant(from, zone), random);
            Schedule schedule =
                    Schedule.of(new CronCadence(parsed(cron), dst)).in(zone).on(calendar);
            List<Instant> ticks = schedule.ticks(from.minusSeconds(1))
                    .map(Tick::at)
                    .takeWhile(at -> at.isBefore(to))
                    .toList();
            List<Instant> expected = new MinuteByMinute(cron, zone, dst, day -> allows(calendar, day)).ticks(from, to);
            assertThat(ticks)
                    .as("%s in %s from %s, %s, %s", cron, zone, from, dst, calendar)
                    .isEqualTo(expected);
        }
    }

    private static Calendar calendar(LocalDate near, Random random) {
        Set<LocalDate> dates = new HashSet<>();
        Set<MonthDay> yearly = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            if (random.nextBoolean()) {
                dates.add(near.plusDays(i));
            } else if (random.nextInt(3) == 0) {
                yearly.add(MonthDay.from(near.plusDays(i)));
            }
        }
        return new Calendar(random.nextBoolean(), dates, yearly);
    }

    private static boolean allows(Calendar calendar, LocalDate day) {
        boolean weekend =
                List.of("SATURDAY", "SUNDAY").contains(day.getDayOfWeek().name());
        return !(calendar.weekdaysOnly() && weekend)
                && !calendar.dates().contains(day)
                && !calendar.yearly().contains(MonthDay.of(day.getMonth(), day.getDayOfMonth()));
    }

    private static Cron parsed(String text) {
        try {
            return Cron.parse(text);
        } catch (CronException e) {
            throw new AssertionError(text + ": " + e.getMessage(), e);
        }
    }
}
