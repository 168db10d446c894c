package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

    /** The table of docs/schedules.md, and the zones that are known for what others do not do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # 2026-03-08, New York: 02:00 to 03:00 does not exist
        America/New_York | 30 2 * * *   | once | 2026-03-07T12:00:00Z | 2026-03-08T07:00:00Z, 2026-03-09T06:30:00Z
        America/New_York | 30 2 * * *   | all  | 2026-03-07T12:00:00Z | 2026-03-08T07:00:00Z, 2026-03-09T06:30:00Z
        # three times that fall together are one tick, also with the one that is there
        America/New_York | */20 2,3 8 3 * | once | 2026-03-07T12:00:00Z | 2026-03-08T07:00:00Z, 2026-03-08T07:20:00Z, 2026-03-08T07:40:00Z
        America/New_York | 0 * * * *    | once | 2026-03-08T05:30:00Z | 2026-03-08T06:00:00Z, 2026-03-08T07:00:00Z, 2026-03-08T08:00:00Z
        # 2026-11-01, New York: 01:00 to 02:00 comes twice
        America/New_York | 30 1 * * *   | once | 2026-11-01T00:00:00Z | 2026-11-01T05:30:00Z, 2026-11-02T06:30:00Z
        America/New_York | 30 1 * * *   | all  | 2026-11-01T00:00:00Z | 2026-11-01T05:30:00Z, 2026-11-01T06:30:00Z, 2026-11-02T06:30:00Z
        America/New_York | 0 * * * *    | once | 2026-11-01T04:30:00Z | 2026-11-01T05:00:00Z, 2026-11-01T07:00:00Z
        America/New_York | 0 * * * *    | all  | 2026-11-01T04:30:00Z | 2026-11-01T05:00:00Z, 2026-11-01T06:00:00Z, 2026-11-01T07:00:00Z
        # asked in the middle of the hour that comes again
        America/New_York | 15,45 1 * * * | once | 2026-11-01T06:20:00Z | 2026-11-02T06:15:00Z
        America/New_York | 15,45 1 * * * | all  | 2026-11-01T06:20:00Z | 2026-11-01T06:45:00Z, 2026-11-02T06:15:00Z
        # Samoa had no 2011-12-30
        Pacific/Apia     | 0 12 30 * *  | once | 2011-12-01T00:00:00Z | 2011-12-30T10:00:00Z, 2012-01-29T22:00:00Z
        Pacific/Apia     | 0 0 * * *    | once | 2011-12-29T00:00:00Z | 2011-12-29T10:00:00Z, 2011-12-30T10:00:00Z, 2011-12-31T10:00:00Z
        # Lord Howe puts its clocks on by half an hour
        Australia/Lord_Howe | 15 2 * * * | once | 2026-10-03T00:00:00Z | 2026-10-03T15:30:00Z, 2026-10-04T15:15:00Z
        Australia/Lord_Howe | 45 1 * * * | all | 2026-04-04T00:00:00Z | 2026-04-04T14:45:00Z, 2026-04-04T15:15:00Z, 2026-04-05T15:15:00Z
        # midnight does not exist
        America/Sao_Paulo | 0 0 * * *   | once | 2018-11-03T12:00:00Z | 2018-11-04T03:00:00Z, 2018-11-05T02:00:00Z
        Asia/Beirut      | 0 0 * * *    | once | 2026-03-28T12:00:00Z | 2026-03-28T22:00:00Z, 2026-03-29T21:00:00Z
        # midnight comes twice: Havana puts the clocks back at 01:00
        America/Havana   | 0 0 * * *    | once | 2026-10-31T12:00:00Z | 2026-11-01T04:00:00Z, 2026-11-02T05:00:00Z
        America/Havana   | 0 0 * * *    | all  | 2026-10-31T12:00:00Z | 2026-11-01T04:00:00Z, 2026-11-01T05:00:00Z, 2026-11-02T05:00:00Z
        # Morocco changes clocks twice within five weeks, around Ramadan
        Africa/Casablanca | 30 2 * * *  | once | 2026-02-14T12:00:00Z | 2026-02-15T01:30:00Z, 2026-02-16T02:30:00Z
        Africa/Casablanca | 30 2 * * *  | once | 2026-03-21T12:00:00Z | 2026-03-22T02:00:00Z, 2026-03-23T01:30:00Z
        # no change at all, and minutes in the offset
        Asia/Kathmandu   | 0 0 * * *    | once | 2026-05-01T00:00:00Z | 2026-05-01T18:15:00Z, 2026-05-02T18:15:00Z
        """)
    void keepsThePolicyWhenClocksChange(String zone, String cron, String dst, Instant after, String ticks)
            throws CronException {
        List<Instant> expected =
                Arrays.stream(ticks.split(", ", -1)).map(Instant::parse).toList();
        assertThat(cron(cron, DstPolicy.valueOf(dst.toUpperCase(Locale.ROOT)))
                        .in(ZoneId.of(zone))
                        .ticks(after)
                        .map(Tick::at)
                        .limit(expected.size()))
                .isEqualTo(expected);
    }

    @Test
    void saysWhatWasMeantByATickThatWasMoved() throws CronException {
        Schedule nightly = cron("30 2 * * *").in(ZoneId.of("America/New_York"));
        assertThat(nightly.ticks(Instant.parse("2026-03-07T12:00:00Z")).limit(2))
                .containsExactly(
                        new Tick(Instant.parse("2026-03-08T07:00:00Z"), LocalDateTime.parse("2026-03-08T02:30"), true),
                        new Tick(
                                Instant.parse("2026-03-09T06:30:00Z"), LocalDateTime.parse("2026-03-09T02:30"), false));
        Schedule often = cron("*/30 * * * *").in(ZoneId.of("America/New_York"));
        assertThat(often.nextTick(Instant.parse("2026-03-08T06:30:00Z")))
                .contains(new Tick(
                        Instant.parse("2026-03-08T07:00:00Z"), LocalDateTime.parse("2026-03-08T03:00"), false));
    }

    @Test
    void looksAtTheCalendarOnTheDayThatWasMeant() throws CronException {
        ZoneId apia = ZoneId.of("Pacific/Apia");
        Calendar lost = new Calendar(false, Set.of(LocalDate.parse("2011-12-30")), Set.of());
        assertThat(cron("0 12 * * *")
                        .in(apia)
                        .on(lost)
                        .ticks(Instant.parse("2011-12-29T00:00:00Z"))
                        .limit(2))
                .extracting(Tick::at)
                .containsExactly(Instant.parse("2011-12-29T22:00:00Z"), Instant.parse("2011-12-30T22:00:00Z"));
    }

    @Test
    void skipsDaysOfTheCalendar() throws CronException {
        Calendar calendar = new Calendar(
                true, Set.of(LocalDate.parse("2026-12-28")), Set.of(MonthDay.of(12, 25), MonthDay.of(2, 29)));
        assertThat(cron("0 6 * * *")
                        .on(calendar)
                        .ticks(Instant.parse("2026-12-24T00:00:00Z"))
                        .limit(3))
                .extracting(Tick::at)
                .containsExactly(
                        Instant.parse("2026-12-24T06:00:00Z"),
                        Instant.parse("2026-12-29T06:00:00Z"),
                        Instant.parse("2026-12-30T06:00:00Z"));
        assertThat(every("12h")
                        .in(ZoneId.of("Europe/Berlin"))
                        .on(calendar)
                        .ticks(Instant.parse("2026-12-24T13:00:00Z"))
                        .limit(2))
                .extracting(Tick::at)
                .containsExactly(Instant.parse("2026-12-29T00:00:00Z"), Instant.parse("2026-12-29T12:00:00Z"));
    }

    @Test
    void hasNoTickWhereTheCalendarLeavesNone() throws CronException {
        Calendar weekdays = new Calendar(true, Set.of(), Set.of());
        assertThat(cron("0 0 * * SAT,SUN").on(weekdays).next(MAY)).isEmpty();
        Calendar noChristmas = new Calendar(false, Set.of(), Set.of(MonthDay.of(12, 25)));
        assertThat(cron("0 0 25 12 *").on(noChristmas).next(MAY)).isEmpty();
        Schedule weekly = every("7d").within(from("2026-05-02T00:00:00Z")).on(weekdays);
        assertThat(weekly.next(MAY)).isEmpty();
        Set<MonthDay> all = LocalDate.of(2024, 1, 1)
                .datesUntil(LocalDate.of(2025, 1, 1))
                .map(MonthDay::from)
                .collect(Collectors.toSet());
        assertThat(every("1h").on(new Calendar(false, Set.of(), all)).next(MAY)).isEmpty();
    }

    @Test
    void findsWhatComesAfterManyDaysThatAreSkipped() throws CronException {
        Set<LocalDate> years = Set.copyOf(IntStream.range(2026, 2500)
                .mapToObj(year -> LocalDate.of(year, 7, 1))
                .toList());
        assertThat(cron("0 0 1 7 *").on(new Calendar(false, years, Set.of())).next(MAY))
                .contains(Instant.parse("2500-07-01T00:00:00Z"));
    }

    @Test
    void countsPeriodsFromTheStartOrFrom1970() {
        assertThat(every("15m").ticks(Instant.parse("2026-05-01T00:07:00Z")).limit(2))
                .extracting(Tick::at)
                .containsExactly(Instant.parse("2026-05-01T00:15:00Z"), Instant.parse("2026-05-01T00:30:00Z"));
        Schedule fromThree = every("7h").within(from("2026-05-01T03:00:00Z"));
        assertThat(fromThree.ticks(Instant.EPOCH).limit(3))
                .extracting(Tick::at)
                .containsExactly(
                        Instant.parse("2026-05-01T03:00:00Z"),
                        Instant.parse("2026-05-01T10:00:00Z"),
                        Instant.parse("2026-05-01T17:00:00Z"));
        // A day is 24 hours, whatever the clocks do.
        assertThat(every("24h")
                        .in(ZoneId.of("America/New_York"))
                        .ticks(Instant.parse("2026-03-07T12:00:00Z"))
                        .limit(2))
                .extracting(Tick::at)
                .containsExactly(Instant.parse("2026-03-08T00:00:00Z"), Instant.parse("2026-03-09T00:00:00Z"));
    }

    @Test
    void ticksFromTheStartOnAndNoMoreAtTheEnd() throws CronException {
        Schedule daily = cron("0 0 * * *")
                .within(new Window(
                        Optional.of(Instant.parse("2026-05-02T00:00:00Z")),
                        Optional.of(Instant.parse("2026-05-04T00:00:00Z"))));
        assertThat(daily.ticks(Instant.EPOCH))
                .extracting(Tick::at)
                .containsExactly(Instant.parse("2026-05-02T00:00:00Z"), Instant.parse("2026-05-03T00:00:00Z"));
        assertThatThrownBy(() -> new Window(Optional.of(MAY), Optional.of(MAY)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void staysWithinTheCenturiesThatItKnows() throws CronException {
        Schedule hourly = cron("@hourly");
        assertThat(hourly.next(Instant.MIN)).contains(Instant.EPOCH);
        assertThat(every("1h").next(Instant.MIN)).contains(Instant.EPOCH);
        assertThat(hourly.next(Instant.MAX)).isEmpty();
        Instant lastHour = Instant.parse("9999-12-31T23:00:00Z");
        assertThat(hourly.next(lastHour.minusSeconds(1))).contains(lastHour);
        assertThat(hourly.next(lastHour)).isEmpty();
        assertThat(every("1h").next(lastHour)).isEmpty();
        assertThat(cron("0 0 29 2 *").next(Instant.parse("9997-01-01T00:00:00Z")))
                .isEmpty();
        assertThat(hourly.last(Instant.MIN, Instant.MAX)).contains(lastHour);
    }

    @Test
    void findsTheLastTickOfATime() throws CronException {
        Schedule working = cron("*/10 9-17 * * MON-FRI").in(ZoneId.of("Europe/Berlin"));
        for (int hours = 1; hours < 400; hours += 7) {
            Instant now = MAY.plus(Duration.ofHours(hours)).plusSeconds(hours);
            List<Instant> all = working.ticks(MAY)
                    .map(Tick::at)
                    .takeWhile(at -> !at.isAfter(now))
                    .toList();
            assertThat(working.last(MAY, now))
                    .isEqualTo(all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1)));
        }
        assertThat(every("1s").last(Instant.EPOCH, MAY)).contains(MAY);
        assertThat(every("1s").last(MAY, MAY)).isEmpty();
    }

    @Test
    void putsTicksOffEvenlyAndAlwaysByTheSame() throws CronException {
        Schedule spread = cron("@hourly").spreadOver(Duration.ofMinutes(10));
        int[] minutes = new int[10];
        for (int i = 0; i < 10_000; i++) {
            Duration delay = spread.delay("pipeline/" + i % 100, MAY.plus(Duration.ofHours(i)));
            assertThat(delay).isBetween(Duration.ZERO, Duration.ofMinutes(10).minusMillis(1));
            minutes[(int) delay.toMinutes()]++;
        }
        assertThat(IntStream.of(minutes).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1150));
        // The first 64 bits of the SHA-256 of both, modulo 600,000: promised, for a coordinator of another version must
        // wait as long.
        assertThat(spread.delay("report/nightly", MAY)).hasMillis(21_125);
        assertThat(cron("@hourly").delay("report/nightly", MAY)).isZero();
        assertThatThrownBy(() -> spread.spreadOver(Duration.ofDays(2))).isInstanceOf(IllegalArgumentException.class);
    }

    private static Window from(String start) {
        return new Window(Optional.of(Instant.parse(start)), Optional.empty());
    }

    private static Schedule cron(String text) throws CronException {
        return cron(text, DstPolicy.ONCE);
    }

    private static Schedule cron(String text, DstPolicy dst) throws CronException {
        return Schedule.of(new CronCadence(Cron.parse(text), dst));
    }

    private static Schedule every(String period) {
        Duration every = Duration.parse(period.endsWith("d") ? "P" + period : "PT" + period);
        return Schedule.of(new Period(every));
    }
}
