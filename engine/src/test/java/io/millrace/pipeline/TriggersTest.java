package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.schedule.Calendar;
import io.millrace.schedule.Cron;
import io.millrace.schedule.CronCadence;
import io.millrace.schedule.CronException;
import io.millrace.schedule.DstPolicy;
import io.millrace.schedule.Missed;
import io.millrace.schedule.Period;
import io.millrace.schedule.Schedule;
import io.millrace.schedule.Window;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What triggers of a pipeline's file become; what is wrong with bad ones is in {@code bad-pipelines.txt}. */
class TriggersTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String TASKS = "tasks: [{id: a, shell: x}]\n";

    @Test
    void readsEverySetting() throws CronException {
        Pipeline pipeline = parsed("""
                triggers:
                  - id: nightly
                    schedule:
                      cron: 30 2 * * *
                      timezone: Europe/Berlin
                      dst: all
                      start: 2026-05-01
                      end: 2027-01-01T06:00:00Z
                      skip: [2026-12-24, 12-25, {date: 12-26, name: Boxing Day}, {from: 2026-12-30, to: 2026-12-31}]
                      weekdays_only: true
                      jitter: 5m
                      missed: all
                """);

        TriggerDefinition trigger = pipeline.triggers().get(0);
        assertThat(trigger.id()).isEqualTo(new TriggerId("nightly"));
        assertThat(trigger.source().kind()).isEqualTo("schedule");
        assertThat(schedule(trigger))
                .isEqualTo(new Schedule(
                        new CronCadence(Cron.parse("30 2 * * *"), DstPolicy.ALL),
                        BERLIN,
                        new Calendar(
                                true,
                                Set.of(
                                        LocalDate.parse("2026-12-24"),
                                        LocalDate.parse("2026-12-30"),
                                        LocalDate.parse("2026-12-31")),
                                Set.of(MonthDay.of(12, 25), MonthDay.of(12, 26))),
                        new Window(
                                Optional.of(Instant.parse("2026-04-30T22:00:00Z")),
                                Optional.of(Instant.parse("2027-01-01T06:00:00Z"))),
                        Duration.ofMinutes(5),
                        Missed.ALL));
    }

    @Test
    void fillsInWhatIsNotWritten() throws CronException {
        Pipeline pipeline = parsed("triggers: [{id: a, schedule: '@daily'}, {id: b, schedule: {every: 1h30m}}]\n");
        CronCadence daily = new CronCadence(Cron.parse("0 0 * * *"), DstPolicy.ONCE);
        ZoneId utc = ZoneId.of("UTC");
        assertThat(pipeline.triggers().stream().map(TriggersTest::schedule))
                .containsExactly(
                        Schedule.of(daily).in(utc),
                        Schedule.of(new Period(Duration.ofMinutes(90))).in(utc));
        assertThat(parsed("").triggers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29, 2026-03-28T23:00:00Z",
        "2026-05-01T12:00, 2026-05-01T10:00:00Z",
        "2026-05-01T12:00:00, 2026-05-01T10:00:00Z",
        "2026-05-01T12:00:00Z, 2026-05-01T12:00:00Z",
        "2026-05-01T12:00:00+05:30, 2026-05-01T06:30:00Z",
    })
    void readsMomentsInTheZoneOfTheSchedule(String written, Instant moment) {
        Pipeline pipeline = parsed(
                "triggers: [{id: a, schedule: {every: 1h, timezone: Europe/Berlin, start: '" + written + "'}}]\n");
        assertThat(schedule(pipeline.triggers().get(0)).window().start()).contains(moment);
    }

    @Test
    void tellsTheInputsOfARunWhatTheTickIs() throws EvaluationException {
        Pipeline pipeline = parsed("""
                inputs: {customer: string, at: string, day: {type: any, required: false}, limit: {type: integer, default: 3}}
                triggers:
                  - id: nightly
                    schedule: {cron: 30 2 * * *, timezone: America/New_York}
                    inputs: {customer: all, at: "${{ schedule.at }}", day: ["${{ schedule.local }}", "of ${{ schedule }}"]}
                """);
        Document inputs = pipeline.triggers()
                .get(0)
                .inputsAt(Instant.parse("2026-03-08T07:00:00Z"), ZoneId.of("America/New_York"));

        assertThat(inputs)
                .isEqualTo(
                        Document.of(
                                Map.of(
                                        "customer", "all",
                                        "at", "2026-03-08T07:00:00Z",
                                        "day",
                                                List.of(
                                                        "2026-03-08T03:00:00-04:00",
                                                        "of {\"at\":\"2026-03-08T07:00:00Z\",\"local\":\"2026-03-08T03:00:00-04:00\"}"))));
        assertThat(Inputs.resolve(pipeline, inputs).problems()).isEmpty();
    }

    @Test
    void calculatesInputsFromTheTick() throws EvaluationException {
        Pipeline pipeline = parsed("""
                inputs: {day: string}
                triggers:
                  - {id: a, schedule: "@daily", inputs: {day: "${{ schedule.local.substring(0, 10) + '!' }}"}}
                """);
        assertThat(pipeline.triggers().get(0).inputsAt(Instant.parse("2026-03-08T00:00:00Z"), ZoneId.of("UTC")))
                .isEqualTo(Document.of(Map.of("day", "2026-03-08!")));
    }

    @Test
    void takesDaysFromAFileThatBelongsToThePipeline() {
        Pipeline pipeline = parsed("triggers: [{id: a, schedule: {cron: '0 6 * * *', skip: calendars/de.yaml,"
                + " weekdays_only: true}}]\n");
        byte[] file = bytes("""
                # Bank holidays
                - {date: 12-25, name: Christmas}
                - 2026-12-28
                """);

        assertThat(pipeline.files()).containsExactly("calendars/de.yaml");
        assertThat(CalendarFiles.problems(pipeline, path -> Optional.of(file))).isEmpty();
        ScheduleSource source = (ScheduleSource) pipeline.triggers().get(0).source();
        assertThat(source.schedule(path -> path.equals("calendars/de.yaml") ? file : new byte[0])
                        .ticks(Instant.parse("2026-12-24T12:00:00Z"))
                        .limit(2))
                .extracting(tick -> tick.at().toString())
                .containsExactly("2026-12-29T06:00:00Z", "2026-12-30T06:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                     | de.yaml:1:1: the file is empty; expected a list of days such as 2026-12-24, or 12-25 for every year
            '{date: 12-25}'        | de.yaml:1:1: the calendar is an object; expected a list of days such as 2026-12-24, or 12-25 for every year
            '- 2026-02-29'         | de.yaml:1:3: a day of the calendar is the string "2026-02-29"; expected a date such as 2026-12-24, a day of every year such as 12-25, or an object with `date`, or with `from` and `to`
            '- {dat: 12-25}'       | de.yaml:1:3: a day of the calendar has no `from`; expected `date`, or `from` and `to`
            '- @christmas'         | de.yaml:1:3: not YAML: a character that cannot begin a value; put it in quotes
            '- 12-24'              | de.yaml:1:1: the trigger a has no tick on a day that is not in this calendar
            """)
    void locatesWhatIsWrongInThatFile(String content, String first) {
        Pipeline pipeline = parsed("triggers: [{id: a, schedule: {cron: 0 0 24 12 *, skip: de.yaml}}]\n");
        byte[] file = bytes(content);
        assertThat(CalendarFiles.problems(pipeline, path -> Optional.of(file)).get(0))
                .hasToString(first);
        assertThat(CalendarFiles.isCalendar(file)).isEqualTo(content.equals("- 12-24"));
        if (!CalendarFiles.isCalendar(file)) {
            ScheduleSource source = (ScheduleSource) pipeline.triggers().get(0).source();
            assertThatThrownBy(() -> source.schedule(path -> file)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void readsWebhooks() {
        Pipeline pipeline = parsed("""
                triggers:
                  - id: push
                    webhook: {from: github, secret: hook}
                    filter: event.ref == "refs/heads/main"
                  - id: paid
                    webhook: {from: stripe, secret: [new_hook, hook], tolerance: 30s, delivery: event.data.id}
                  - {id: open, webhook: {from: generic, unsigned: true}}
                """);

        TriggerDefinition push = pipeline.triggers().get(0);
        assertThat(push.filter()).hasToString("Optional[event.ref == \"refs/heads/main\"]");
        assertThat(push.source())
                .isEqualTo(new WebhookSource(
                        WebhookSender.GITHUB, List.of("hook"), Duration.ofMinutes(5), Optional.empty()));
        WebhookSource paid = (WebhookSource) pipeline.triggers().get(1).source();
        assertThat(paid.kind()).isEqualTo("webhook");
        assertThat(paid.secrets()).containsExactly("new_hook", "hook");
        assertThat(paid.tolerance()).isEqualTo(Duration.ofSeconds(30));
        assertThat(paid.delivery()).hasToString("Optional[event.data.id]");
        assertThat(((WebhookSource) pipeline.triggers().get(2).source()).isSigned())
                .isFalse();
    }

    @Test
    void filtersAndMapsEvents() throws EvaluationException {
        Pipeline pipeline = parsed("""
                inputs: {branch: string, commits: {type: integer, default: 0}, why: {type: string, default: ''}}
                triggers:
                  - id: push
                    webhook: {from: github, secret: hook}
                    filter: request.headers["x-github-event"] == "push" && event.ref.startsWith("refs/heads/")
                    inputs:
                      branch: ${{ event.ref.substring(11) }}
                      commits: ${{ size(event.commits) }}
                      why: ${{ request.query.why }}
                """);
        TriggerDefinition push = pipeline.triggers().get(0);

        assertThat(push.accepts(request("{\"ref\": \"refs/tags/v1\"}", "push"))).isFalse();
        TriggerScope main = request("{\"ref\": \"refs/heads/main\", \"commits\": [1, 2]}", "push");
        assertThat(push.accepts(main)).isTrue();
        assertThat(push.inputsOf(main))
                .isEqualTo(Document.of(Map.of("branch", "main", "commits", 2L, "why", "because")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                        | there is no member `ref`
            []                        | the member `ref` is asked of a value that is no object
            null                      | the member `ref` is asked of a value that is no object
            {"ref": null}             | `startsWith` cannot be applied to the values it is given
            {"ref": {"a": 1}}         | `startsWith` cannot be applied to the values it is given
            """)
    void neverTakesAMissingMemberForFalse(String body, String reason) {
        TriggerDefinition trigger = parsed("""
                triggers:
                  - id: push
                    webhook: {from: github, secret: hook}
                    filter: event.ref.startsWith("refs/heads/")
                """).triggers().get(0);
        assertThatThrownBy(() -> trigger.accepts(request(body, "push")))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("at 5:")
                .hasMessageEndingWith(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"id": "abc"}  | abc
            {"id": 17}     | 17
            {"id": ""}     | `event.id` at 4:51: a key has 1 to 255 characters, and this one has 0
            {"id": null}   | `event.id` at 4:51: a key must be a string or an integer, and this is null
            {"id": 1.5}    | `event.id` at 4:51: a key must be a string or an integer, and this is the number 1.5
            {"id": [1]}    | `event.id` at 4:51: a key must be a string or an integer, and this is a list
            {}             | the expression `event.id` at 4:57 could not be evaluated: `event` has no member `id`
            """)
    void tellsEventsApart(String body, String key) {
        TriggerDefinition trigger = parsed("""
                triggers:
                  - id: a
                    webhook: {from: generic, secret: s, delivery: event.id}
                """).triggers().get(0);
        EventKey delivery = ((WebhookSource) trigger.source()).delivery().orElseThrow();
        String found;
        try {
            found = delivery.of(request(body, "push"));
        } catch (EvaluationException e) {
            found = e.getMessage();
        }
        assertThat(found).isEqualTo(key);
    }

    @Test
    void seesRecordsOfTopics() throws EvaluationException {
        Pipeline pipeline = parsed("""
                inputs: {at: string, order: any}
                triggers:
                  - id: big
                    kafka: {topic: orders}
                    filter: record.partition == 3 && event > 1.5
                    inputs: {at: "${{ record.topic }}/${{ record.offset }}", order: "${{ event }}"}
                """);
        TriggerDefinition trigger = pipeline.triggers().get(0);
        assertThat(trigger.source())
                .isEqualTo(new KafkaSource(
                        "orders", EventFormat.JSON, KafkaSource.Beginning.LATEST, Optional.empty(), Optional.empty()));
        TriggerScope scope = TriggerScope.ofRecord(
                Document.parseValue("2"), () -> Map.of("topic", "orders", "partition", 3L, "offset", 17L));
        assertThat(trigger.accepts(scope)).isTrue();
        assertThat(trigger.inputsOf(scope)).isEqualTo(Document.of(Map.of("at", "orders/17", "order", 2L)));
    }

    @Test
    void readsEverySettingOfATopic() throws EvaluationException {
        Pipeline pipeline = parsed("""
                inputs: {orders: list, count: integer}
                triggers:
                  - id: each
                    kafka: {topic: orders.v1, format: avro, from: earliest, key: event.id}
                    inputs: {orders: ["${{ event }}"], count: 1}
                  - id: many
                    kafka: {topic: _orders-v2, format: raw, from: 2026-03-01T06:00:00+02:00, batch: {max: 500, within: 10s}}
                    filter: event != "" && record.key != null
                    inputs: {orders: "${{ events }}", count: "${{ size(events) }}"}
                """);
        KafkaSource each = (KafkaSource) pipeline.triggers().get(0).source();
        assertThat(each.topic()).isEqualTo("orders.v1");
        assertThat(each.format()).isEqualTo(EventFormat.AVRO);
        assertThat(each.from()).isEqualTo(KafkaSource.Beginning.EARLIEST);
        assertThat(each.key().orElseThrow().of(TriggerScope.ofRecord(Document.parseValue("{\"id\": 17}"), Map::of)))
                .isEqualTo("17");
        assertThat(pipeline.triggers().get(1).source())
                .isEqualTo(new KafkaSource(
                        "_orders-v2",
                        EventFormat.RAW,
                        KafkaSource.Beginning.at(Instant.parse("2026-03-01T04:00:00Z")),
                        Optional.empty(),
                        Optional.of(new KafkaSource.Batch(500, Duration.ofSeconds(10)))));
        assertThat(pipeline.triggers().get(1).inputsOf(TriggerScope.ofBatch(List.of("a", "b"))))
                .isEqualTo(Document.of(Map.of("orders", List.of("a", "b"), "count", 2L)));
    }

    @Test
    void looksAtWhatARecordIsOnlyWhereAnExpressionAsks() throws EvaluationException {
        TriggerDefinition trigger = parsed("triggers: [{id: a, kafka: {topic: t}, filter: event == null}]\n")
                .triggers()
                .get(0);
        assertThat(trigger.accepts(TriggerScope.ofRecord(null, () -> {
                    throw new AssertionError("nobody asked");
                })))
                .isTrue();
    }

    private static TriggerScope request(String body, String kind) {
        return TriggerScope.ofRequest(
                Document.parseValue(body), Map.of("x-github-event", kind), Map.of("why", "because"));
    }

    @Test
    void readsEverySettingOfADirectory() throws EvaluationException {
        Pipeline pipeline = parsed("""
                inputs: {path: string, megabytes: number}
                triggers:
                  - id: all
                    files: {directory: /data/in/}
                    filter: event.size > 0
                    inputs: {path: "${{ event.path }}", megabytes: "${{ event.size / 1e6 }}"}
                  - id: some
                    files:
                      directory: /data
                      pattern: "**/{a,b}?.csv"
                      queue: gpu
                      every: 1m
                      settled: 0s
                      from: new
                      key: event.name
                    inputs: {path: "${{ event.relative }}", megabytes: 1}
                """);
        TriggerDefinition all = pipeline.triggers().get(0);
        assertThat(all.source())
                .isEqualTo(new FilesSource(
                        "/data/in",
                        "*",
                        "default",
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        FilesSource.Beginning.EXISTING,
                        Optional.empty()));
        TriggerScope file = TriggerScope.ofFile(
                Map.of("path", "/data/in/a.csv", "name", "a.csv", "relative", "a.csv", "size", 2_500_000L));
        assertThat(all.accepts(file)).isTrue();
        assertThat(all.inputsOf(file)).isEqualTo(Document.of(Map.of("path", "/data/in/a.csv", "megabytes", 2.5)));

        FilesSource some = (FilesSource) pipeline.triggers().get(1).source();
        assertThat(List.of(some.pattern(), some.queue(), some.every(), some.settled(), some.from()))
                .isEqualTo(List.of(
                        "**/{a,b}?.csv", "gpu", Duration.ofMinutes(1), Duration.ZERO, FilesSource.Beginning.NEW));
        assertThat(some.key().orElseThrow().of(file)).isEqualTo("a.csv");
    }

    @ParameterizedTest
    @CsvSource({"/, /", "/a, /a", "/a/, /a", "/with space/ü, /with space/ü"})
    void takesEveryAbsoluteDirectory(String written, String directory) {
        TriggerDefinition trigger = parsed("triggers: [{id: a, files: {directory: \"" + written + "\"}}]\n")
                .triggers()
                .get(0);
        assertThat(((FilesSource) trigger.source()).directory()).isEqualTo(directory);
    }

    @Test
    void hasLimits() {
        String many = "triggers:\n" + "  - {id: a, schedule: '@daily'}\n".repeat(PipelineLimits.TRIGGERS + 1);
        assertThat(PipelineParser.parse("p.yaml", "id: p\n" + many + TASKS).problems())
                .extracting(Problem::toString)
                .containsExactly("p.yaml:2:1: `triggers` has 101 entries; the limit is 100");
        Problems problems = new Problems("c.yaml");
        assertThat(CalendarReader.read(bytes("- 12-24\n".repeat(PipelineLimits.CALENDAR_ENTRIES + 1)), problems))
                .isEmpty();
        assertThat(problems.sorted())
                .extracting(Problem::toString)
                .containsExactly("c.yaml:1:1: the calendar has 2001 entries; the limit is 2000");
        StringBuilder years = new StringBuilder();
        for (int year = 2000; year < 2028; year++) {
            years.append("- {from: %d-01-01, to: %d-12-31}\n".formatted(year, year));
        }
        Problems tooManyDays = new Problems("c.yaml");
        assertThat(CalendarReader.read(bytes(years.toString()), tooManyDays)).isEmpty();
        assertThat(tooManyDays.sorted())
                .extracting(Problem::toString)
                .containsExactly("c.yaml:28:26: the calendar has more than 10000 days; expected days of every year,"
                        + " such as 12-25, where they are the same each year");
    }

    private static Schedule schedule(TriggerDefinition trigger) {
        return ((ScheduleSource) trigger.source()).schedule(path -> {
            throw new AssertionError(path);
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Pipeline parsed(String yaml) {
        return PipelineParser.parse("p.yaml", "id: p\n" + yaml + TASKS).orElseThrow();
    }
}
