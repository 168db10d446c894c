package io.millrace.pipeline;

import io.millrace.expression.Condition;
import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import io.millrace.expression.Template;
import io.millrace.expression.Viewpoint;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads when somebody is to be told of a pipeline's runs. */
final class AlertsReader {
    private static final List<String> CAUSES = List.of("on", "deadline", "expect");
    private static final List<String> KEYS = List.of(
            "id",
            "on",
            "deadline",
            "expect",
            "task",
            "if",
            "count",
            "within",
            "rate",
            "slower",
            "drift",
            "value",
            "last",
            "severity",
            "message",
            "group",
            "to",
            "interval",
            "repeat");
    private static final List<String> DEADLINE_KEYS = List.of("by", "timezone");
    private static final List<String> MEASURES = List.of("rate", "slower", "drift");
    private static final Set<AlertEvent> ENDS =
            EnumSet.of(AlertEvent.RUN_SUCCEEDED, AlertEvent.RUN_FAILED, AlertEvent.RUN_CANCELLED, AlertEvent.RUN_ENDED);
    private static final Pattern PERCENTILE = Pattern.compile("p([5-9][0-9])");
    private static final double LEAST_DRIFT = 0.5;
    private static final double MOST_DRIFT = 100;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Nodes nodes;
    private final Problems problems;
    private final TaskReader ids;
    private final Expressions expressions;
    private final Set<String> tasks;
    private final Set<String> plain;

    /**
     * Reads the alerts of a pipeline with these tasks.
     *
     * @param tasks their ids
     * @param plain those of the tasks without `for_each`
     */
    AlertsReader(
            Nodes nodes,
            Problems problems,
            TaskReader ids,
            Expressions expressions,
            Set<String> tasks,
            Set<String> plain) {
        this.nodes = nodes;
        this.problems = problems;
        this.ids = ids;
        this.expressions = expressions;
        this.tasks = tasks;
        this.plain = plain;
    }

    /** The rules in file order; those without problems. */
    List<AlertRule> read(Block pipeline) {
        List<AlertRule> rules = new ArrayList<>();
        Map<String, Block> firsts = new HashMap<>();
        for (Node node : pipeline.list("alerts", PipelineLimits.ALERTS)) {
            Block.of("an alert", node, KEYS, nodes, problems)
                    .flatMap(block -> rule(block, firsts))
                    .ifPresent(rules::add);
        }
        return rules;
    }

    private Optional<AlertRule> rule(Block block, Map<String, Block> firsts) {
        int before = problems.count();
        Optional<String> id = ids.id(block, "an alert");
        id.map(known -> firsts.putIfAbsent(known, block))
                .ifPresent(first -> problems.add(
                        nodes.source().place(block.node("id").orElseThrow()),
                        "the id " + id.orElseThrow() + " is taken by the alert on line "
                                + first.place().line()));
        Optional<AlertCause> cause = cause(block).flatMap(kind -> cause(block, kind));
        Viewpoint viewpoint = viewpoint(block);
        AlertRule.Severity severity =
                block.word("severity", AlertRule.Severity.values()).orElse(AlertRule.Severity.ERROR);
        Optional<Template> message = block.node("message")
                .flatMap(node -> new Templates(nodes, problems, expressions, viewpoint).text(node, "`message`"));
        Optional<EventKey> group = block.expression("group", "an expression such as inputs.customer")
                .flatMap(node -> EventKey.read(nodes.source().excerpt(node), expressions, viewpoint, problems));
        List<PipelineId> to = to(block);
        Duration interval = block.duration("interval", SHORTEST, LONGEST).orElse(AlertRule.INTERVAL);
        Optional<Duration> repeat = block.duration("repeat", interval, LONGEST);
        if (cause.isPresent() && !(cause.get() instanceof AlertCause.Happening)) {
            useless(block, "it beside `on`", "message", "group");
        }
        if (problems.count() > before) {
            return Optional.empty();
        }
        return id.flatMap(known -> cause.map(
                read -> new AlertRule(new AlertId(known), read, severity, message, group, to, interval, repeat)));
    }

    /** What it is for, the first of several; a rule for nothing, or for several things, is a problem. */
    private Optional<String> cause(Block block) {
        List<String> causes = CAUSES.stream().filter(block::has).toList();
        if (causes.isEmpty()) {
            problems.add(
                    block.place(),
                    "an alert names nothing that it is raised for",
                    "one of the keys " + String.join(", ", CAUSES));
            return Optional.empty();
        }
        for (String second : causes.subList(1, causes.size())) {
            problems.add(
                    block.placeOfKey(second),
                    "an alert has one cause, and this one has `" + causes.get(0) + "` already",
                    "an alert of its own for `" + second + "`");
        }
        return Optional.of(causes.get(0));
    }

    private Optional<AlertCause> cause(Block block, String kind) {
        return switch (kind) {
            case "on" -> happening(block);
            case "deadline" -> deadline(block);
            default -> silence(block);
        };
    }

    private Optional<AlertCause> happening(Block block) {
        Optional<AlertEvent> event = event(block, "on");
        Optional<TaskId> task = task(block, event);
        Optional<Condition> condition = condition(block);
        int count = block.integer("count", 1, PipelineLimits.ALERT_COUNT).orElse(1);
        Optional<Duration> within = block.duration("within", SHORTEST, LONGEST);
        Optional<AlertMeasure> measure = measure(block, event);
        if (count > 1 && !block.has("within")) {
            problems.add(block.placeOfKey("count"), "`count` says not in how long", "`within`, such as 10m");
        }
        if (count == 1 && block.has("within")) {
            problems.add(
                    block.placeOfKey("within"), "`on` has no use for `within` alone", "`count` of 2 or more beside it");
        }
        return event.map(
                what -> new AlertCause.Happening(what, task, condition, count, within.orElse(Duration.ZERO), measure));
    }

    private Optional<AlertMeasure> measure(Block block, Optional<AlertEvent> event) {
        List<String> measures = MEASURES.stream().filter(block::has).toList();
        if (measures.isEmpty()) {
            useless(block, "it beside `rate`, `slower` or `drift`", "last", "value");
            return Optional.empty();
        }
        measures.stream()
                .skip(1)
                .forEach(second -> problems.add(
                        block.placeOfKey(second),
                        "`" + second + "` does not go with `" + measures.get(0) + "`",
                        "an alert of its own"));
        if (block.has("count")) {
            problems.add(
                    block.placeOfKey("count"),
                    "`count` does not go with `" + measures.get(0) + "`",
                    "`last`, the number of those before that count");
        }
        int last = block.integer("last", AlertMeasure.LEAST, AlertMeasure.MOST).orElse(AlertMeasure.USUAL);
        return switch (measures.get(0)) {
            case "rate" -> rate(block, event, last);
            case "slower" -> slower(block, event, last);
            default -> drift(block, last);
        };
    }

    private Optional<AlertMeasure> rate(Block block, Optional<AlertEvent> event, int last) {
        notBeside(block, "rate", "value");
        if (event.isPresent() && event.get().opposite().isEmpty()) {
            problems.add(
                    block.placeOfKey("rate"),
                    "`" + event.get().word() + "` has no opposite, so that there is no rate of it",
                    "an event such as run.failed or task.retried");
        }
        return block.decimal("rate", 0, 1)
                .map(share -> new AlertMeasure(AlertMeasure.Kind.RATE, share, last, Optional.empty()));
    }

    private Optional<AlertMeasure> slower(Block block, Optional<AlertEvent> event, int last) {
        notBeside(block, "slower", "value");
        if (event.isPresent() && !ENDS.contains(event.get())) {
            problems.add(
                    block.placeOfKey("slower"),
                    "`slower` is about how long a run took, and `" + event.get().word() + "` is no end of one",
                    "run.succeeded or run.ended");
        }
        return block.text("slower").flatMap(node -> {
            Matcher percentile = PERCENTILE.matcher(node.getValue());
            if (!percentile.matches()) {
                problems.add(
                        nodes.source().place(node),
                        "`slower` is \"" + node.getValue() + "\"",
                        "a percentile from p50 to p99, such as p95");
                return Optional.empty();
            }
            double bound = Double.parseDouble(percentile.group(1));
            return Optional.of(new AlertMeasure(AlertMeasure.Kind.SLOWER, bound, last, Optional.empty()));
        });
    }

    private Optional<AlertMeasure> drift(Block block, int last) {
        block.required("value", "an expression that gives a number, such as output.score");
        Optional<AlertValue> value = block.expression("value", "an expression that gives a number")
                .flatMap(
                        node -> AlertValue.read(nodes.source().excerpt(node), expressions, viewpoint(block), problems));
        return block.decimal("drift", LEAST_DRIFT, MOST_DRIFT)
                .map(sigma -> new AlertMeasure(AlertMeasure.Kind.DRIFT, sigma, last, value));
    }

    private void notBeside(Block block, String measure, String key) {
        if (block.has(key)) {
            problems.add(block.placeOfKey(key), "`" + measure + "` has no use for `" + key + "`", "it beside `drift`");
        }
    }

    private Optional<AlertCause> silence(Block block) {
        useless(block, "it beside `on`", "count", "rate", "slower", "drift", "value", "last");
        Optional<AlertEvent> event = event(block, "expect");
        Optional<TaskId> task = task(block, event);
        Optional<Condition> condition = condition(block);
        block.required("within", "how long it may be silent, such as 25h");
        Optional<Duration> within = block.duration("within", SHORTEST, LONGEST);
        return event.flatMap(what -> within.map(most -> new AlertCause.Silence(what, task, condition, most)));
    }

    private Optional<AlertCause> deadline(Block block) {
        useless(
                block,
                "it beside `on` or `expect`",
                "task",
                "if",
                "count",
                "within",
                "rate",
                "slower",
                "drift",
                "value",
                "last");
        Node node = block.node("deadline").orElseThrow();
        if (!(node instanceof MappingNode)) {
            return block.duration("deadline", SHORTEST, PipelineLimits.TIMEOUT)
                    .map(after -> new AlertCause.Deadline(Optional.of(after), Optional.empty(), ZoneOffset.UTC));
        }
        Optional<Block> read = Block.of("`deadline`", node, DEADLINE_KEYS, nodes, problems);
        Optional<LocalTime> by = read.flatMap(known -> {
            known.required("by", "a time of day, such as \"07:30\"");
            return known.text("by").flatMap(this::time);
        });
        ZoneId zone = read.flatMap(known -> known.text("timezone"))
                .flatMap(name -> Zones.read(name, nodes, problems))
                .orElse(ZoneOffset.UTC);
        return by.map(time -> new AlertCause.Deadline(Optional.empty(), Optional.of(time), zone));
    }

    private Optional<LocalTime> time(ScalarNode node) {
        try {
            return Optional.of(LocalTime.parse(node.getValue()));
        } catch (DateTimeParseException e) {
            problems.add(
                    nodes.source().place(node),
                    "`by` is \"" + node.getValue() + "\"",
                    "a time of day in quotes, such as \"07:30\"");
            return Optional.empty();
        }
    }

    private Optional<AlertEvent> event(Block block, String key) {
        return block.text(key).flatMap(node -> {
            int index = AlertEvent.words().indexOf(node.getValue());
            if (index < 0) {
                problems.addUnknown(
                        nodes.source().place(node),
                        "`" + key + "` is \"" + node.getValue() + "\"",
                        node.getValue(),
                        AlertEvent.words());
                return Optional.empty();
            }
            return Optional.of(AlertEvent.values()[index]);
        });
    }

    private Optional<TaskId> task(Block block, Optional<AlertEvent> event) {
        Optional<ScalarNode> node = block.text("task");
        if (node.isPresent() && event.isPresent() && !event.get().isOfTask()) {
            problems.add(
                    block.placeOfKey("task"),
                    "`" + event.get().word() + "` is about a run, and no task",
                    "`task` beside an event of tasks");
            return Optional.empty();
        }
        return node.map(ScalarNode::getValue)
                .filter(id -> isTask(node.get(), id))
                .map(TaskId::new);
    }

    private boolean isTask(ScalarNode node, String id) {
        if (!tasks.contains(id)) {
            problems.add(
                    nodes.source().place(node), "there is no task `" + id + "`", "the id of a task of the pipeline");
            return false;
        }
        return true;
    }

    private Optional<Condition> condition(Block block) {
        return block.expression("if")
                .flatMap(node -> expressions.condition(nodes.source().excerpt(node), viewpoint(block), problems::add));
    }

    /** What a rule's expressions see: what happened, its run, and what the event has besides. */
    private Viewpoint viewpoint(Block block) {
        Optional<AlertEvent> event = Stream.of("on", "expect")
                .flatMap(key -> block.node(key).stream())
                .filter(Nodes::isText)
                .map(node -> AlertEvent.words().indexOf(((ScalarNode) node).getValue()))
                .filter(index -> index >= 0)
                .map(index -> AlertEvent.values()[index])
                .findFirst();
        // What a task with `for_each` gives in the end is not what its items declare.
        Optional<String> task = block.node("task")
                .filter(Nodes::isText)
                .map(node -> ((ScalarNode) node).getValue())
                .filter(plain::contains);
        Set<Local> locals = EnumSet.of(Local.EVENT);
        event.filter(AlertEvent::hasOutput).ifPresent(known -> locals.add(Local.OUTPUT));
        event.filter(AlertEvent::hasError).ifPresent(known -> locals.add(Local.ERROR));
        return Viewpoint.ofAlert(task, locals);
    }

    private List<PipelineId> to(Block block) {
        block.required("to", "a list of channels");
        Set<PipelineId> channels = new LinkedHashSet<>();
        List<Node> listed = block.list("to", PipelineLimits.ALERT_CHANNELS);
        for (Node node : listed) {
            block.text(node, "a channel").ifPresent(name -> {
                if (!Names.isId(name.getValue())) {
                    problems.add(
                            nodes.source().place(name),
                            "\"" + name.getValue() + "\" is no id of a channel",
                            Names.ID_RULE);
                } else if (!channels.add(new PipelineId(name.getValue()))) {
                    problems.add(
                            nodes.source().place(name), name.getValue() + " stands here twice", "each channel once");
                }
            });
        }
        if (listed.isEmpty()
                && block.node("to").filter(SequenceNode.class::isInstance).isPresent()) {
            problems.add(block.placeOfKey("to"), "`to` names nobody", "at least one channel");
        }
        return new ArrayList<>(channels);
    }

    private void useless(Block block, String expected, String... keys) {
        Stream.of(keys)
                .filter(block::has)
                .forEach(key -> problems.add(
                        block.placeOfKey(key),
                        "`" + CAUSES.stream().filter(block::has).findFirst().orElseThrow() + "` has no use for `" + key
                                + "`",
                        expected));
    }
}
