package io.millrace.testkit.file;

import io.millrace.expression.Suggestion;
import io.millrace.pipeline.Block;
import io.millrace.pipeline.Nodes;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Problems;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the ids of tasks and items in a file of tests; one that the pipeline does not have is a problem. */
final class TaskNames {
    private static final int MOST = 1_000;

    private final Pipeline pipeline;
    private final Nodes nodes;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();

    TaskNames(Pipeline pipeline, Nodes nodes, Problems problems) {
        this.pipeline = pipeline;
        this.nodes = nodes;
        this.problems = problems;
        pipeline.tasks().forEach(task -> known.add(task.id().value()));
    }

    /** The ids of the pipeline's alerts, in file order. */
    Set<String> alerts() {
        return pipeline.alerts().all().stream()
                .map(rule -> rule.id().value())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The task or item; empty after a problem. */
    Optional<TaskId> id(ScalarNode node) {
        String written = node.getValue();
        int bracket = written.indexOf('[');
        String base = bracket < 0 ? written : written.substring(0, bracket);
        if (!known.contains(base)) {
            problems.add(
                    nodes.source().place(node),
                    "the pipeline " + pipeline.id() + " has no task `" + base + "`",
                    Optional.of(shown()),
                    Suggestion.of(base, known).map(name -> name + written.substring(base.length())));
            return Optional.empty();
        }
        TaskId id;
        try {
            id = new TaskId(written);
        } catch (IllegalArgumentException e) {
            problems.add(
                    nodes.source().place(node),
                    "`" + written + "` is no item of " + base,
                    "one such as " + base + "[0]");
            return Optional.empty();
        }
        if (id.isItem() && task(id).forEach().isEmpty()) {
            problems.add(nodes.source().place(node), "the task " + base + " has no items", base);
            return Optional.empty();
        }
        return Optional.of(id);
    }

    /** The task of the pipeline that this is, or is an item of. */
    Task task(TaskId id) {
        return pipeline.task(id.base());
    }

    /** One id or a list of them; those with a problem are left out. */
    List<TaskId> ids(Block block, String key) {
        List<TaskId> ids = new ArrayList<>();
        for (Node node : oneOrMany(block, key)) {
            block.text(node, "an entry of `" + key + "`").flatMap(this::id).ifPresent(ids::add);
        }
        return ids;
    }

    /** One value or a list of them. */
    static List<Node> oneOrMany(Block block, String key) {
        Optional<Node> node = block.node(key);
        if (node.isPresent() && !(node.get() instanceof SequenceNode)) {
            return List.of(node.get());
        }
        return block.list(key, MOST);
    }

    private String shown() {
        int shown = 20;
        String list = known.stream().limit(shown).collect(Collectors.joining(", "));
        return known.size() == 1 ? list : "one of " + list + (known.size() > shown ? ", …" : "");
    }
}
