package io.millrace.engine;

import io.millrace.pipeline.PoolId;
import io.millrace.pipeline.Priority;
import org.jspecify.annotations.Nullable;

/**
 * A run's place among those of which only so many may be under way at a time: those of its pipeline, or of all that share a pool.
 *
 * @param pool the pool whose slots it shares; null when it shares those of its pipeline alone
 * @param key what the pipeline's {@code concurrency.key} gave for the run; empty where it has none
 * @param priority among those that wait
 * @param asked the number of the run event that asked for it, so that an answer to an earlier request is told apart
 * @param grant that the run has it; null while it waits
 */
public record Slot(
        @Nullable PoolId pool,
        String key,
        Priority priority,
        long asked,
        @Nullable Grant grant) {
    /**
     * That a slot was given to a run.
     *
     * @param limit how many runs of the pipeline, with this key, might have one then, this one included
     * @param poolLimit how many of all that share the pool
     * @param partition of the record on the topic of admissions by which it was decided
     * @param offset of that record
     */
    public record Grant(int limit, int poolLimit, int partition, long offset) {}

    /** Whether the run has it. */
    public boolean isHeld() {
        return grant != null;
    }

    Slot granted(Grant given) {
        return new Slot(pool, key, priority, asked, given);
    }
}
