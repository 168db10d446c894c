package io.millrace.coordinator.topology;

import io.millrace.event.Admission;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PoolId;
import java.util.Optional;

/**
 * Which runs share slots: those of a pipeline with one key, or all that take theirs of a pool.
 *
 * @param owner the key of their records on the topic of admissions: the id of the pipeline, or {@code pool/} and the name of the pool
 * @param key what the pipeline's {@code concurrency.key} gave for them; empty where it has none, and of a pool
 */
record SlotKey(String owner, String key) {
    private static final String OF_POOL = "pool/";

    static SlotKey of(PipelineId pipeline, String key) {
        return new SlotKey(pipeline.value(), key);
    }

    static SlotKey of(PoolId pool) {
        return new SlotKey(OF_POOL + pool.value(), "");
    }

    /** @throws IllegalArgumentException when its pool or its pipeline has no id */
    static SlotKey of(Admission admission) {
        return of(admission.getPool(), admission.getPipeline(), admission.getKey());
    }

    static SlotKey of(Optional<String> pool, String pipeline, String key) {
        return pool.map(name -> of(new PoolId(name))).orElseGet(() -> of(new PipelineId(pipeline), key));
    }

    /** The pool, if they share one. */
    Optional<PoolId> pool() {
        return owner.startsWith(OF_POOL)
                ? Optional.of(new PoolId(owner.substring(OF_POOL.length())))
                : Optional.empty();
    }
}
