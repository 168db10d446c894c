package io.millrace.coordinator.topology;

import io.millrace.pipeline.PoolId;
import java.util.HashMap;
import java.util.Map;

/** Pools as the test sets them. */
final class TestingPools implements PoolLimits {
    private final Map<PoolId, Integer> slots = new HashMap<>();
    private long changes;

    void set(String pool, int number) {
        slots.put(new PoolId(pool), number);
        changes++;
    }

    @Override
    public int of(PoolId pool) {
        return slots.getOrDefault(pool, UNLESS_SET);
    }

    @Override
    public long changes() {
        return changes;
    }
}
