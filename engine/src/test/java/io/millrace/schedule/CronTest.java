package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
    private static final int SEEDS = 5_000;
    private static final int DAYS_WALKED = 400;

    /** Cases that are known to be hard. Where a manual says what they mean, it is named. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # crontab(5): restricted in both fields, either is enough: the 1st, the 15th and every Friday
        30 4 1,15 * 5       | 2026-05-01T04:30, 2026-05-08T04:30, 2026-05-15T04:30, 2026-05-22T04:30, 2026-05-29T04:30, 2026-06-01T04:30
        # crontab(5) of cronie: a field that begins with a star is not restricted, so both must fit: Mondays on odd days
        0 0 */2 * 1         | 2026-05-11T00:00, 2026-05-25T00:00, 2026-06-01T00:00
        0 0 13 * */2        | 2026-06-13T00:00, 2026-08-13T00:00, 2026-09-13T00:00
        # the same days as a range restrict
        0 0 1-31 * 1        | 2026-05-01T00:00, 2026-05-02T00:00, 2026-05-03T00:00
        # crontab(5): ranges with steps
        0 0-23/11 * * *     | 2026-05-01T00:00, 2026-05-01T11:00, 2026-05-01T22:00, 2026-05-02T00:00
        # crontab(5): steps that do not divide the hour begin anew with it
        */25 * * * *        | 2026-05-01T00:00, 2026-05-01T00:25, 2026-05-01T00:50, 2026-05-01T01:00
        5/20 0 * * *        | 2026-05-01T00:05, 2026-05-01T00:25, 2026-05-01T00:45, 2026-05-02T00:05
        # crontab(5): 0 and 7 are Sunday
        0 0 * * 0           | 2026-05-03T00:00, 2026-05-10T00:00
        0 0 * * 7           | 2026-05-03T00:00, 2026-05-10T00:00
        0 0 * * 5-7         | 2026-05-01T00:00, 2026-05-02T00:00, 2026-05-03T00:00, 2026-05-08T00:00
        0 0 * * 0-7         | 2026-05-01T00:00, 2026-05-02T00:00, 2026-05-03T00:00, 2026-05-04T00:00
        0 0 * * 07-7        | 2026-05-03T00:00, 2026-05-10T00:00
        0 0 * * FRI-MON     | 2026-05-01T00:00, 2026-05-02T00:00, 2026-05-03T00:00, 2026-05-04T00:00, 2026-05-08T00:00
        0 0 * * FRI-MON/2   | 2026-05-01T00:00, 2026-05-03T00:00, 2026-05-08T00:00
        0 0 1 nov-Feb *     | 2026-11-01T00:00, 2026-12-01T00:00, 2027-01-01T00:00, 2027-02-01T00:00, 2027-11-01T00:00
        # leap years; 2100 is none
        0 0 29 2 *          | 2028-02-29T00:00, 2032-02-29T00:00
        0 0 29 FEB *        | 2028-02-29T00:00, 2032-02-29T00:00
        0 0 31 * *          | 2026-05-31T00:00, 2026-07-31T00:00, 2026-08-31T00:00
        # Quartz, CronTrigger tutorial: L, L-3, LW, 15W, 6L, 6#3 (there with 6 for Friday)
        0 0 L * *           | 2026-05-31T00:00, 2026-06-30T00:00
        0 0 L 2 *           | 2027-02-28T00:00, 2028-02-29T00:00
        0 0 L-3 * *         | 2026-05-28T00:00, 2026-06-27T00:00
        0 0 LW * *          | 2026-05-29T00:00, 2026-06-30T00:00
        0 0 15W * *         | 2026-05-15T00:00, 2026-06-15T00:00, 2026-07-15T00:00, 2026-08-14T00:00, 2026-09-15T00:00
        # Quartz: where the 1st is a Saturday, it is the 3rd, for it does not leave the month
        0 0 1W * *          | 2026-05-01T00:00, 2026-06-01T00:00, 2026-07-01T00:00, 2026-08-03T00:00
        # the 31st is a Sunday: the Friday before, for the Monday is in another month
        0 0 31W 5 *         | 2026-05-29T00:00, 2027-05-31T00:00
        0 0 L-2W * *        | 2026-05-29T00:00, 2026-06-29T00:00
        0 0 * * 5L          | 2026-05-29T00:00, 2026-06-26T00:00
        0 0 * * FRIL        | 2026-05-29T00:00, 2026-06-26T00:00
        0 0 * * 5#3         | 2026-05-15T00:00, 2026-06-19T00:00
        # Quartz: where there is no fifth one, nothing happens in that month
        0 0 * * fri#5       | 2026-05-29T00:00, 2026-07-31T00:00, 2026-10-30T00:00
        0 0 L,15 * *        | 2026-05-15T00:00, 2026-05-31T00:00
        # the Thanksgiving of the United States, and the day of elections there as near as cron gets
        0 12 * 11 THU#4     | 2026-11-26T12:00, 2027-11-25T12:00
        0 0 ? * MON         | 2026-05-04T00:00, 2026-05-11T00:00
        @yearly             | 2027-01-01T00:00
        @ANNUALLY           | 2027-01-01T00:00
        @monthly            | 2026-05-01T00:00, 2026-06-01T00:00
        @weekly             | 2026-05-03T00:00, 2026-05-10T00:00
        @daily              | 2026-05-01T00:00, 2026-05-02T00:00
        @midnight           | 2026-05-01T00:00, 2026-05-02T00:00
        @hourly             | 2026-05-01T00:00, 2026-05-01T01:00
        59 23 31 12 *       | 2026-12-31T23:59, 2027-12-31T23:59
        """)
    void knowsWhatIsHard(String cron, String times) throws CronException {
        List<LocalDateTime> expected =
                Arrays.stream(times.split(", ", -1)).map(LocalDateTime::parse).toList();
        assertThat(following(Cron.parse(cron), LocalDateTime.parse("2026-05-01T00:00"))
                        .limit(expected.size()))
                .isEqualTo(expected);
    }

    @Test
    void findsTheNextLeapDayOnAMondayWithoutWalkingThere() throws CronException {
        Cron cron = Cron.parse("0 0 * 2 1#5");
        assertThat(following(cron, LocalDateTime.parse("2026-05-01T00:00")).limit(3))
                .containsExactly(
                        LocalDateTime.parse("2044-02-29T00:00"),
                        LocalDateTime.parse("2072-02-29T00:00"),
                        LocalDateTime.parse("2112-02-29T00:00"));
    }

    @Test
    void takesAPartOfAMinuteForTheNextMinute() throws CronException {
        Cron cron = Cron.parse("* * * * *");
        assertThat(cron.next(LocalDateTime.parse("2026-12-31T23:59:00.000000001")))
                .isEqualTo(LocalDateTime.parse("2027-01-01T00:00"));
        assertThat(cron.next(LocalDateTime.parse("2026-12-31T23:59")))
                .isEqualTo(LocalDateTime.parse("2026-12-31T23:59"));
        assertThat(cron.matches(LocalDateTime.parse("2026-12-31T23:59:30"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            |0|the cron expression is empty||five fields: minute, hour, day of month, month and day of week
               |0|the cron expression is empty||five fields: minute, hour, day of month, month and day of week
            61 * * * *|0|"61" is no minute||a number from 0 to 59
            * 24 * * *|2|"24" is no hour||a number from 0 to 23
            * * 0 * *|4|"0" is no day of month||a number from 1 to 31; L, L-3, LW or 15W
            * * 32W * *|4|"32" is no day of month||a number from 1 to 31; L, L-3, LW or 15W
            * * * 13 *|6|"13" is no month||a number from 1 to 12 or a name from JAN to DEC
            * * * * 8|8|"8" is no day of week||a number from 0 to 7 or a name from SUN to SAT; FRIL or FRI#3
            * * * * monday|8|"monday" is no day of week|MON|a number from 0 to 7 or a name from SUN to SAT; FRIL or FRI#3
            * * * September *|6|"September" is no month|SEP|a number from 1 to 12 or a name from JAN to DEC
            * * * * MON-FRU|12|"FRU" is no day of week||a number from 0 to 7 or a name from SUN to SAT; FRIL or FRI#3
            MON * * * *|0|"MON" is no minute||a number from 0 to 59
            1,,2 * * * *|2|a minute is missing beside the comma||a number from 0 to 59
            1, * * * *|2|a minute is missing beside the comma||a number from 0 to 59
            ,1 * * * *|0|a minute is missing beside the comma||a number from 0 to 59
            0,30,61 * * * *|5|"61" is no minute||a number from 0 to 59
            -1 * * * *|0|"" is no minute||a number from 0 to 59
            1- * * * *|2|"" is no minute||a number from 0 to 59
            1-2-3 * * * *|2|"2-3" is no minute||a number from 0 to 59
            1.5 * * * *|0|"1.5" is no minute||a number from 0 to 59
            99999999999999999999 * * * *|0|"99999999999999999999" is no minute||a number from 0 to 59
            ١ * * * *|0|"١" is no minute||a number from 0 to 59
            *5 * * * *|0|"*5" is no minute||a number from 0 to 59
            */ * * * *|2|"" is no step for the minute||a number from 1 to 60
            */0 * * * *|2|"0" is no step for the minute||a number from 1 to 60
            */90 * * * *|2|"90" is no step for the minute||a number from 1 to 60
            */5/5 * * * *|2|"5/5" is no step for the minute||a number from 1 to 60
            * 22-4 * * *|2|the range 22-4 of the hour runs backwards||22-23,0-4, if it is meant to lead over the end
            0 0 L-31 * *|6|no month has a day 31 days before its last||0 to 30
            0 0 L/2 * *|4|"L" is no day of month||a number from 1 to 31; L, L-3, LW or 15W
            0 0 1-L * *|6|"L" is no day of month||a number from 1 to 31; L, L-3, LW or 15W
            0 0 W * *|4|"W" is no day of month||a number from 1 to 31; L, L-3, LW or 15W
            0 0 * * L|8|L says no day of week||a day before it, such as FRIL for the last Friday of the month or FRI#3 for the third
            0 0 * * #2|8|#2 says no day of week||a day before it, such as FRIL for the last Friday of the month or FRI#3 for the third
            0 0 * * FRI#6|12|no month has a day of week number "6"||a number from 1 to 5 after the #
            0 0 * * FRI#|12|no month has a day of week number ""||a number from 1 to 5 after the #
            H * * * *|0|"H" is no minute||a number from 0 to 59; what Jenkins spreads with H is spread by `jitter` here
            5 4 * *|7|the day of week is missing||five fields: minute, hour, day of month, month and day of week
            5|1|the hour is missing||five fields: minute, hour, day of month, month and day of week
            0 0 12 * * ?|11|the cron expression has 6 fields||five fields: minute, hour, day of month, month and day of week; neither seconds nor a year
            TZ=UTC 0 0 * * *|0|a time zone is no part of a cron expression||it as `timezone` beside it
            @every 5m|0|@every is no part of a cron expression||`every` in place of `cron`
            @dialy|0|there is no word @dialy||one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly
            @reboot|0|there is no word @reboot||one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly
            @daily 5|7|something follows @daily||nothing, for it is a whole expression
              0  0   99 * *|9|"99" is no day of month||a number from 1 to 31; L, L-3, LW or 15W
            """)
    void saysWhereAndWhatIsWrong(String line, int position, String message, String suggestion, String expected) {
        CronException fault = fault(line == null ? "" : line);
        assertThat(fault).hasMessage(message);
        assertThat(fault.position()).as("position").isEqualTo(position);
        assertThat(fault.expected()).isEqualTo(expected);
        assertThat(fault.suggestion().orElse(null)).isEqualTo(suggestion);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 30 2 *",
                "0 0 31 4,6,9,11 *",
                "0 0 30,31 FEB ?",
                "0 0 31W 2 *",
                "0 0 L-29 2 *",
                "0 0 31 2 */2"
            })
    void refusesWhatNeverHappens(String cron) {
        CronException fault = fault(cron);
        assertThat(fault).hasMessage("this never happens: there is no such day in any month that is named");
        assertThat(fault.position()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 29 2 */7", "0 0 */30 2 *", "0 0 30 2 MON", "0 0 L-28 2 *"})
    void takesWhatIsOnlyRare(String cron) {
        assertThat(fault(cron)).isNull();
    }

    @Test
    void looksAtNoMonthTwiceAndOnlyAtThoseThatAreNamed() {
        long february = 1L << 2;
        CronDays the30th = new CronDays(
                List.of(new CronTerm.Range(CronField.DAY_OF_MONTH, 30, 30, 1, false)),
                List.of(new CronTerm.Range(CronField.DAY_OF_WEEK, 0, 6, 1, true)),
                false);
        DaySearch search = new DaySearch(february, the30th, day -> true, LocalDate.of(2399, 12, 31));
        assertThat(search.from(LocalDate.of(2000, 1, 1))).isEmpty();
        assertThat(search.steps()).isEqualTo(401);
    }

    @Test
    void whatIsPrintedMeansTheSame() throws CronException {
        RandomCron random = new RandomCron(new Random(17));
        for (int i = 0; i < SEEDS; i++) {
            String text = random.any();
            if (fault(text) != null) {
                continue; // Drawn so that it never happens, which the next test looks at.
            }
            Cron cron = Cron.parse(text);
            Cron again = Cron.parse(cron.toString());
            assertThat(again).as(text).isEqualTo(cron).hasSameHashCodeAs(cron).hasToString(cron.toString());
            LocalDateTime from = LocalDateTime.of(2026, 1, 1, 0, 0).plusHours(i);
            assertThat(following(again, from).limit(5))
                    .as(text)
                    .isEqualTo(following(cron, from).limit(5).toList());
        }
    }

    @Test
    void theNextIsTheFirstThatASecondReadingFinds() throws CronException {
        Random random = new Random(23);
        RandomCron crons = new RandomCron(random);
        int refused = 0;
        for (int i = 0; i < SEEDS; i++) {
            String text = crons.any();
            NaiveCron naive = new NaiveCron(text);
            if (fault(text) != null) {
                refused++;
                assertThat(LocalDate.of(2000, 1, 1)
                                .datesUntil(LocalDate.of(2028, 1, 1))
                                .filter(naive::matches))
                        .as(text)
                        .isEmpty();
                continue;
            }
            Cron cron = Cron.parse(text);
            LocalDateTime from = LocalDateTime.of(1990, 1, 1, 0, 0).plusMinutes(random.nextInt(26_000_000));
            LocalDateTime next = cron.next(from);
            assertThat(next).as(text).isAfterOrEqualTo(from);
            assertThat(cron.matches(next)).as("%s: %s", text, next).isTrue();
            assertThat(naive.matches(next)).as("%s: %s", text, next).isTrue();
            assertThat(cron.next(next.plusMinutes(1))).isAfter(next);
            LocalDate day = from.toLocalDate();
            for (int j = 0; j < DAYS_WALKED && day.isBefore(next.toLocalDate()); j++, day = day.plusDays(1)) {
                LocalDateTime first = day.equals(from.toLocalDate()) ? from : day.atStartOfDay();
                assertThat(naive.matches(day) && anyMinute(naive, first))
                        .as("%s on %s", text, day)
                        .isFalse();
            }
        }
        assertThat(refused).as("those that never happen").isBetween(1, SEEDS / 50);
    }

    private static boolean anyMinute(NaiveCron naive, LocalDateTime from) {
        return Stream.iterate(from, time -> time.toLocalDate().equals(from.toLocalDate()), time -> time.plusMinutes(1))
                .anyMatch(naive::matches);
    }

    private static Stream<LocalDateTime> following(Cron cron, LocalDateTime from) {
        return Stream.iterate(cron.next(from), time -> cron.next(time.plusMinutes(1)));
    }

    private static CronException fault(String cron) {
        return catchThrowableOfType(CronException.class, () -> Cron.parse(cron));
    }
}
