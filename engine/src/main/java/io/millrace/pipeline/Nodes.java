package io.millrace.pipeline;

import io.millrace.expression.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What YAML nodes are worth as JSON values. */
public final class Nodes {
    private final SourceText source;
    private final Problems problems;

    /** Of the nodes of one file. */
    public Nodes(SourceText source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /** The file. */
    public SourceText source() {
        return source;
    }

    /** Whether it is a string. */
    public static boolean isText(Node node) {
        return node instanceof ScalarNode && node.getTag().equals(Tag.STR);
    }

    /** Whether there is nothing. */
    public static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    /** What a node is, in words: {@code a list}, {@code nothing}, {@code the integer 3}. */
    public String describe(Node node) {
        if (node instanceof MappingNode) {
            return "an object";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        if (isNull(node)) {
            return "nothing";
        }
        ScalarNode scalar = (ScalarNode) node;
        return node.getTag().equals(Tag.STR) || node.getTag().equals(Tag.BOOL)
                ? ValueType.describe(isText(node) ? scalar.getValue() : (Object) Boolean.valueOf(scalar.getValue()))
                : (node.getTag().equals(Tag.INT) ? "the integer " : "the number ") + scalar.getValue();
    }

    /** A member of a mapping. */
    public record Member(ScalarNode key, Node value) {
        /** Its name. */
        public String name() {
            return key.getValue();
        }
    }

    /** The members of a mapping by name, in file order; of those that stand twice the first. */
    public Map<String, Member> members(MappingNode node) {
        Map<String, Member> members = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(source.place(tuple.getKeyNode()), "a key is " + describe(tuple.getKeyNode()), "a string");
                continue;
            }
            Member first = members.putIfAbsent(key.getValue(), new Member(key, tuple.getValueNode()));
            if (first != null) {
                problems.add(
                        source.place(key),
                        "the key `" + key.getValue() + "` stands twice; the first is on line "
                                + source.place(first.key()).line());
            }
        }
        return members;
    }

    /** A node as a JSON value; empty when there was a problem, and an empty Optional within for null. */
    public Optional<Optional<Object>> value(Node node) {
        int before = problems.count();
        Object value = read(node);
        return problems.count() == before ? Optional.of(Optional.ofNullable(value)) : Optional.empty();
    }

    private @Nullable Object read(Node node) {
        if (node instanceof MappingNode mapping) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            members(mapping).forEach((name, member) -> object.put(name, read(member.value())));
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            List<@Nullable Object> list = new ArrayList<>();
            sequence.getValue().forEach(element -> list.add(read(element)));
            return list;
        }
        return scalar((ScalarNode) node);
    }

    /** The JSON value of a scalar; null, too, after a problem. */
    public @Nullable Object scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.STR)) {
            return text;
        }
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        try {
            return tag.equals(Tag.INT) ? (Object) integer(text) : decimal(text);
        } catch (NumberFormatException e) {
            problems.add(
                    source.place(node),
                    "the number " + text + " cannot be held",
                    "an integer of at most 64 bits or a finite decimal; or a string, in quotes");
            return null;
        }
    }

    private static Long integer(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        if (digits.startsWith("0x")) {
            return Long.parseLong(digits.substring(2), 16);
        }
        return digits.startsWith("0o") ? Long.parseLong(digits.substring(2), 8) : Long.parseLong(digits);
    }

    private static Double decimal(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new NumberFormatException(text);
        }
        return value;
    }
}
