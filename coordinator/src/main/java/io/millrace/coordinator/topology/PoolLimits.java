package io.millrace.coordinator.topology;

import io.millrace.pipeline.PoolId;

/**
 * How many slots each pool has.
 *
 * <p><b>Threading:</b> called by stream threads; never waits.
 */
public interface PoolLimits {
    /** How many a pool has of which nobody has said anything: whoever forgets to say so gets the careful answer. */
    int UNLESS_SET = 1;

    /** Pools of which nobody has said anything. */
    PoolLimits NONE_SET = new PoolLimits() {
        @Override
        public int of(PoolId pool) {
            return UNLESS_SET;
        }

        @Override
        public long changes() {
            return 0;
        }
    };

    /** How many runs may have a slot of a pool at a time; 0 for a closed one. */
    int of(PoolId pool);

    /** Another number whenever a pool was changed. */
    long changes();
}
