package io.millrace.cli.crontab;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.ScheduleSource;
import io.millrace.schedule.Missed;
import io.millrace.schedule.Schedule;
import io.millrace.schedule.Tick;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pipelines of a crontab tick when cron executes its lines, also while clocks change. */
class CrontabTicksTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> WEEKDAYS = List.of("sun", "MON", "Tue", "wed", "thu", "fri", "sat");
    private static final List<String> MONTHS =
            List.of("jan", "FEB", "Mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "Asia/Kolkata",
                "America/Havana",
                "Pacific/Chatham",
                "America/St_Johns",
                "Africa/Casablanca",
                "+05:45"
            })
    void randomLinesTickAsCronDoes(String name) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ZoneId zone = ZoneId.of(name);
        int exact = 0;
        for (int i = 0; i < 60; i++) {
            String fields = randomFields(random);
            ImportedLine line = imported(fields, zone);
            if (line.text().contains("never happens")) {
                continue;
            }
            boolean same = line.remarks().isEmpty();
            Schedule schedule = schedule(line);
            CronDaemon daemon = new CronDaemon(fields);
            for (Instant from : beginnings(zone, random)) {
                Instant to = from.plus(Duration.ofDays(4));
                List<Instant> expected = new ArrayList<>(daemon.executions(zone, from, to));
                List<Instant> actual = ticks(schedule, from, to);
                if (!same) {
                    // It is said that the instant at which an hour has been left out is another matter.
                    expected.removeIf(at -> endsGap(zone, at));
                    actual.removeIf(at -> endsGap(zone, at));
                }
                assertThat(actual)
                        .as("%s in %s from %s, seed %d: %s", fields, zone, from, seed, line)
                        .isEqualTo(expected);
            }
            exact += same ? 1 : 0;
        }
        assertThat(exact)
                .as("lines that tick exactly as in cron; seed %d", seed)
                .isGreaterThan(30);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            30 2 * * *        | Europe/Berlin       | 30 2 * * *       | Europe/Berlin       | once
            17 * * * *        | Europe/Berlin       | 17 * * * *       | UTC                 | once
            */10 * * * *      | Europe/Berlin       | */10 * * * *     | UTC                 | once
            @hourly           | Europe/Berlin       | 0 * * * *        | UTC                 | once
            @daily            | Europe/Berlin       | @daily           | Europe/Berlin       | once
            17 * * * *        | Asia/Kolkata        | 17 * * * *       | Asia/Kolkata        | once
            17 * * * *        | America/St_Johns    | 47 * * * *       | UTC                 | once
            */30 * * * *      | Australia/Lord_Howe | */30 * * * *     | UTC                 | once
            17 * * * *        | Australia/Lord_Howe | 17 * * * *       | Australia/Lord_Howe | all
            */10 8-18 * * *   | Europe/Berlin       | */10 8-18 * * *  | Europe/Berlin       | all
            0 0 */99 * MON    | UTC                 | 0 0 */31 * MON   | UTC                 | once
            0 0 1-9/99 * 7    | UTC                 | 0 0 1 * 7        | UTC                 | once
            """)
    void keepsWhatIsWrittenWhereItCan(
            String fields, String zone, String expression, String zoneOfSchedule, String dst) {
        ImportedLine line = imported(fields, ZoneId.of(zone));
        String text = line.pipeline().orElseThrow().text();

        assertThat(text).contains("timezone: " + zoneOfSchedule + "\n");
        assertThat(line.pipeline().get().expression()).isEqualTo(expression);
        assertThat(text.contains("dst: all")).isEqualTo(dst.equals("all"));
        assertThat(schedule(line).missed()).isEqualTo(Missed.NONE);
    }

    @Test
    void saysWhereAChangeOfClocksDiffers() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        assertThat(imported("30 * * * 1-7", berlin).remarks())
                .singleElement()
                .asString()
                .contains("cron does not");
        assertThat(imported("0,30 2 * * *", berlin).remarks())
                .singleElement()
                .asString()
                .contains("makes up for each");
        assertThat(imported("30 2 * * *", berlin).remarks()).isEmpty();
        assertThat(imported("30 * * * *", berlin).remarks()).isEmpty();
        assertThat(imported("0 * * * 1-7", berlin).remarks()).isEmpty();
    }

    private static List<Instant> beginnings(ZoneId zone, Random random) {
        List<Instant> beginnings = new ArrayList<>();
        beginnings.add(NOW.plus(Duration.ofMinutes(random.nextInt(360 * 24 * 60))));
        ZoneOffsetTransition change = zone.getRules().nextTransition(NOW);
        while (change != null && change.getInstant().isBefore(NOW.plus(Duration.ofDays(400)))) {
            beginnings.add(change.getInstant().minus(Duration.ofDays(2)));
            change = zone.getRules().nextTransition(change.getInstant());
        }
        return beginnings;
    }

    private static boolean endsGap(ZoneId zone, Instant at) {
        ZoneOffsetTransition change = zone.getRules().nextTransition(at.minusNanos(1));
        return change != null && change.isGap() && change.getInstant().equals(at);
    }

    private static List<Instant> ticks(Schedule schedule, Instant from, Instant to) {
        List<Instant> ticks = new ArrayList<>();
        schedule.ticks(from.minusNanos(1)).map(Tick::at).takeWhile(to::isAfter).forEach(ticks::add);
        return ticks;
    }

    private static Schedule schedule(ImportedLine line) {
        byte[] text = line.pipeline().orElseThrow().text().getBytes(StandardCharsets.UTF_8);
        ScheduleSource source = (ScheduleSource) PipelineParser.parse("p.yaml", text)
                .orElseThrow()
                .triggers()
                .get(0)
                .source();
        return source.schedule(any -> new byte[0]);
    }

    private static ImportedLine imported(String fields, ZoneId zone) {
        CrontabImport.Reading reading = new CrontabImport.Reading("crontab", false, zone, NOW);
        return CrontabImport.of((fields + " x\n").getBytes(StandardCharsets.UTF_8), reading)
                .lines()
                .get(0);
    }

    private static String randomFields(Random random) {
        // Hours in which clocks change, and days of every month, come often enough.
        return field(random, 0, 59, 35, List.of()) + " " + field(random, 0, 23, 45, List.of()) + "\t"
                + field(random, 1, 31, 75, List.of()) + "  " + field(random, 1, 12, 80, MONTHS) + " "
                + field(random, 0, 7, 75, WEEKDAYS);
    }

    private static String field(Random random, int least, int most, int starPercent, List<String> names) {
        if (random.nextInt(100) < starPercent) {
            return "*";
        }
        List<String> terms = new ArrayList<>();
        do {
            terms.add(term(random, least, most, names));
        } while (random.nextInt(3) == 0);
        return String.join(",", terms);
    }

    private static String term(Random random, int least, int most, List<String> names) {
        int first = least + random.nextInt(most - least + 1);
        int last = first + random.nextInt(most - first + 1);
        int step = 1 + random.nextInt(random.nextBoolean() ? 5 : 100);
        return switch (random.nextInt(6)) {
            case 0 -> "*/" + step;
            case 1 -> value(random, first, least, names) + "-" + value(random, last, least, names);
            case 2 -> first + "-" + last + "/" + step;
            case 3 -> least == 0 && most == 23 ? "2" : value(random, first, least, names);
            default -> value(random, first, least, names);
        };
    }

    private static String value(Random random, int number, int least, List<String> names) {
        return random.nextBoolean() && number - least < names.size()
                ? names.get(number - least)
                : (random.nextInt(4) == 0 ? "0" : "") + number;
    }
}
