package io.millrace.testkit.file;

import io.millrace.expression.Expressions;
import io.millrace.pipeline.Block;
import io.millrace.pipeline.Deferred;
import io.millrace.pipeline.Nodes;
import io.millrace.pipeline.PipelineLimits;
import io.millrace.pipeline.Problems;
import io.millrace.pipeline.TaskId;
import io.millrace.pipeline.Wait;
import io.millrace.testkit.Mock;
import io.millrace.testkit.Outcome;
import io.millrace.testkit.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads what a test says of its tasks: an outcome, or a list of them, attempt by attempt. */
final class MockReader {
    static final List<String> KEYS = Stream.concat(EndingReader.KEYS.stream(), Stream.of("takes", "times", "progress"))
            .toList();
    static final List<String> PROGRESS_KEYS = List.of("after", "done", "checkpoint");

    /** The longest virtual time that one thing may take. */
    static final Duration LONGEST = PipelineLimits.WAIT;

    private static final int MOST_PARTS = 1_000;

    private final Nodes nodes;
    private final Problems problems;
    private final TaskNames names;
    private final EndingReader endings;

    MockReader(Nodes nodes, Problems problems, TaskNames names, Expressions expressions) {
        this.nodes = nodes;
        this.problems = problems;
        this.names = names;
        this.endings = new EndingReader(nodes, problems, expressions);
    }

    /** The mocks under {@code tasks}; those with problems are left out. */
    Map<TaskId, Mock> mocks(Block block) {
        Map<TaskId, Mock> mocks = new LinkedHashMap<>();
        for (Nodes.Member member : block.object("tasks", PipelineLimits.TASKS)) {
            names.id(member.key()).ifPresent(id -> {
                List<Mock.Part> parts = parts(id, member);
                if (!parts.isEmpty()) {
                    mocks.put(id, new Mock(parts));
                }
            });
        }
        return mocks;
    }

    private List<Mock.Part> parts(TaskId task, Nodes.Member member) {
        if (names.task(task).action() instanceof Wait) {
            problems.add(
                    nodes.source().place(member.key()),
                    "nothing can be said of the task " + task + ": it waits for the virtual clock");
            return List.of();
        }
        if (!(member.value() instanceof SequenceNode sequence)) {
            return part(task, member.value(), true).map(List::of).orElse(List.of());
        }
        List<Node> each = sequence.getValue();
        if (each.isEmpty() || each.size() > MOST_PARTS) {
            problems.add(
                    nodes.source().place(sequence),
                    "the mock of " + task + " is a list of " + each.size() + " outcomes",
                    "1 to " + MOST_PARTS);
            return List.of();
        }
        List<Mock.Part> parts = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            part(task, each.get(i), i == each.size() - 1).ifPresent(parts::add);
        }
        return parts;
    }

    /** @param last the last one counts for all attempts that follow, unless it says for how many it does */
    private Optional<Mock.Part> part(TaskId task, Node node, boolean last) {
        int before = problems.count();
        Optional<Block> block = Block.of("the mock of " + task, node, KEYS, nodes, problems);
        if (block.isEmpty()) {
            return Optional.empty();
        }
        Block mock = block.get();
        Optional<EndingReader.Read> ending = endings.read(names.task(task), mock);
        Optional<Duration> takes = mock.duration("takes", Duration.ZERO, LONGEST);
        int times = mock.integer("times", 1, MOST_PARTS).orElse(last ? Mock.ALWAYS : 1);
        List<Progress> progress = progress(mock);
        if (mock.has("progress") && names.task(task).action() instanceof Deferred) {
            problems.add(
                    mock.placeOfKey("progress"),
                    "no worker executes the task " + task + ", so nobody says how far it is");
        }
        if (problems.count() > before || ending.isEmpty()) {
            return Optional.empty();
        }
        EndingReader.Read read = ending.get();
        Duration time = read.after().or(() -> takes).orElse(Duration.ZERO);
        return Optional.of(new Mock.Part(attempt -> new Outcome(read.ending().apply(attempt), time, progress), times));
    }

    private List<Progress> progress(Block mock) {
        List<Progress> all = new ArrayList<>();
        for (Node node : TaskNames.oneOrMany(mock, "progress")) {
            Block.of("`progress`", node, PROGRESS_KEYS, nodes, problems).ifPresent(said -> {
                Optional<Double> done = said.decimal("done", 0, 1);
                all.add(new Progress(
                        said.duration("after", Duration.ZERO, LONGEST).orElse(Duration.ZERO),
                        done.isPresent() ? OptionalDouble.of(done.get()) : OptionalDouble.empty(),
                        said.node("checkpoint").flatMap(nodes::value).map(value -> Values.json(value.orElse(null)))));
            });
        }
        return all;
    }
}
