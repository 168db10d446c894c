package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.expression.Suggestion;
import io.millrace.expression.ValueType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the declared inputs of a pipeline and the declared outputs of its tasks. */
final class InputsReader {
    private static final List<String> KEYS = List.of("type", "default", "required", "description");
    private static final List<String> TYPES =
            Arrays.stream(ValueType.values()).map(ValueType::word).toList();
    private static final List<String> INPUT_TYPES =
            TYPES.stream().filter(word -> !word.equals(ValueType.FILE.word())).toList();

    /** What other languages call our types. */
    private static final Map<String, String> SYNONYMS = Map.ofEntries(
            Map.entry("str", "string"),
            Map.entry("text", "string"),
            Map.entry("varchar", "string"),
            Map.entry("int", "integer"),
            Map.entry("long", "integer"),
            Map.entry("int64", "integer"),
            Map.entry("float", "number"),
            Map.entry("double", "number"),
            Map.entry("decimal", "number"),
            Map.entry("bool", "boolean"),
            Map.entry("array", "list"),
            Map.entry("seq", "list"),
            Map.entry("map", "object"),
            Map.entry("dict", "object"),
            Map.entry("json", "any"));

    private final Nodes nodes;
    private final Problems problems;

    InputsReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    Map<String, InputSpec> inputs(Block pipeline) {
        Map<String, InputSpec> inputs = new LinkedHashMap<>();
        for (Nodes.Member member : pipeline.object("inputs", PipelineLimits.INPUTS)) {
            if (named(member, "an input")) {
                inputs.put(member.name(), input(member));
            }
        }
        return inputs;
    }

    Map<String, ValueType> outputs(Block task, Optional<String> kind) {
        Map<String, ValueType> outputs = new LinkedHashMap<>();
        for (Nodes.Member member : task.object("outputs", PipelineLimits.OUTPUTS)) {
            if (named(member, "an output")) {
                ValueType type = type(member.value(), TYPES).orElse(ValueType.ANY);
                if (type == ValueType.FILE
                        && kind.filter(known -> !KeyUse.hasFileOutputs(known)).isPresent()) {
                    problems.add(
                            nodes.source().place(member.value()),
                            "`" + kind.get() + "` gives no files",
                            Problems.oneOf(INPUT_TYPES));
                }
                outputs.put(member.name(), type);
            }
        }
        return outputs;
    }

    private boolean named(Nodes.Member member, String what) {
        boolean good = Names.isMember(member.name()) && !Names.WORDS.contains(member.name());
        if (!good) {
            problems.add(
                    nodes.source().place(member.key()),
                    "\"" + member.name() + "\" is no name for " + what,
                    Names.WORDS.contains(member.name())
                            ? "a name that is no word of the expression language"
                            : Names.MEMBER_RULE);
        }
        return good;
    }

    private InputSpec input(Nodes.Member member) {
        if (member.value() instanceof ScalarNode) {
            // The short form: the type alone.
            ValueType type = type(member.value(), INPUT_TYPES).orElse(ValueType.ANY);
            return new InputSpec(member.name(), type, Optional.empty(), true, Optional.empty());
        }
        Optional<Block> block = Block.of("the input " + member.name(), member.value(), KEYS, nodes, problems);
        if (block.isEmpty()) {
            return new InputSpec(member.name(), ValueType.ANY, Optional.empty(), false, Optional.empty());
        }
        ValueType type = block.get()
                .required("type", Problems.oneOf(INPUT_TYPES))
                .flatMap(node -> type(node, INPUT_TYPES))
                .orElse(ValueType.ANY);
        Optional<Object> defaultValue =
                block.get().node("default").flatMap(node -> defaultValue(node, member.name(), type));
        boolean hasDefault = block.get().has("default");
        boolean required = block.get().flag("required").orElse(!hasDefault);
        if (required && hasDefault) {
            problems.add(
                    block.get().placeOfKey("required"), "an input with a default is not required", "no `required`");
        }
        return new InputSpec(
                member.name(),
                type,
                defaultValue,
                required && !hasDefault,
                block.get().description());
    }

    private Optional<Object> defaultValue(Node node, String name, ValueType type) {
        Optional<Optional<Object>> read = nodes.value(node);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        if (read.get().isEmpty()) {
            problems.add(
                    nodes.source().place(node),
                    "the default of " + name + " is nothing",
                    "a value, or `required: false` without a default");
            return Optional.empty();
        }
        Object value = read.get().get();
        if (!type.accepts(value)) {
            problems.add(
                    nodes.source().place(node),
                    "the default of " + name + " is " + nodes.describe(node),
                    type.describe());
            return Optional.empty();
        }
        if (value instanceof String text && text.contains("${{")) {
            problems.add(
                    nodes.source().place(node), "the default of " + name + " holds an expression", "a plain value");
            return Optional.empty();
        }
        try {
            return Optional.of(copied(value));
        } catch (InvalidDocumentException e) {
            problems.add(nodes.source().place(node), "the default of " + name + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The value as documents hold it: sorted, and not to be changed. */
    private static Object copied(Object value) {
        return Objects.requireNonNull(
                Document.of(Map.of("value", value)).asMap().get("value"));
    }

    private Optional<ValueType> type(Node node, List<String> allowed) {
        String word = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        Optional<ValueType> type = ValueType.named(word).filter(named -> allowed.contains(named.word()));
        if (type.isEmpty()) {
            String folded = word.toLowerCase(Locale.ROOT);
            Optional<String> meant = Optional.ofNullable(SYNONYMS.get(folded))
                    .or(() -> Suggestion.of(folded, allowed))
                    .or(() -> allowed.contains(folded) ? Optional.of(folded) : Optional.empty());
            boolean isWord = node instanceof ScalarNode && !Nodes.isNull(node);
            String fault = isWord ? "there is no type \"" + word + "\"" : "a type is " + nodes.describe(node);
            problems.add(
                    nodes.source().place(node),
                    TYPES.contains(word) ? "the type " + word + " is for outputs" : fault,
                    Optional.of(Problems.oneOf(allowed)),
                    meant);
        }
        return type;
    }
}
