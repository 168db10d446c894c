package io.millrace.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads one task, and the settings that tasks share with {@code defaults}. */
final class TaskReader {
    private static final List<String> FIRST_KEYS =
            List.of("id", "description", "needs", "trigger_rule", "if", "for_each");
    private static final List<String> LAST_KEYS = List.of(
            "with", "env", "files", "outputs", "check", "retry", "timeout", "memory", "queue", "on_worker_loss");
    static final List<String> KEYS =
            Stream.of(FIRST_KEYS, Kinds.KEYS, LAST_KEYS).flatMap(List::stream).toList();
    private static final List<String> FOR_EACH_KEYS = List.of("items", "max_parallel", "on_item_failure");
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Nodes nodes;
    private final Problems problems;
    private final Kinds kinds;
    private final PlainTexts texts;
    private final InputsReader outputs;

    TaskReader(Nodes nodes, Problems problems, InputsReader outputs) {
        this.nodes = nodes;
        this.problems = problems;
        this.kinds = new Kinds(nodes, problems);
        this.texts = new PlainTexts(nodes, problems);
        this.outputs = outputs;
    }

    /** A task; one without a readable id is nameless. */
    Optional<TaskDraft> read(Node node, Stage stage) {
        Optional<Block> block = Block.of("a task", node, KEYS, nodes, problems);
        if (block.isEmpty()) {
            return Optional.empty();
        }
        Block task = block.get();
        Optional<String> id = id(task, "a task");
        Optional<String> kind = kinds.kind(task);
        kind.ifPresent(known -> KeyUse.check(known, task, problems));
        Optional<ActionDraft> action = kind.flatMap(known -> kinds.read(known, task));
        TaskDraft draft = new TaskDraft(
                id.orElse(TaskDraft.NAMELESS),
                task.has("id") ? nodes.source().place(task.node("id").orElseThrow()) : task.place(),
                task.description(),
                stage,
                needs(task),
                task.word("trigger_rule", TriggerRule.values()).orElse(TriggerRule.ALL_SUCCEEDED),
                task.expression("if"),
                task.node("for_each").flatMap(this::forEach),
                kind,
                action,
                with(task),
                env(task),
                outputs.outputs(task, kind),
                task.expression("check"),
                RetrySettings.read(task, nodes, problems),
                timeout(task),
                memoryBytes(task),
                queue(task),
                onWorkerLoss(task),
                files(task, action));
        return Optional.of(id.isPresent() ? draft : draft.nameless());
    }

    Optional<String> id(Block block, String what) {
        Optional<Node> node = block.required("id", Names.ID_RULE);
        Optional<ScalarNode> text = node.flatMap(value -> block.text(value, "the id of " + what));
        return text.map(ScalarNode::getValue).filter(id -> {
            if (Names.isId(id) && !Names.WORDS.contains(id)) {
                return true;
            }
            problems.add(
                    nodes.source().place(text.get()),
                    "\"" + id + "\" is no id",
                    Names.WORDS.contains(id) ? "a name that is no word of the expression language" : Names.ID_RULE);
            return false;
        });
    }

    Optional<Duration> timeout(Block block) {
        return block.duration("timeout", SHORTEST, PipelineLimits.TIMEOUT);
    }

    Optional<Long> memoryBytes(Block block) {
        return block.size("memory", PipelineLimits.LEAST_MEMORY_BYTES, PipelineLimits.MEMORY_BYTES);
    }

    Optional<String> queue(Block block) {
        return block.text("queue").map(ScalarNode::getValue).filter(queue -> {
            if (!Names.isId(queue)) {
                problems.add(
                        nodes.source().place(block.node("queue").orElseThrow()),
                        "\"" + queue + "\" is no name for a queue",
                        Names.ID_RULE);
            }
            return Names.isId(queue);
        });
    }

    Optional<WorkerLoss> onWorkerLoss(Block block) {
        return block.word("on_worker_loss", WorkerLoss.values());
    }

    /** A list, or an expression that gives one, by itself or with settings. */
    private Optional<TaskDraft.ForEachDraft> forEach(Node node) {
        if (!(node instanceof MappingNode)) {
            return Optional.of(new TaskDraft.ForEachDraft(node, 0, ForEach.ItemFailure.FINISH));
        }
        return Block.of("`for_each`", node, FOR_EACH_KEYS, nodes, problems).flatMap(block -> {
            Optional<Integer> maxParallel = block.integer("max_parallel", 1, PipelineLimits.ITEMS);
            Optional<ForEach.ItemFailure> onItemFailure = block.word("on_item_failure", ForEach.ItemFailure.values());
            return block.required("items", "a list, or an expression that gives one")
                    .map(items -> new TaskDraft.ForEachDraft(
                            items, maxParallel.orElse(0), onItemFailure.orElse(ForEach.ItemFailure.FINISH)));
        });
    }

    List<Nodes.Member> env(Block block) {
        List<Nodes.Member> variables = new ArrayList<>();
        for (Nodes.Member variable : block.object("env", PipelineLimits.ENV)) {
            String name = variable.name();
            if (name.startsWith("MILLRACE_")) {
                problems.add(
                        nodes.source().place(variable.key()),
                        "the variable " + name + " is one of Millrace's own",
                        "a name that does not begin with MILLRACE_");
            } else if (!Names.isMember(name)) {
                problems.add(
                        nodes.source().place(variable.key()),
                        "\"" + name + "\" is no name for an environment variable",
                        Names.MEMBER_RULE);
            } else {
                variables.add(variable);
            }
        }
        return variables;
    }

    private List<TaskDraft.Need> needs(Block task) {
        Optional<Node> node = task.node("needs");
        if (node.isPresent() && node.get() instanceof ScalarNode && !Nodes.isNull(node.get())) {
            return task.text("needs").stream().map(this::need).toList();
        }
        List<TaskDraft.Need> needs = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Node element : task.list("needs", PipelineLimits.NEEDS)) {
            Optional<ScalarNode> text = task.text(element, "an entry of `needs`");
            if (text.isPresent()) {
                if (seen.add(text.get().getValue())) {
                    needs.add(need(text.get()));
                } else {
                    problems.add(
                            nodes.source().place(element), "`" + text.get().getValue() + "` stands twice in `needs`");
                }
            }
        }
        return needs;
    }

    private TaskDraft.Need need(ScalarNode node) {
        return new TaskDraft.Need(node.getValue(), nodes.source().place(node));
    }

    private Optional<Node> with(Block task) {
        return task.node("with").filter(node -> {
            if (!(node instanceof MappingNode)) {
                problems.add(nodes.source().place(node), "`with` is " + nodes.describe(node), "an object");
            }
            return node instanceof MappingNode;
        });
    }

    private List<String> files(Block task, Optional<ActionDraft> action) {
        Set<String> files = new LinkedHashSet<>();
        for (Node node : task.list("files", PipelineLimits.FILES)) {
            Optional<String> path = task.text(node, "a file").flatMap(texts::path);
            if (path.isPresent() && !files.add(path.get())) {
                problems.add(nodes.source().place(node), "the file " + path.get() + " stands twice in `files`");
            }
        }
        action.flatMap(ActionDraft::script).ifPresent(files::add);
        return List.copyOf(files);
    }
}
