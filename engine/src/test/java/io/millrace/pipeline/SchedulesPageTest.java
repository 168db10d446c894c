package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schedule.Cron;
import io.millrace.schedule.CronException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/schedules.md shows is read by the code that it describes. */
class SchedulesPageTest {
    private static final Path PAGE = Path.of("..", "docs", "schedules.md");
    private static final Path EXAMPLES = Path.of("..", "docs", "examples");

    @Test
    void itsPipelinesAndCalendarsAreGood() throws IOException {
        assertThat(found("(?ms)^```yaml\\n(.*?)^```\\n"))
                .isNotEmpty()
                .allSatisfy(
                        yaml -> assertThat(PipelineParser.parse("p.yaml", yaml).problems())
                                .isEmpty());
        assertThat(found("(?ms)^```yaml calendar\\n(.*?)^```\\n"))
                .isNotEmpty()
                .allSatisfy(yaml -> assertThat(CalendarFiles.isCalendar(yaml.getBytes(StandardCharsets.UTF_8)))
                        .isTrue());
    }

    @Test
    void itsWordsMeanWhatItSays() throws IOException, CronException {
        List<String> row = found("(?m)^\\| (`@yearly`.*) \\|$");
        assertThat(row).hasSize(1);
        String[] cells = row.get(0).split(" \\| ", -1);
        String[] meanings = cells[1].split(", ", -1);
        String before = "";
        for (int i = 0; i < meanings.length; i++) {
            String word = cells[0].split(" ", -1)[i].replace("`", "");
            String meaning = meanings[i].equals("the same") ? before : meanings[i].replace("`", "");
            assertThat(Cron.parse(word)).as(word).isEqualTo(Cron.parse(meaning));
            before = meaning;
        }
        assertThat(meanings).hasSize(7);
    }

    @Test
    void theExampleAndItsCalendarAreGood() throws IOException {
        Pipeline nightly = PipelineParser.parse("nightly.yaml", Files.readAllBytes(EXAMPLES.resolve("nightly.yaml")))
                .orElseThrow();
        byte[] holidays = Files.readAllBytes(EXAMPLES.resolve("holidays.yaml"));

        assertThat(nightly.files()).containsExactly("holidays.yaml");
        assertThat(CalendarFiles.problems(nightly, path -> Optional.of(holidays)))
                .isEmpty();
    }

    private static List<String> found(String pattern) throws IOException {
        try (Stream<MatchResult> results =
                Pattern.compile(pattern).matcher(Files.readString(PAGE)).results()) {
            return results.map(match -> match.group(1)).toList();
        }
    }
}
