package io.millrace.testkit.file;

import io.millrace.engine.RunTrigger;
import io.millrace.expression.Document;
import io.millrace.expression.Expressions;
import io.millrace.expression.Place;
import io.millrace.pipeline.Block;
import io.millrace.pipeline.Nodes;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Problems;
import io.millrace.pipeline.TaskId;
import io.millrace.testkit.Mock;
import io.millrace.testkit.RunPlan;
import io.millrace.testkit.Unmocked;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the tests of a file, and what they share. */
final class CasesReader {
    static final List<String> KEYS =
            List.of("name", "inputs", "trigger", "begin", "cancel", "unmocked", "tasks", "expect");
    static final List<String> DEFAULT_KEYS = List.of("inputs", "tasks", "unmocked");
    static final List<String> CANCEL_KEYS = List.of("after", "reason");

    private static final int MOST_TESTS = 1_000;
    private static final int LONGEST_NAME = 200;
    private static final int LAST_YEAR = 9_999;

    private final Pipeline pipeline;
    private final Nodes nodes;
    private final Problems problems;
    private final MockReader mocks;
    private final ExpectationReader expectations;
    private final Map<String, Place> firsts = new HashMap<>();

    /** What all tests of a file share. */
    private record Shared(Document inputs, Map<TaskId, Mock> mocks, Optional<Unmocked> unmocked) {
        private static final Shared NOTHING = new Shared(Document.EMPTY, Map.of(), Optional.empty());
    }

    CasesReader(Pipeline pipeline, Nodes nodes, Problems problems) {
        this.pipeline = pipeline;
        this.nodes = nodes;
        this.problems = problems;
        TaskNames names = new TaskNames(pipeline, nodes, problems);
        Expressions expressions = Declared.by(pipeline);
        this.mocks = new MockReader(nodes, problems, names, expressions);
        this.expectations = new ExpectationReader(nodes, problems, names, expressions);
    }

    /** The tests in file order; those that are none are left out. */
    List<TestCase> read(Block file) {
        Shared shared = file.node("defaults")
                .flatMap(node -> Block.of("`defaults`", node, DEFAULT_KEYS, nodes, problems))
                .map(block -> new Shared(inputs(block), mocks.mocks(block), unmocked(block)))
                .orElse(Shared.NOTHING);
        int before = problems.count();
        List<Node> written = file.list("tests", MOST_TESTS);
        List<TestCase> tests = new ArrayList<>();
        for (Node node : written) {
            Block.of("a test", node, KEYS, nodes, problems).ifPresent(test -> tests.add(test(test, shared)));
        }
        if (written.isEmpty() && problems.count() == before) {
            problems.add(file.placeOfKey("tests"), "there are no tests", "at least one, beginning with `- name:`");
        }
        return tests;
    }

    private TestCase test(Block test, Shared shared) {
        RunPlan plan = RunPlan.of(pipeline).withInputs(merged(shared.inputs(), inputs(test)));
        Optional<RunTrigger.Kind> trigger = test.word("trigger", RunTrigger.Kind.values());
        if (trigger.isPresent()) {
            plan = plan.triggeredBy(new RunTrigger(trigger.get(), "a test", null, null, null, null, null));
        }
        Optional<Instant> begin = begin(test);
        if (begin.isPresent()) {
            plan = plan.beginning(begin.get());
        }
        return new TestCase(
                name(test),
                test.place(),
                pipeline,
                cancelled(test, plan),
                shared.mocks(),
                mocks.mocks(test),
                unmocked(test).or(shared::unmocked).orElse(Unmocked.REFUSE),
                expectations.read(test));
    }

    private String name(Block test) {
        test.required("name", "a sentence that says what holds");
        Optional<ScalarNode> node = test.text("name");
        String name = node.map(ScalarNode::getValue).map(String::strip).orElse("");
        if (node.isEmpty()) {
            return name;
        }
        Place place = nodes.source().place(node.get());
        boolean good =
                !name.isEmpty() && name.length() <= LONGEST_NAME && name.chars().noneMatch(Character::isISOControl);
        if (!good) {
            problems.add(place, "the name of a test says nothing", "one line of 1 to " + LONGEST_NAME + " characters");
            return name;
        }
        Place first = firsts.putIfAbsent(name, place);
        if (first != null) {
            problems.add(place, "the name \"" + name + "\" is taken by the test on line " + first.line());
        }
        return name;
    }

    private Document inputs(Block block) {
        Optional<Node> node = block.node("inputs");
        if (node.isPresent() && !(node.get() instanceof MappingNode)) {
            problems.add(nodes.source().place(node.get()), "`inputs` is " + nodes.describe(node.get()), "an object");
            return Document.EMPTY;
        }
        return node.flatMap(inputs -> ExpectationReader.document(nodes, inputs, problems))
                .orElse(Document.EMPTY);
    }

    private static Document merged(Document shared, Document own) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(shared.asMap());
        all.putAll(own.asMap());
        return Document.of(all);
    }

    private Optional<Unmocked> unmocked(Block block) {
        return block.word("unmocked", Unmocked.values());
    }

    private Optional<Instant> begin(Block test) {
        return test.text("begin").flatMap(node -> {
            Optional<Instant> begin = instant(node.getValue());
            if (begin.isEmpty()) {
                problems.add(
                        nodes.source().place(node),
                        "`begin` is \"" + node.getValue() + "\"",
                        "an instant such as 2026-12-01T06:00:00Z");
            }
            return begin;
        });
    }

    /** A clock cannot be moved on from the end of time: what is not written with a year of four digits is no instant here. */
    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text))
                    .filter(time -> time.getYear() >= 0 && time.getYear() <= LAST_YEAR)
                    .map(OffsetDateTime::toInstant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private RunPlan cancelled(Block test, RunPlan plan) {
        return test.node("cancel")
                .flatMap(node -> Block.of("`cancel`", node, CANCEL_KEYS, nodes, problems))
                .map(cancel -> {
                    cancel.required("after", "when, counted from the begin of the run");
                    Duration after = cancel.duration("after", Duration.ZERO, MockReader.LONGEST)
                            .orElse(Duration.ZERO);
                    String reason =
                            cancel.text("reason").map(ScalarNode::getValue).orElse("the test cancels it");
                    return plan.cancelledAfter(after, reason);
                })
                .orElse(plan);
    }
}
