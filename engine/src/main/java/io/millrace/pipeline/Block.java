package io.millrace.pipeline;

import io.millrace.expression.Place;
import io.millrace.expression.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A mapping with known keys, read one key at a time; whatever is wrong becomes a problem, and the key counts as absent. */
public final class Block {
    private final String name;
    private final Place place;
    private final Map<String, Nodes.Member> members;
    private final Nodes nodes;
    private final Problems problems;

    private Block(String name, Place place, Map<String, Nodes.Member> members, Nodes nodes, Problems problems) {
        this.name = name;
        this.place = place;
        this.members = members;
        this.nodes = nodes;
        this.problems = problems;
    }

    /** The block that a node is; empty when it is no mapping. Unknown keys are problems. */
    public static Optional<Block> of(String name, Node node, List<String> keys, Nodes nodes, Problems problems) {
        Place place = nodes.source().place(node);
        if (!(node instanceof MappingNode mapping)) {
            problems.add(
                    place, name + " is " + nodes.describe(node), "an object with the keys " + String.join(", ", keys));
            return Optional.empty();
        }
        Map<String, Nodes.Member> members = nodes.members(mapping);
        for (Nodes.Member member : members.values()) {
            if (!keys.contains(member.name())) {
                // All keys, however many: who reads the list looks for one of them, and the test of the JSON Schema for
                // each.
                problems.add(
                        nodes.source().place(member.key()),
                        "unknown key `" + member.name() + "` in " + name,
                        Optional.of(keys.size() == 1 ? keys.get(0) : "one of " + String.join(", ", keys)),
                        Habits.suggestion(member.name(), keys).or(() -> Suggestion.of(member.name(), keys)));
            }
        }
        return Optional.of(new Block(name, place, members, nodes, problems));
    }

    /** Where it begins. */
    public Place place() {
        return place;
    }

    /** Whether the key is there. */
    public boolean has(String key) {
        return members.containsKey(key);
    }

    /** The value of a key; empty when it is absent. */
    public Optional<Node> node(String key) {
        return Optional.ofNullable(members.get(key)).map(Nodes.Member::value);
    }

    /** Where a key stands; of one that is absent, where the block begins. */
    public Place placeOfKey(String key) {
        Nodes.Member member = members.get(key);
        return member == null ? place : nodes.source().place(member.key());
    }

    /** The value of a key that has to be there. */
    public Optional<Node> required(String key, String expected) {
        if (!has(key)) {
            problems.add(place, name + " has no `" + key + "`", expected);
        }
        return node(key);
    }

    /** A string as it is; other scalars do not pass for one. */
    public Optional<ScalarNode> text(String key) {
        return node(key).flatMap(node -> text(node, "`" + key + "`"));
    }

    /** The same for a node. @param what how problems call it */
    public Optional<ScalarNode> text(Node node, String what) {
        if (Nodes.isText(node)) {
            return Optional.of((ScalarNode) node);
        }
        boolean scalar = node instanceof ScalarNode && !Nodes.isNull(node);
        problems.add(
                nodes.source().place(node),
                what + " is " + nodes.describe(node),
                Optional.of(scalar ? "a string, in quotes" : "a string"),
                Optional.empty());
        return Optional.empty();
    }

    /** An expression that stands by itself: any scalar, for {@code true} is one as well. */
    public Optional<ScalarNode> expression(String key) {
        return expression(key, "an expression that is true or false");
    }

    /** The same for an expression of another kind. @param expected what it is, for people */
    Optional<ScalarNode> expression(String key, String expected) {
        return node(key).flatMap(node -> {
            if (node instanceof ScalarNode scalar && !Nodes.isNull(node)) {
                return Optional.of(scalar);
            }
            problems.add(nodes.source().place(node), "`" + key + "` is " + nodes.describe(node), expected);
            return Optional.empty();
        });
    }

    /** One of a few words: the constants of an enum, in lower case. */
    public <E extends Enum<E>> Optional<E> word(String key, E[] values) {
        List<String> words = Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        return text(key).flatMap(node -> {
            int index = words.indexOf(node.getValue());
            if (index < 0) {
                problems.addUnknown(
                        nodes.source().place(node),
                        "`" + key + "` is \"" + node.getValue() + "\"",
                        node.getValue(),
                        words);
            }
            return index < 0 ? Optional.empty() : Optional.of(values[index]);
        });
    }

    /** True or false. */
    public Optional<Boolean> flag(String key) {
        return node(key).flatMap(node -> {
            if (node.getTag().equals(Tag.BOOL)) {
                return Optional.of(Boolean.valueOf(((ScalarNode) node).getValue()));
            }
            problems.add(nodes.source().place(node), "`" + key + "` is " + nodes.describe(node), "true or false");
            return Optional.empty();
        });
    }

    Optional<String> description() {
        return text("description").map(ScalarNode::getValue).filter(text -> {
            boolean fits = text.codePointCount(0, text.length()) <= PipelineLimits.DESCRIPTION_LENGTH;
            if (!fits) {
                problems.add(
                        nodes.source().place(node("description").orElseThrow()),
                        "the description is longer than " + PipelineLimits.DESCRIPTION_LENGTH + " characters");
            }
            return fits;
        });
    }

    /** A duration within these bounds. */
    public Optional<Duration> duration(String key, Duration least, Duration most) {
        Optional<Node> node = node(key);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> duration =
                Nodes.isText(node.get()) ? Durations.parse(((ScalarNode) node.get()).getValue()) : Optional.empty();
        if (duration.isEmpty()) {
            problems.add(
                    nodes.source().place(node.get()),
                    "`" + key + "` is " + nodes.describe(node.get())
                            + (node.get().getTag().equals(Tag.INT) ? ", which has no unit" : ""),
                    Durations.RULE);
        } else if (duration.get().compareTo(least) < 0 || duration.get().compareTo(most) > 0) {
            problems.add(
                    nodes.source().place(node.get()),
                    "`" + key + "` is " + ((ScalarNode) node.get()).getValue(),
                    "a duration from " + Durations.format(least) + " to " + Durations.format(most));
            return Optional.empty();
        }
        return duration;
    }

    Optional<Long> size(String key, long leastBytes, long mostBytes) {
        Optional<Node> node = node(key);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        Optional<Long> bytes =
                Nodes.isText(node.get()) ? Sizes.parse(((ScalarNode) node.get()).getValue()) : Optional.empty();
        if (bytes.isEmpty()) {
            problems.add(
                    nodes.source().place(node.get()),
                    "`" + key + "` is " + nodes.describe(node.get())
                            + (node.get().getTag().equals(Tag.INT) ? ", which has no unit" : ""),
                    Sizes.RULE);
        }
        return bytes.filter(size -> {
            boolean fits = size >= leastBytes && size <= mostBytes;
            if (!fits) {
                problems.add(
                        nodes.source().place(node.get()),
                        "`" + key + "` is " + ((ScalarNode) node.get()).getValue(),
                        "a size from " + Sizes.format(leastBytes) + " to " + Sizes.format(mostBytes));
            }
            return fits;
        });
    }

    /** An integer within these bounds. */
    public Optional<Integer> integer(String key, int least, int most) {
        return node(key).flatMap(node -> {
            Object value = node.getTag().equals(Tag.INT) ? nodes.scalar((ScalarNode) node) : null;
            if (value instanceof Long number && number >= least && number <= most) {
                return Optional.of(number.intValue());
            }
            problems.add(
                    nodes.source().place(node),
                    "`" + key + "` is " + nodes.describe(node),
                    "an integer from " + least + " to " + most);
            return Optional.empty();
        });
    }

    /** A number within these bounds. */
    public Optional<Double> decimal(String key, double least, double most) {
        return node(key).flatMap(node -> {
            boolean numeric = node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
            Object value = numeric ? nodes.scalar((ScalarNode) node) : null;
            if (value instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
                return Optional.of(number.doubleValue());
            }
            problems.add(
                    nodes.source().place(node),
                    "`" + key + "` is " + nodes.describe(node),
                    "a number from " + plain(least) + " to " + plain(most));
            return Optional.empty();
        });
    }

    /** The elements of a list of at most so many; empty when the key is absent. */
    public List<Node> list(String key, int most) {
        Optional<Node> node = node(key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof SequenceNode sequence)) {
            problems.add(nodes.source().place(node.get()), "`" + key + "` is " + nodes.describe(node.get()), "a list");
            return List.of();
        }
        return checked(key, sequence.getValue(), most);
    }

    /** The members of an object with names of its own, of at most so many; empty when the key is absent. */
    public List<Nodes.Member> object(String key, int most) {
        Optional<Node> node = node(key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof MappingNode mapping)) {
            problems.add(
                    nodes.source().place(node.get()), "`" + key + "` is " + nodes.describe(node.get()), "an object");
            return List.of();
        }
        return checked(key, new ArrayList<>(nodes.members(mapping).values()), most);
    }

    private <T> List<T> checked(String key, List<T> values, int most) {
        if (values.size() > most) {
            problems.add(placeOfKey(key), "`" + key + "` has " + values.size() + " entries; the limit is " + most);
            return List.of();
        }
        return values;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
