package io.millrace.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a pipeline's {@code defaults} say for tasks that do not say otherwise. */
record Defaults(
        RetrySettings retry,
        Optional<Duration> timeout,
        Optional<Long> memoryBytes,
        Optional<String> queue,
        Optional<WorkerLoss> onWorkerLoss,
        List<Nodes.Member> env) {
    static final Defaults NONE = new Defaults(
            RetrySettings.NONE, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    private static final List<String> KEYS = List.of("timeout", "memory", "retry", "queue", "env", "on_worker_loss");

    static Defaults read(Block pipeline, TaskReader tasks, Nodes nodes, Problems problems) {
        return pipeline.node("defaults")
                .flatMap(node -> Block.of("`defaults`", node, KEYS, nodes, problems))
                .map(block -> new Defaults(
                        RetrySettings.read(block, nodes, problems),
                        tasks.timeout(block),
                        tasks.memoryBytes(block),
                        tasks.queue(block),
                        tasks.onWorkerLoss(block),
                        tasks.env(block)))
                .orElse(NONE);
    }
}
