package io.millrace.pipeline;

import io.millrace.expression.Expressions;
import io.millrace.expression.Viewpoint;
import io.millrace.pipeline.Concurrency.Conflict;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads how many runs of a pipeline may be under way: a number by itself, or an object with {@code limit}, {@code key} and {@code conflict}. */
final class ConcurrencyReader {
    private static final List<String> KEYS = List.of("limit", "key", "conflict");

    private final Nodes nodes;
    private final Problems problems;
    private final Expressions expressions;

    ConcurrencyReader(Nodes nodes, Problems problems, Expressions expressions) {
        this.nodes = nodes;
        this.problems = problems;
        this.expressions = expressions;
    }

    /** What the pipeline says of it; empty when it says nothing, and after a problem. */
    Optional<Concurrency> read(Block pipeline) {
        Optional<Node> node = pipeline.node("concurrency");
        if (node.isPresent() && !(node.get() instanceof MappingNode)) {
            return pipeline.integer("concurrency", 1, PipelineLimits.CONCURRENT_RUNS)
                    .map(limit -> new Concurrency(limit, Optional.empty(), Conflict.QUEUE));
        }
        return node.flatMap(object -> Block.of("`concurrency`", object, KEYS, nodes, problems))
                .flatMap(this::concurrency);
    }

    private Optional<Concurrency> concurrency(Block block) {
        int before = problems.count();
        Optional<Integer> limit = block.required("limit", "how many runs may be under way at a time")
                .flatMap(given -> block.integer("limit", 1, PipelineLimits.CONCURRENT_RUNS));
        Optional<EventKey> key =
                block.expression("key", "an expression such as inputs.customer").flatMap(this::key);
        Conflict conflict = block.word("conflict", Conflict.values()).orElse(Conflict.QUEUE);
        return problems.count() > before ? Optional.empty() : limit.map(most -> new Concurrency(most, key, conflict));
    }

    private Optional<EventKey> key(ScalarNode node) {
        Viewpoint start = new Viewpoint(Viewpoint.START, task -> false);
        return EventKey.read(nodes.source().excerpt(node), expressions, start, problems);
    }
}
