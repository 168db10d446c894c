package io.millrace.pipeline;

import io.millrace.expression.Declarations;
import io.millrace.expression.Expressions;
import io.millrace.expression.Place;
import io.millrace.expression.Template;
import io.millrace.expression.ValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the pipeline that a YAML tree describes. */
final class PipelineReader {
    static final List<String> KEYS = List.of(
            "id",
            "description",
            "owner",
            "triggers",
            "inputs",
            "outputs",
            "timeout",
            "concurrency",
            "defaults",
            "tasks",
            "on_failure",
            "finally",
            "alerts",
            "channel");

    /** What there is to name of a task with {@code for_each}. */
    private static final Map<String, ValueType> OF_ITEMS = ofItems();

    private final Nodes nodes;
    private final Problems problems;
    private final InputsReader inputsReader;
    private final TaskReader taskReader;
    private final TriggersReader triggersReader;

    PipelineReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
        this.inputsReader = new InputsReader(nodes, problems);
        this.taskReader = new TaskReader(nodes, problems, inputsReader);
        this.triggersReader = new TriggersReader(nodes, problems, taskReader);
    }

    private static Map<String, ValueType> ofItems() {
        Map<String, ValueType> members = new LinkedHashMap<>();
        members.put("items", ValueType.LIST);
        members.put("succeeded", ValueType.INTEGER);
        members.put("failed", ValueType.INTEGER);
        return Collections.unmodifiableMap(members);
    }

    /** The pipeline; empty exactly if there are problems. */
    Optional<Pipeline> read(Node root) {
        Optional<Block> block = Block.of("the pipeline", root, KEYS, nodes, problems);
        return block.flatMap(this::read);
    }

    private Optional<Pipeline> read(Block pipeline) {
        Optional<String> id = taskReader.id(pipeline, "the pipeline");
        Optional<String> description = pipeline.description();
        Optional<String> owner = owner(pipeline);
        Map<String, InputSpec> inputs = inputsReader.inputs(pipeline);
        Optional<Duration> timeout = taskReader.timeout(pipeline);
        Defaults defaults = Defaults.read(pipeline, taskReader, nodes, problems);
        List<TaskDraft> drafts = drafts(pipeline);
        List<TaskDraft> named = drafts.stream()
                .filter(draft -> !draft.id().equals(TaskDraft.NAMELESS))
                .toList();

        TaskGraph graph = new TaskGraph(named, problems);
        Expressions expressions = new Expressions(declarations(inputs, named));
        TaskAssembly assembly = new TaskAssembly(nodes, problems, expressions, graph, defaults);
        List<TaskAssembly.Parts> parts = drafts.stream().map(assembly::parts).toList();
        Map<String, Template> outputs = assembly.outputs(pipeline);
        List<TriggerDefinition> triggers = triggersReader.read(pipeline, inputs, expressions);
        Optional<Concurrency> concurrency = new ConcurrencyReader(nodes, problems, expressions).read(pipeline);
        List<AlertRule> alerts = alerts(pipeline, named, expressions);
        if (problems.count() > 0) {
            return Optional.empty();
        }
        List<Task> tasks = parts.stream().map(assembly::task).toList();
        return id.map(known -> new Pipeline(
                new PipelineId(known),
                description,
                owner,
                triggers,
                inputs,
                outputs,
                timeout,
                concurrency,
                tasks,
                alerts));
    }

    private List<AlertRule> alerts(Block pipeline, List<TaskDraft> named, Expressions expressions) {
        Set<String> tasks = named.stream().map(TaskDraft::id).collect(Collectors.toSet());
        Set<String> plain = named.stream()
                .filter(draft -> draft.forEach().isEmpty())
                .map(TaskDraft::id)
                .collect(Collectors.toSet());
        return new AlertsReader(nodes, problems, taskReader, expressions, tasks, plain).read(pipeline);
    }

    private Optional<String> owner(Block pipeline) {
        return pipeline.text("owner")
                .map(ScalarNode::getValue)
                .map(String::strip)
                .filter(owner -> {
                    boolean good = !owner.isEmpty()
                            && owner.length() <= PipelineLimits.OWNER_LENGTH
                            && owner.chars().noneMatch(Character::isISOControl);
                    if (!good) {
                        problems.add(
                                nodes.source().place(pipeline.node("owner").orElseThrow()),
                                "`owner` says nobody who could be asked",
                                "a team, a person or an address in one line of 1 to " + PipelineLimits.OWNER_LENGTH
                                        + " characters");
                    }
                    return good;
                });
    }

    private static Declarations declarations(Map<String, InputSpec> inputs, List<TaskDraft> drafts) {
        Map<String, ValueType> inputTypes = new LinkedHashMap<>();
        inputs.forEach((name, input) -> inputTypes.put(name, input.type()));
        Map<String, Map<String, ValueType>> outputs = new LinkedHashMap<>();
        drafts.forEach(
                draft -> outputs.put(draft.id(), draft.forEach().isPresent() ? OF_ITEMS : draft.expectedOutputs()));
        Map<String, Declarations.Iterated> iterated = new LinkedHashMap<>();
        for (TaskDraft draft : drafts) {
            draft.forEach()
                    .ifPresent(forEach ->
                            iterated.put(draft.id(), ItemTypes.of(forEach.items(), draft.expectedOutputs())));
        }
        return new Declarations(inputTypes, outputs, iterated);
    }

    private List<TaskDraft> drafts(Block pipeline) {
        pipeline.required(Stage.MAIN.key(), "a list of tasks");
        Map<String, TaskDraft> firsts = new LinkedHashMap<>();
        List<TaskDraft> drafts = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            for (Node task : nodes(pipeline, stage)) {
                taskReader.read(task, stage).map(draft -> unique(draft, firsts)).ifPresent(drafts::add);
            }
        }
        if (drafts.size() > PipelineLimits.TASKS) {
            problems.add(
                    pipeline.placeOfKey(Stage.MAIN.key()),
                    "the pipeline has " + drafts.size() + " tasks; the limit is " + PipelineLimits.TASKS);
            return List.of();
        }
        return drafts;
    }

    private List<Node> nodes(Block pipeline, Stage stage) {
        Optional<Node> node = pipeline.node(stage.key());
        if (node.isEmpty()) {
            return List.of();
        }
        Place place = nodes.source().place(node.get());
        if (!(node.get() instanceof SequenceNode sequence)) {
            problems.add(
                    place,
                    "`" + stage.key() + "` is " + nodes.describe(node.get()),
                    "a list of tasks, each beginning with `- id:`");
            return List.of();
        }
        if (sequence.getValue().isEmpty()) {
            problems.add(place, "`" + stage.key() + "` is an empty list", "at least one task");
        }
        if (sequence.getValue().size() > PipelineLimits.TASKS) {
            problems.add(
                    pipeline.placeOfKey(stage.key()),
                    "the pipeline has " + sequence.getValue().size() + " tasks; the limit is " + PipelineLimits.TASKS);
            return List.of();
        }
        return sequence.getValue();
    }

    private TaskDraft unique(TaskDraft draft, Map<String, TaskDraft> firsts) {
        boolean named = !draft.id().equals(TaskDraft.NAMELESS);
        TaskDraft first = named ? firsts.putIfAbsent(draft.id(), draft) : null;
        if (first == null) {
            return draft;
        }
        problems.add(
                draft.place(),
                "the id " + draft.id() + " is taken by the task on line "
                        + first.place().line());
        return draft.nameless();
    }
}
