package io.millrace.pipeline;

import io.millrace.expression.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A {@code retry} as it is written: what it leaves out comes from the pipeline's {@code defaults}, and then from us. */
record RetrySettings(
        Optional<Integer> max,
        Optional<Duration> backoff,
        Optional<Double> factor,
        Optional<Double> jitter,
        Optional<Duration> cap,
        Optional<ScalarNode> condition) {
    static final RetrySettings NONE = ofMax(Optional.empty());

    private static final List<String> KEYS = List.of("max", "backoff", "factor", "jitter", "cap", "if");

    private static RetrySettings ofMax(Optional<Integer> max) {
        return new RetrySettings(
                max, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Reads the key {@code retry} of a block: a number of retries, or an object. */
    static RetrySettings read(Block block, Nodes nodes, Problems problems) {
        Optional<Node> node = block.node("retry");
        if (node.isEmpty()) {
            return NONE;
        }
        if (node.get() instanceof ScalarNode) {
            if (!node.get().getTag().equals(Tag.INT)) {
                problems.add(
                        nodes.source().place(node.get()),
                        "`retry` is " + nodes.describe(node.get()),
                        "a number of retries, or an object with the keys " + String.join(", ", KEYS));
                return NONE;
            }
            Optional<Integer> max = block.integer("retry", 0, PipelineLimits.RETRIES);
            return ofMax(max);
        }
        return Block.of("`retry`", node.get(), KEYS, nodes, problems)
                .map(retry -> read(retry, problems))
                .orElse(NONE);
    }

    private static RetrySettings read(Block retry, Problems problems) {
        RetrySettings read = new RetrySettings(
                retry.integer("max", 0, PipelineLimits.RETRIES),
                retry.duration("backoff", Duration.ZERO, PipelineLimits.RETRY_WAIT),
                retry.decimal("factor", 1, PipelineLimits.RETRY_FACTOR),
                retry.decimal("jitter", 0, 1),
                retry.duration("cap", Duration.ZERO, PipelineLimits.RETRY_WAIT),
                retry.expression("if"));
        if (read.cap.isPresent() && read.backoff.isPresent() && read.cap.get().compareTo(read.backoff.get()) < 0) {
            problems.add(
                    retry.placeOfKey("cap"),
                    "`cap` is shorter than `backoff`",
                    "at least " + Durations.format(read.backoff.get()));
        }
        return read;
    }

    /**
     * The policy of a task with these settings in a pipeline with those defaults.
     *
     * @param compiled the condition of these settings or, where they have none, of the defaults
     */
    RetryPolicy policy(RetrySettings defaults, Optional<Condition> compiled) {
        int most = max.or(() -> defaults.max).orElse(0);
        if (most == 0) {
            return RetryPolicy.NONE;
        }
        RetryPolicy own = RetryPolicy.NONE;
        Duration wait = backoff.or(() -> defaults.backoff).orElse(own.backoff());
        Duration longest = cap.or(() -> defaults.cap).orElse(own.cap());
        return new RetryPolicy(
                most,
                wait,
                factor.or(() -> defaults.factor).orElse(own.factor()),
                jitter.or(() -> defaults.jitter).orElse(own.jitter()),
                longest.compareTo(wait) < 0 ? wait : longest,
                compiled);
    }
}
