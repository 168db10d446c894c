package io.millrace.pipeline;

import io.millrace.expression.Excerpt;
import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import io.millrace.expression.Suggestion;
import io.millrace.schedule.Cadence;
import io.millrace.schedule.Calendar;
import io.millrace.schedule.Cron;
import io.millrace.schedule.CronCadence;
import io.millrace.schedule.CronException;
import io.millrace.schedule.DstPolicy;
import io.millrace.schedule.Missed;
import io.millrace.schedule.Period;
import io.millrace.schedule.Schedule;
import io.millrace.schedule.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads triggers of {@code schedule}: a cron expression by itself, or an object with {@code cron} or {@code every}. */
final class ScheduleReader implements TriggerSourceReader {
    private static final List<String> KEYS =
            List.of("cron", "every", "timezone", "dst", "start", "end", "skip", "weekdays_only", "jitter", "missed");

    private final Nodes nodes;
    private final Problems problems;
    private final PlainTexts texts;

    ScheduleReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
        this.texts = new PlainTexts(nodes, problems);
    }

    @Override
    public Optional<TriggerSource> read(Block trigger, Expressions expressions) {
        int before = problems.count();
        Node node = trigger.node("schedule").orElseThrow();
        Optional<ScheduleSource> source = node instanceof MappingNode
                ? Block.of("`schedule`", node, KEYS, nodes, problems).flatMap(this::source)
                : trigger.text("schedule").flatMap(this::source);
        if (problems.count() > before) {
            return Optional.empty();
        }
        source.filter(read ->
                        read.written().next(Schedule.EARLIEST.minusNanos(1)).isEmpty())
                .ifPresent(never -> problems.add(
                        nodes.source().place(node),
                        "the schedule never ticks",
                        "a time that comes before its end, on a day that is not skipped"));
        return source.filter(read -> problems.count() == before).map(TriggerSource.class::cast);
    }

    @Override
    public Set<Local> inFilter(Block trigger) {
        return Set.of();
    }

    @Override
    public Set<Local> inInputs(Block trigger) {
        return Set.of(Local.SCHEDULE);
    }

    private Optional<ScheduleSource> source(ScalarNode text) {
        return cron(text, DstPolicy.ONCE)
                .map(cadence -> new ScheduleSource(Schedule.of(cadence).in(Moments.UTC), Optional.empty()));
    }

    private Optional<ScheduleSource> source(Block schedule) {
        Optional<Cadence> cadence = cadence(schedule);
        Optional<ZoneId> zone = schedule.has("timezone")
                ? schedule.text("timezone").flatMap(node -> Zones.read(node, nodes, problems))
                : Optional.of(Moments.UTC);
        Optional<Window> window = zone.flatMap(known -> window(schedule, known));
        Optional<Duration> jitter = schedule.duration("jitter", Duration.ofMillis(1), Schedule.MOST_JITTER);
        Optional<Missed> missed = schedule.word("missed", Missed.values());
        boolean weekdaysOnly = schedule.flag("weekdays_only").orElse(false);
        Optional<Node> skip = schedule.node("skip");
        Optional<String> file = skip.filter(ScalarNode.class::isInstance).flatMap(node -> calendarFile(schedule, node));
        Calendar days = skip.filter(node -> !(node instanceof ScalarNode))
                .map(new CalendarReader(nodes, problems)::read)
                .orElse(Calendar.EVERY_DAY);
        if (cadence.isEmpty() || window.isEmpty()) {
            return Optional.empty();
        }
        Schedule written = Schedule.of(cadence.get())
                .in(zone.orElseThrow())
                .on(new Calendar(weekdaysOnly, days.dates(), days.yearly()))
                .within(window.get())
                .spreadOver(jitter.orElse(Duration.ZERO))
                .withMissed(missed.orElse(Missed.LAST));
        return Optional.of(new ScheduleSource(written, file));
    }

    private Optional<Cadence> cadence(Block schedule) {
        Optional<DstPolicy> dst = schedule.word("dst", DstPolicy.values());
        if (schedule.has("cron") == schedule.has("every")) {
            problems.add(
                    schedule.has("cron") ? schedule.placeOfKey("every") : schedule.place(),
                    "`schedule` has "
                            + (schedule.has("cron") ? "both `cron` and `every`" : "neither `cron` nor `every`"),
                    "one of cron, every");
            return Optional.empty();
        }
        if (schedule.has("cron")) {
            return schedule.text("cron").flatMap(node -> cron(node, dst.orElse(DstPolicy.ONCE)));
        }
        if (schedule.has("dst")) {
            problems.add(
                    schedule.placeOfKey("dst"),
                    "`dst` says nothing here, for a period takes as long whatever clocks do",
                    "it beside `cron`");
        }
        return schedule.duration("every", Period.SHORTEST, Period.LONGEST).map(Period::new);
    }

    private Optional<Cadence> cron(ScalarNode node, DstPolicy dst) {
        Excerpt excerpt = nodes.source().excerpt(node);
        if (Durations.parse(node.getValue()).isPresent()) {
            problems.add(
                    excerpt.place(), node.getValue() + " is no cron expression", "{every: " + node.getValue() + "}");
            return Optional.empty();
        }
        try {
            return Optional.of(new CronCadence(Cron.parse(node.getValue()), dst));
        } catch (CronException e) {
            problems.add(
                    excerpt.places().at(e.position()),
                    String.valueOf(e.getMessage()),
                    Optional.of(e.expected()),
                    e.suggestion().or(() -> Suggestion.of(e.written(), e.candidates())));
            return Optional.empty();
        }
    }

    /** The time within which it ticks; empty after a problem. */
    private Optional<Window> window(Block schedule, ZoneId zone) {
        int before = problems.count();
        Optional<Instant> start = moment(schedule, "start", zone);
        Optional<Instant> end = moment(schedule, "end", zone);
        if (start.isPresent() && end.isPresent() && !end.get().isAfter(start.get())) {
            problems.add(
                    nodes.source().place(schedule.node("end").orElseThrow()),
                    "`end` is not after `start`",
                    "a moment after " + start.get());
        }
        return problems.count() == before ? Optional.of(new Window(start, end)) : Optional.empty();
    }

    private Optional<Instant> moment(Block schedule, String key, ZoneId zone) {
        return schedule.text(key).flatMap(node -> {
            Optional<Instant> moment = Moments.dated(node.getValue().strip(), zone)
                    .filter(read -> !read.isBefore(Schedule.EARLIEST) && !read.isAfter(Schedule.LATEST));
            if (moment.isEmpty()) {
                problems.add(
                        nodes.source().place(node),
                        "`" + key + "` is " + nodes.describe(node),
                        Moments.DATED_RULE + ", from 1970 on");
            }
            return moment;
        });
    }

    private Optional<String> calendarFile(Block schedule, Node node) {
        if (Nodes.isText(node)) {
            return schedule.text("skip").flatMap(texts::path);
        }
        problems.add(
                nodes.source().place(node),
                "`skip` is " + nodes.describe(node),
                "a list of days such as 2026-12-24 or 12-25, or the path of a file with such a list");
        return Optional.empty();
    }
}
