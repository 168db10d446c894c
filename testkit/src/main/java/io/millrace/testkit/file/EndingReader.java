package io.millrace.testkit.file;

import io.millrace.engine.Failure;
import io.millrace.engine.RunStatus;
import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Expressions;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.expression.Local;
import io.millrace.expression.Template;
import io.millrace.expression.Viewpoint;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.Block;
import io.millrace.pipeline.Nodes;
import io.millrace.pipeline.Problems;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.Templates;
import io.millrace.testkit.Attempt;
import io.millrace.testkit.Ending;
import io.millrace.testkit.OutcomeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads how a mocked attempt ends: one of a few keys says it, and not every kind of task can end in every way. */
final class EndingReader {
    static final List<String> ANSWER_KEYS = List.of("by", "after", "comment");
    static final List<String> RUN_KEYS = List.of("status", "reason");

    /** The keys, each with an ending of that kind. */
    private static final Map<String, Ending> KINDS = kinds();

    /** The keys. */
    static final List<String> KEYS = List.copyOf(KINDS.keySet());

    private final Nodes nodes;
    private final Problems problems;
    private final Expressions expressions;
    private final FailureReader failures;

    /**
     * How an attempt ends.
     *
     * @param ending the ending of an attempt
     * @param after when, where that is said with it
     */
    record Read(Function<Attempt, Ending> ending, Optional<Duration> after) {
        private static Read always(Ending ending) {
            return new Read(attempt -> ending, Optional.empty());
        }
    }

    /** What can happen to the worker of an attempt. */
    private enum Worker {
        LOST,
        STOPPED
    }

    /** What an attempt can do besides. */
    private enum Ends {
        NEVER
    }

    EndingReader(Nodes nodes, Problems problems, Expressions expressions) {
        this.nodes = nodes;
        this.problems = problems;
        this.expressions = expressions;
        this.failures = new FailureReader(nodes, problems);
    }

    private static Map<String, Ending> kinds() {
        Map<String, Ending> kinds = new LinkedHashMap<>();
        kinds.put("output", new Ending.Gives(Document.EMPTY));
        kinds.put("fail", new Ending.Fails(Failure.permanent(Failure.Kind.ERROR, "")));
        kinds.put("worker", new Ending.LosesWorker());
        kinds.put("ends", new Ending.Never());
        kinds.put("approve", new Ending.Answered(true, null, null));
        kinds.put("reject", new Ending.Answered(false, null, null));
        kinds.put("run", new Ending.RunEnds(RunStatus.FAILED, null));
        return kinds;
    }

    /** How the mock lets an attempt at the task end; without a word it succeeds with an empty output. Empty after a problem. */
    Optional<Read> read(Task task, Block mock) {
        List<String> keys = KEYS.stream().filter(mock::has).toList();
        if (keys.size() > 1) {
            problems.add(
                    mock.placeOfKey(keys.get(1)),
                    "an attempt ends in one way, and this has `" + keys.get(0) + "` already",
                    "a list of outcomes, one for each attempt");
            return Optional.empty();
        }
        if (keys.isEmpty() && task.action() instanceof Approval) {
            problems.add(mock.place(), "an approval needs an answer", "`approve`, `reject` or `ends: never`");
            return Optional.empty();
        }
        return keys.isEmpty()
                ? Optional.of(Read.always(new Ending.Gives(Document.EMPTY)))
                : read(task, mock, keys.get(0));
    }

    private Optional<Read> read(Task task, Block mock, String key) {
        List<String> fitting = KINDS.entrySet().stream()
                .filter(kind -> kind.getValue().fits(task.action()))
                .map(Map.Entry::getKey)
                .toList();
        if (!fitting.contains(key)) {
            problems.add(
                    mock.placeOfKey(key),
                    "the task " + task.id() + " is of the kind `"
                            + task.action().kind() + "`, which cannot end with `" + key + "`",
                    "one of " + String.join(", ", fitting));
            return Optional.empty();
        }
        Node node = mock.node(key).orElseThrow();
        return switch (key) {
            case "output" -> output(task, node);
            case "fail" -> failures.read(node).map(Ending.Fails::new).map(Read::always);
            case "worker" ->
                mock.word("worker", Worker.values())
                        .map(what -> what == Worker.LOST ? new Ending.LosesWorker() : new Ending.IsReleased())
                        .map(Read::always);
            case "ends" -> mock.word("ends", Ends.values()).map(never -> Read.always(new Ending.Never()));
            case "run" -> run(mock, node);
            default -> answer(key, node);
        };
    }

    private Optional<Read> output(Task task, Node node) {
        if (!(node instanceof MappingNode)) {
            problems.add(nodes.source().place(node), "`output` is " + nodes.describe(node), "an object");
            return Optional.empty();
        }
        Viewpoint from = new Viewpoint(task.id().value(), other -> true);
        return new Templates(
                        nodes,
                        problems,
                        expressions,
                        task.forEach().isPresent() ? from.with(Local.ITEM, Local.INDEX) : from)
                .value(node)
                .map(output -> new Read(attempt -> new Ending.Gives(evaluated(output, attempt)), Optional.empty()));
    }

    private static Document evaluated(Template output, Attempt attempt) {
        try {
            return Document.ofValue(output.evaluate(attempt.scope()));
        } catch (EvaluationException | InvalidDocumentException e) {
            throw new OutcomeException("the mock of " + attempt.task() + ": " + e.getMessage(), e);
        }
    }

    private Optional<Read> answer(String key, Node node) {
        boolean approved = key.equals("approve");
        if (Nodes.isNull(node) || Nodes.isText(node)) {
            String by = Nodes.isNull(node) ? null : ((ScalarNode) node).getValue();
            return Optional.of(Read.always(new Ending.Answered(approved, by, null)));
        }
        return Block.of("`" + key + "`", node, ANSWER_KEYS, nodes, problems).map(answer -> {
            Ending ending = new Ending.Answered(approved, text(answer, "by"), text(answer, "comment"));
            return new Read(attempt -> ending, answer.duration("after", Duration.ZERO, MockReader.LONGEST));
        });
    }

    private Optional<Read> run(Block mock, Node node) {
        RunStatus[] ends = {RunStatus.FAILED, RunStatus.CANCELLED};
        if (Nodes.isText(node)) {
            return mock.word("run", ends).map(status -> Read.always(new Ending.RunEnds(status, null)));
        }
        return Block.of("`run`", node, RUN_KEYS, nodes, problems).flatMap(run -> {
            run.required("status", "failed or cancelled");
            String reason = text(run, "reason");
            return run.word("status", ends).map(status -> Read.always(new Ending.RunEnds(status, reason)));
        });
    }

    private static @Nullable String text(Block block, String key) {
        return block.text(key).map(ScalarNode::getValue).orElse(null);
    }
}
