package io.millrace.testkit.file;

import io.millrace.engine.Failure;
import io.millrace.engine.TaskStatus;
import io.millrace.expression.Document;
import io.millrace.expression.Expressions;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.expression.Local;
import io.millrace.expression.Place;
import io.millrace.expression.Viewpoint;
import io.millrace.pipeline.Block;
import io.millrace.pipeline.Nodes;
import io.millrace.pipeline.PipelineLimits;
import io.millrace.pipeline.Problems;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads what a test expects. What is not said of the run's end is that it succeeds. */
final class ExpectationReader {
    static final List<String> KEYS = List.of(
            "run", "reason", "within", "tasks", "order", "executed", "not_executed", "alerts", "outputs", "that");
    static final List<String> TASK_KEYS = List.of("status", "attempts", "output", "after", "failure", "that");
    static final List<String> FAILURE_KEYS = List.of("kind", "message");

    private static final Duration LONGEST_RUN = Duration.ofDays(3_660);
    private static final int MOST_ATTEMPTS = 1_000;

    private final Nodes nodes;
    private final Problems problems;
    private final TaskNames names;
    private final Expressions expressions;

    /** How a run can end, as far as tests see it. */
    private enum Verdict {
        SUCCEEDED,
        FAILED,
        CANCELLED,
        REFUSED,
        WAITING
    }

    ExpectationReader(Nodes nodes, Problems problems, TaskNames names, Expressions expressions) {
        this.nodes = nodes;
        this.problems = problems;
        this.names = names;
        this.expressions = expressions;
    }

    /** What the test expects. */
    List<Expectation> read(Block test) {
        Optional<Block> expect = test.node("expect").flatMap(node -> Block.of("`expect`", node, KEYS, nodes, problems));
        List<Expectation> all = new ArrayList<>();
        String verdict = expect.flatMap(block -> block.word("run", Verdict.values()))
                .map(word -> word.name().toLowerCase(Locale.ROOT))
                .orElse("succeeded");
        all.add(new RunExpected.Verdict(
                expect.flatMap(block -> block.node("run"))
                        .map(nodes.source()::place)
                        .orElse(test.place()),
                verdict));
        expect.ifPresent(block -> read(block, all));
        return all;
    }

    private void read(Block expect, List<Expectation> all) {
        expect.text("reason")
                .ifPresent(text -> all.add(new RunExpected.Reason(nodes.source().place(text), text.getValue())));
        expect.duration("within", Duration.ZERO, LONGEST_RUN)
                .ifPresent(most -> all.add(new RunExpected.Within(place(expect, "within"), most)));
        for (Nodes.Member member : expect.object("tasks", PipelineLimits.TASKS)) {
            names.id(member.key()).ifPresent(task -> task(task, member.value(), all));
        }
        if (expect.has("order")) {
            all.add(new RunExpected.Order(place(expect, "order"), names.ids(expect, "order")));
        }
        for (String key : List.of("executed", "not_executed")) {
            names.ids(expect, key)
                    .forEach(task ->
                            all.add(new RunExpected.Executed(place(expect, key), task, key.equals("executed"))));
        }
        alerts(expect).ifPresent(alerts -> all.add(new RunExpected.Alerts(place(expect, "alerts"), alerts)));
        document(expect, "outputs")
                .ifPresent(outputs -> all.add(new RunExpected.Outputs(place(expect, "outputs"), outputs)));
        conditions(expect, "that", new Viewpoint(Viewpoint.RUN, other -> true), Optional.empty(), all);
    }

    /** The rules that have somebody told; each has to be one of the pipeline's. */
    private Optional<Set<String>> alerts(Block expect) {
        if (!expect.has("alerts")) {
            return Optional.empty();
        }
        Set<String> alerts = new TreeSet<>();
        for (Node node : expect.list("alerts", PipelineLimits.ALERTS)) {
            expect.text(node, "an alert").map(ScalarNode::getValue).ifPresent(id -> {
                if (names.alerts().contains(id)) {
                    alerts.add(id);
                } else {
                    problems.addUnknown(
                            nodes.source().place(node), "the pipeline has no alert `" + id + "`", id, names.alerts());
                }
            });
        }
        return Optional.of(alerts);
    }

    private void task(TaskId task, Node node, List<Expectation> all) {
        if (Nodes.isText(node)) {
            status((ScalarNode) node)
                    .ifPresent(
                            status -> all.add(TaskExpected.status(nodes.source().place(node), task, status)));
            return;
        }
        Block.of("what is expected of " + task, node, TASK_KEYS, nodes, problems)
                .ifPresent(block -> task(task, block, all));
    }

    private void task(TaskId task, Block block, List<Expectation> all) {
        block.word("status", TaskStatus.values())
                .ifPresent(status -> all.add(TaskExpected.status(place(block, "status"), task, status)));
        block.integer("attempts", 0, MOST_ATTEMPTS)
                .ifPresent(attempts -> all.add(TaskExpected.attempts(place(block, "attempts"), task, attempts)));
        document(block, "output")
                .ifPresent(output -> all.add(TaskExpected.output(place(block, "output"), task, output)));
        names.ids(block, "after").forEach(other -> all.add(TaskExpected.after(place(block, "after"), task, other)));
        block.node("failure").ifPresent(node -> failure(task, node, all));
        Viewpoint from = new Viewpoint(task.base().value(), other -> true).with(Local.OUTPUT);
        conditions(block, "that", task.isItem() ? from.with(Local.ITEM, Local.INDEX) : from, Optional.of(task), all);
    }

    private void failure(TaskId task, Node node, List<Expectation> all) {
        Place place = nodes.source().place(node);
        if (Nodes.isText(node)) {
            all.add(TaskExpected.failureMessage(place, task, ((ScalarNode) node).getValue()));
            return;
        }
        Block.of("`failure`", node, FAILURE_KEYS, nodes, problems).ifPresent(failure -> {
            failure.word("kind", Failure.Kind.values())
                    .ifPresent(kind -> all.add(TaskExpected.failureKind(place, task, kind)));
            failure.text("message")
                    .ifPresent(text -> all.add(TaskExpected.failureMessage(place, task, text.getValue())));
        });
    }

    private void conditions(Block block, String key, Viewpoint from, Optional<TaskId> task, List<Expectation> all) {
        for (Node node : TaskNames.oneOrMany(block, key)) {
            if (!(node instanceof ScalarNode scalar) || Nodes.isNull(node)) {
                problems.add(
                        nodes.source().place(node),
                        "`" + key + "` is " + nodes.describe(node),
                        "an expression that is true or false, or a list of them");
                continue;
            }
            String what = task.map(id -> "tasks." + id + "." + key).orElse(key);
            expressions
                    .condition(nodes.source().excerpt(scalar), from, problems::add)
                    .ifPresent(condition ->
                            all.add(new Holds(nodes.source().place(node), what, condition, expressions, from, task)));
        }
    }

    private Optional<TaskStatus> status(ScalarNode node) {
        Optional<TaskStatus> status = Arrays.stream(TaskStatus.values())
                .filter(each -> TaskExpected.word(each).equals(node.getValue()))
                .findFirst();
        if (status.isEmpty()) {
            problems.addUnknown(
                    nodes.source().place(node),
                    "there is no status \"" + node.getValue() + "\"",
                    node.getValue(),
                    Arrays.stream(TaskStatus.values()).map(TaskExpected::word).toList());
        }
        return status;
    }

    private Optional<Document> document(Block block, String key) {
        return block.node(key).flatMap(node -> {
            if (!(node instanceof MappingNode)) {
                problems.add(nodes.source().place(node), "`" + key + "` is " + nodes.describe(node), "an object");
                return Optional.empty();
            }
            return document(nodes, node, problems);
        });
    }

    /** An object without expressions; empty after a problem. */
    static Optional<Document> document(Nodes nodes, Node node, Problems problems) {
        try {
            return nodes.value(node).flatMap(value -> value).map(Document::ofValue);
        } catch (InvalidDocumentException e) {
            problems.add(nodes.source().place(node), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Place place(Block block, String key) {
        return nodes.source().place(block.node(key).orElseThrow());
    }
}
