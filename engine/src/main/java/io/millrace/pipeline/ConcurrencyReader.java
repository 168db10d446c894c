package io.millrace.pipeline;

import io.millrace.expression.Expressions;
import io.millrace.expression.Viewpoint;
import io.millrace.pipeline.Concurrency.Conflict;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads how many runs of a pipeline may be under way: a number by itself, or an object with a {@code limit}, a {@code pool} or both. */
final class ConcurrencyReader {
    private static final List<String> KEYS = List.of("limit", "pool", "key", "conflict", "priority");

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
                    .map(limit -> new Concurrency(
                            limit, Optional.empty(), Optional.empty(), Conflict.QUEUE, Priority.NORMAL));
        }
        return node.flatMap(object -> Block.of("`concurrency`", object, KEYS, nodes, problems))
                .flatMap(this::concurrency);
    }

    private Optional<Concurrency> concurrency(Block block) {
        int before = problems.count();
        boolean shares = block.node("pool").isPresent();
        Optional<PoolId> pool = block.text("pool").flatMap(this::pool);
        Optional<Integer> limit = shares && block.node("limit").isEmpty()
                ? Optional.of(Concurrency.ANY_NUMBER)
                : block.required("limit", "how many runs may be under way at a time, or a `pool`")
                        .flatMap(given -> block.integer("limit", 1, PipelineLimits.CONCURRENT_RUNS));
        Optional<EventKey> key =
                block.expression("key", "an expression such as inputs.customer").flatMap(this::key);
        Optional<Conflict> conflict = block.word("conflict", Conflict.values());
        Priority priority = block.word("priority", Priority.values()).orElse(Priority.NORMAL);
        limit.filter(most -> most == Concurrency.ANY_NUMBER).ifPresent(none -> {
            needsLimit(block, "key");
            needsLimit(block, "conflict");
        });
        return problems.count() > before
                ? Optional.empty()
                : limit.map(most -> new Concurrency(most, pool, key, conflict.orElse(Conflict.QUEUE), priority));
    }

    /** What is said of a limit that is not there. */
    private void needsLimit(Block block, String key) {
        block.node(key)
                .ifPresent(node -> problems.add(
                        nodes.source().place(node),
                        "`" + key + "` is about a `limit` of the pipeline's own, and there is none",
                        "a `limit` beside the `pool`"));
    }

    private Optional<PoolId> pool(ScalarNode node) {
        String name = node.getValue();
        if (!Names.isId(name)) {
            problems.add(nodes.source().place(node), "`pool` is \"" + name + "\"", Names.ID_RULE);
            return Optional.empty();
        }
        return Optional.of(new PoolId(name));
    }

    private Optional<EventKey> key(ScalarNode node) {
        Viewpoint start = new Viewpoint(Viewpoint.START, task -> false);
        return EventKey.read(nodes.source().excerpt(node), expressions, start, problems);
    }
}
