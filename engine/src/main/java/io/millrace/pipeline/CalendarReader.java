package io.millrace.pipeline;

import io.millrace.schedule.Calendar;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads lists of days: {@code 2026-12-24}, {@code 12-25} for every year, the same as {@code date} with a name, or from one day to another. */
final class CalendarReader {
    private static final List<String> KEYS = List.of("date", "from", "to", "name");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern YEARLY = Pattern.compile("\\d{2}-\\d{2}");
    private static final String LIST_RULE = "a list of days such as 2026-12-24, or 12-25 for every year";
    private static final String RULE =
            "a date such as 2026-12-24, a day of every year such as 12-25, or an object with `date`, or with `from` and `to`";

    private final Nodes nodes;
    private final Problems problems;
    private final Set<LocalDate> dates = new HashSet<>();
    private final Set<MonthDay> yearly = new HashSet<>();

    CalendarReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    /** The calendar that is the whole of a file; empty after a problem. */
    static Optional<Calendar> read(byte[] file, Problems problems) {
        int before = problems.count();
        return YamlFile.text(file, problems)
                .flatMap(source -> YamlFile.root(source, "calendar", LIST_RULE, problems)
                        .map(root -> new CalendarReader(new Nodes(source, problems), problems).read(root)))
                .filter(calendar -> problems.count() == before);
    }

    /** The days of a list; those that can be read when there are problems. */
    Calendar read(Node node) {
        if (!(node instanceof SequenceNode list)) {
            problems.add(nodes.source().place(node), "the calendar is " + nodes.describe(node), LIST_RULE);
        } else if (list.getValue().size() > PipelineLimits.CALENDAR_ENTRIES) {
            problems.add(
                    nodes.source().place(node),
                    "the calendar has " + list.getValue().size() + " entries; the limit is "
                            + PipelineLimits.CALENDAR_ENTRIES);
        } else {
            list.getValue().forEach(this::entry);
        }
        return new Calendar(false, dates, yearly);
    }

    private void entry(Node node) {
        if (node instanceof MappingNode) {
            Block.of("a day of the calendar", node, KEYS, nodes, problems).ifPresent(this::entry);
        } else {
            day(node);
        }
    }

    private void entry(Block block) {
        block.text("name");
        if (block.has("date")) {
            for (String key : List.of("from", "to")) {
                if (block.has(key)) {
                    problems.add(block.placeOfKey(key), "`date` is one day", "`date`, or `from` and `to`");
                }
            }
            block.node("date").ifPresent(this::day);
            return;
        }
        Optional<Node> from = block.required("from", "`date`, or `from` and `to`");
        Optional<Node> to = from.flatMap(any -> block.required("to", "the last of the days, such as 2027-01-01"));
        if (from.isPresent() && to.isPresent()) {
            range(from.get(), to.get());
        }
    }

    private void range(Node from, Node to) {
        Optional<LocalDate> first = date(from);
        Optional<LocalDate> last = date(to);
        if (first.isEmpty() || last.isEmpty()) {
            return;
        }
        long days = last.get().toEpochDay() - first.get().toEpochDay() + 1;
        if (days < 1 || days > PipelineLimits.CALENDAR_DAYS) {
            problems.add(
                    nodes.source().place(to),
                    days < 1 ? "`to` is before `from`" : "from `from` to `to` are " + days + " days",
                    "a day from " + first.get() + " to " + first.get().plusDays(PipelineLimits.CALENDAR_DAYS - 1L));
            return;
        }
        if (dates.size() + days > PipelineLimits.CALENDAR_DATES) {
            problems.add(
                    nodes.source().place(to),
                    "the calendar has more than " + PipelineLimits.CALENDAR_DATES + " days",
                    "days of every year, such as 12-25, where they are the same each year");
            return;
        }
        first.get().datesUntil(last.get().plusDays(1)).forEach(dates::add);
    }

    private Optional<LocalDate> date(Node node) {
        Optional<LocalDate> date =
                Nodes.isText(node) && DATE.matcher(textOf(node)).matches() ? parsed(node) : Optional.empty();
        if (date.isEmpty()) {
            problems.add(nodes.source().place(node), what(node), "a date such as 2026-12-24");
        }
        return date;
    }

    private void day(Node node) {
        Optional<LocalDate> date = Optional.empty();
        Optional<MonthDay> everyYear = Optional.empty();
        if (Nodes.isText(node)) {
            if (DATE.matcher(textOf(node)).matches()) {
                date = parsed(node);
            } else if (YEARLY.matcher(textOf(node)).matches()) {
                everyYear = yearly(node);
            }
        }
        date.ifPresent(dates::add);
        everyYear.ifPresent(yearly::add);
        if (date.isEmpty() && everyYear.isEmpty()) {
            problems.add(nodes.source().place(node), what(node), RULE);
        }
    }

    private String what(Node node) {
        return "a day of the calendar is " + nodes.describe(node);
    }

    private static String textOf(Node node) {
        return ((ScalarNode) node).getValue();
    }

    private static Optional<LocalDate> parsed(Node node) {
        try {
            return Optional.of(LocalDate.parse(textOf(node)));
        } catch (DateTimeException e) {
            return Optional.empty(); // Such as the 30th of February.
        }
    }

    private static Optional<MonthDay> yearly(Node node) {
        try {
            return Optional.of(MonthDay.parse("--" + textOf(node)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
