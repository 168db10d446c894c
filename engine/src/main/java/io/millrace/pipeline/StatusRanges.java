package io.millrace.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads statuses of HTTP: a list of numbers such as {@code 404} and ranges such as {@code 200..299}, ends included. */
final class StatusRanges {
    private static final Pattern RANGE = Pattern.compile("([1-5][0-9]{2})(?:\\.\\.([1-5][0-9]{2}))?");
    private static final int MOST = 100;

    private final Nodes nodes;
    private final Problems problems;

    StatusRanges(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    /** The ranges, each as a list of its first and its last status. */
    List<List<Integer>> read(Block block, String key) {
        List<List<Integer>> ranges = new ArrayList<>();
        for (Node node : block.list(key, MOST)) {
            Optional<List<Integer>> range = range(node);
            range.ifPresent(ranges::add);
            if (range.isEmpty()) {
                problems.add(
                        nodes.source().place(node),
                        "an entry of `" + key + "` is " + nodes.describe(node),
                        "a status such as 404, or a range such as 200..299");
            }
        }
        return ranges;
    }

    private static Optional<List<Integer>> range(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            return Optional.empty();
        }
        Matcher matcher = RANGE.matcher(scalar.getValue());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        return first <= last ? Optional.of(List.of(first, last)) : Optional.empty();
    }
}
