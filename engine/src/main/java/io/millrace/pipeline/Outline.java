package io.millrace.pipeline;

import io.millrace.expression.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Where in a pipeline's file its keys stand, and which of them are written there at all: a {@link Pipeline} has the defaults filled in
 * and cannot tell any more.
 */
public final class Outline {
    /** The lists whose elements are tasks. */
    private static final Set<String> TASK_LISTS = Set.of("tasks", "finally", "on_failure");

    private final SourceText source;
    private final Node root;
    private final Map<String, Node> tasks = new LinkedHashMap<>();
    private final Map<String, Node> triggers = new LinkedHashMap<>();

    private Outline(SourceText source, Node root) {
        this.source = source;
        this.root = root;
        noteTasks(root);
        noteTriggers();
    }

    /**
     * The outline of a file that {@link PipelineParser} found no problem in.
     *
     * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException when it is no YAML
     * @throws IllegalArgumentException when it is empty
     */
    public static Outline of(String source) {
        SourceText text = new SourceText(source.startsWith("\uFEFF") ? source.substring(1) : source);
        return new Outline(
                text,
                new Compose(PipelineParser.SETTINGS)
                        .composeString(text.text())
                        .orElseThrow(() -> new IllegalArgumentException("the file is empty")));
    }

    /** Where the value of a key stands, such as {@code defaults, retry}; empty when it is not written. */
    public Optional<Place> place(String... keys) {
        return find(root, keys).map(source::place);
    }

    /** Where the value of a task's key stands; without a key, where its id does. Empty when it is not written. */
    public Optional<Place> placeInTask(TaskId task, String... keys) {
        String[] path = keys.length == 0 ? new String[] {"id"} : keys;
        return Optional.ofNullable(tasks.get(task.value()))
                .flatMap(node -> find(node, path))
                .map(source::place);
    }

    /** Where a key within a task stands itself; empty when it is not written. */
    public Optional<Place> placeOfKeyInTask(TaskId task, String... keys) {
        String[] parents = Arrays.copyOf(keys, keys.length - 1);
        return Optional.ofNullable(tasks.get(task.value()))
                .flatMap(node -> find(node, parents))
                .flatMap(parent -> tuple(parent, keys[keys.length - 1]))
                .map(member -> source.place(member.getKeyNode()));
    }

    /** The text of a scalar of a task; empty when it is not written, or is a list or an object. */
    public Optional<String> textInTask(TaskId task, String... keys) {
        return Optional.ofNullable(tasks.get(task.value()))
                .flatMap(node -> find(node, keys))
                .flatMap(Outline::text);
    }

    /** Where the value of a trigger's key stands; empty when it is not written. */
    public Optional<Place> placeInTrigger(TriggerId trigger, String... keys) {
        return inTrigger(trigger, keys).map(source::place);
    }

    /** The text of a scalar of a trigger; empty when it is not written, or is a list or an object. */
    public Optional<String> textInTrigger(TriggerId trigger, String... keys) {
        return inTrigger(trigger, keys).flatMap(Outline::text);
    }

    /** The keys of an object within a trigger in file order; none when it is not written. */
    public List<String> keysInTrigger(TriggerId trigger, String... keys) {
        return inTrigger(trigger, keys).map(Outline::keysOf).orElse(List.of());
    }

    private Optional<Node> inTrigger(TriggerId trigger, String... keys) {
        return Optional.ofNullable(triggers.get(trigger.value())).flatMap(node -> find(node, keys));
    }

    private void noteTriggers() {
        if (member(root, "triggers").orElse(null) instanceof SequenceNode sequence) {
            for (Node trigger : sequence.getValue()) {
                member(trigger, "id").flatMap(Outline::text).ifPresent(id -> triggers.putIfAbsent(id, trigger));
            }
        }
    }

    /** The text of a scalar; empty when it is not written, or is a list or an object. */
    public Optional<String> text(String... keys) {
        return find(root, keys).flatMap(Outline::text);
    }

    /** The keys of an object in file order; none when it is not written. */
    public List<String> keys(String... keys) {
        return find(root, keys).map(Outline::keysOf).orElse(List.of());
    }

    /** The keys of an object within a task in file order; none when it is not written. */
    public List<String> keysInTask(TaskId task, String... keys) {
        return Optional.ofNullable(tasks.get(task.value()))
                .flatMap(node -> find(node, keys))
                .map(Outline::keysOf)
                .orElse(List.of());
    }

    private static Optional<String> text(Node node) {
        return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    private static List<String> keysOf(Node node) {
        List<String> keys = new ArrayList<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple member : mapping.getValue()) {
                text(member.getKeyNode()).ifPresent(keys::add);
            }
        }
        return keys;
    }

    private static Optional<Node> find(Node from, String... keys) {
        Optional<Node> node = Optional.of(from);
        for (String key : keys) {
            node = node.flatMap(parent -> member(parent, key));
        }
        return node;
    }

    private static Optional<Node> member(Node node, String key) {
        return tuple(node, key).map(NodeTuple::getValueNode);
    }

    private static Optional<NodeTuple> tuple(Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple member : mapping.getValue()) {
                if (text(member.getKeyNode()).filter(key::equals).isPresent()) {
                    return Optional.of(member);
                }
            }
        }
        return Optional.empty();
    }

    /** The parser has bounded how deep a file nests, so that this may descend. */
    private void noteTasks(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            return;
        }
        for (NodeTuple member : mapping.getValue()) {
            boolean list =
                    text(member.getKeyNode()).filter(TASK_LISTS::contains).isPresent();
            if (list && member.getValueNode() instanceof SequenceNode sequence) {
                for (Node task : sequence.getValue()) {
                    member(task, "id").flatMap(Outline::text).ifPresent(id -> tasks.putIfAbsent(id, task));
                    noteTasks(task);
                }
            }
        }
    }
}
