package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.RecordedTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code millrace schedule next}, and the calendars beside pipelines. */
class ScheduleVerbTest {
    private static final String EXAMPLE = "../docs/examples/nightly.yaml";
    private static final String WITH_CALENDAR =
            "id: p\ntriggers: [{id: t, schedule: {cron: 0 6 * * *, skip: days.yaml}}]\ntasks: [{id: a, shell: x}]\n";

    @TempDir
    private Path directory;

    private record Ended(int code, String out, String err) {}

    @Test
    void printsTheTicksOfAllTriggersInTheOrderOfTime() {
        Ended ended = execute("schedule", "next", EXAMPLE, "-n", "8", "--from", "2026-03-06T15:00:00Z");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).isEqualTo("""
                        TRIGGER   LOCAL                           UTC                   IN
                        workdays  Fri 2026-03-06 13:00:00 -05:00  2026-03-06 18:00:00Z  3h 00m
                        workdays  Fri 2026-03-06 17:00:00 -05:00  2026-03-06 22:00:00Z  7h 00m
                        nightly   Sat 2026-03-07 02:30:00 -05:00  2026-03-07 07:30:00Z  16h 30m
                        nightly   Sun 2026-03-08 03:00:00 -04:00  2026-03-08 07:00:00Z  1d 16h   -05:00 -> -04:00; for 2026-03-08 02:30, which clocks leave out
                        nightly   Mon 2026-03-09 02:30:00 -04:00  2026-03-09 06:30:00Z  2d 15h
                        workdays  Mon 2026-03-09 09:00:00 -04:00  2026-03-09 13:00:00Z  2d 22h   -05:00 -> -04:00
                        workdays  Mon 2026-03-09 13:00:00 -04:00  2026-03-09 17:00:00Z  3d 02h
                        workdays  Mon 2026-03-09 17:00:00 -04:00  2026-03-09 21:00:00Z  3d 06h
                        """);
        assertThat(ended.err()).isEqualTo("each run of nightly begins less than 5m after its tick (jitter)\n");
    }

    @Test
    void givesTheSameAsJson() {
        Ended ended = execute("schedule", "next", EXAMPLE, "-n", "3", "--from", "2026-03-07T00:00:00Z", "-o", "json");

        assertThat(ended.err()).isEmpty();
        assertThat(Json.parse(ended.out()))
                .isEqualTo(Json.parse("[{\"trigger\":\"nightly\",\"at\":\"2026-03-07T07:30:00Z\"},"
                        + "{\"trigger\":\"nightly\",\"at\":\"2026-03-08T07:00:00Z\"},"
                        + "{\"trigger\":\"nightly\",\"at\":\"2026-03-09T06:30:00Z\"}]"));
    }

    @Test
    void leavesOutTheDaysOfTheCalendar() {
        Ended ended = execute(
                "schedule",
                "next",
                EXAMPLE,
                "--trigger",
                "workdays",
                "-n",
                "4",
                "--from",
                "2026-11-25T15:00:00Z",
                "-o",
                "json");

        assertThat(moments(ended))
                .containsExactly(
                        "2026-11-25T18:00:00Z", "2026-11-25T22:00:00Z", "2026-11-27T14:00:00Z", "2026-11-27T18:00:00Z");
    }

    @Test
    void beginsAtTheVeryMomentAndNowWhenNoneIsSaid() throws IOException {
        String file =
                write("p.yaml", WITH_CALENDAR.replace(", skip: days.yaml", "")).toString();

        assertThat(moments(
                        execute("schedule", "next", file, "-n", "1", "--from", "2026-05-01T06:00:00Z", "-o", "json")))
                .containsExactly("2026-05-01T06:00:00Z");
        List<String> coming = moments(execute("schedule", "next", file, "-o", "json"));
        assertThat(coming).hasSize(10);
        assertThat(Instant.parse(coming.get(0))).isAfter(Instant.now().minusSeconds(3600));
    }

    @Test
    void saysSoWhenThereIsNoTickAnyMore() throws IOException {
        String file = write("p.yaml", WITH_CALENDAR.replace("skip: days.yaml", "end: 2026-01-01"))
                .toString();

        Ended ended = execute("schedule", "next", file, "--from", "2026-01-01T00:00:00Z");
        assertThat(ended.code()).isZero();
        assertThat(ended.err()).contains("no schedule of the pipeline ticks after 2026-01-01T00:00:00Z");
        assertThat(execute("schedule", "next", file, "--from", "2026-01-01T00:00:00Z", "-o", "json")
                        .out())
                .isEqualToIgnoringWhitespace("[]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ../docs/examples/hello.yaml                       | the pipeline hello has no triggers
            ../docs/examples/nightly.yaml --from soon         | --from: 'soon' is no moment: use now, -15m, -1h, -2d or 2026-03-07T00:00:00Z
            ../docs/examples/nightly.yaml --from 2026-02-30T00:00:00Z | --from: '2026-02-30T00:00:00Z' is no moment
            ../docs/examples/nightly.yaml --trigger workday   | the pipeline nightly has no trigger 'workday'; did you mean 'workdays'?
            ../docs/examples/nightly.yaml --trigger x         | the pipeline nightly has no trigger 'x'; it has nightly, workdays
            ../docs/examples/nightly.yaml -n 0                | --limit must be 1 to 100,000, not 0
            ../docs/examples/nightly.yaml -n 100001           | --limit must be 1 to 100,000, not 100001
            no/such/file.yaml                                 | no/such/file.yaml
            """)
    void saysWhatIsWrong(String line, String sentence) {
        List<String> arguments = new ArrayList<>(List.of("schedule", "next"));
        arguments.addAll(List.of(line.split(" ", -1)));
        Ended ended = execute(arguments.toArray(String[]::new));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains(sentence);
    }

    @Test
    void showsWhereAScheduleIsWrong() throws IOException {
        Path file = write("p.yaml", WITH_CALENDAR.replace("0 6", "0 66").replace(", skip: days.yaml", ""));

        assertThat(execute("schedule", "next", file.toString()).err())
                .contains("p.yaml:2:39: \"66\" is no hour; expected a number from 0 to 23")
                .contains("triggers: [{id: t");
        assertThat(execute("schedule", "next", file.toString()).code()).isEqualTo(2);
    }

    @Test
    void checksTheCalendarBesideThePipelineAndTakesItForNoPipeline() throws IOException {
        Path file = write("p.yaml", WITH_CALENDAR);
        assertThat(execute("validate", file.toString()).out())
                .contains("p.yaml:2:54: there is no file " + directory.resolve("days.yaml"));

        write("days.yaml", "- 12-25\n- 12-32\n");
        Ended bad = execute("validate", file.toString());
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.out())
                .contains(directory.resolve("days.yaml") + ":2:3: a day of the calendar is the string \"12-32\"")
                .as("the line of another file")
                .doesNotContain("triggers:");

        write("days.yaml", "- 12-25\n");
        Ended good = execute("validate", directory.toString());
        assertThat(good.code()).isZero();
        assertThat(good.out()).hasLineCount(1).contains("p.yaml");
    }

    private static List<String> moments(Ended ended) {
        assertThat(ended.code()).isZero();
        List<String> moments = new ArrayList<>();
        for (JsonNode tick : Json.parse(ended.out())) {
            moments.add(tick.path("at").asText());
        }
        return moments;
    }

    private Path write(String name, String source) throws IOException {
        return Files.writeString(directory.resolve(name), source);
    }

    private static Ended execute(String... arguments) {
        RecordedTerminal recorded = RecordedTerminal.pipe();
        int code = MillraceCommand.execute(arguments, recorded.terminal());
        return new Ended(code, recorded.out(), recorded.err());
    }
}
