package io.millrace.audit.log;

import io.millrace.engine.Slot;
import io.millrace.event.RunSlot;
import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.PoolId;

/** Slots of runs as the engine's values and as Avro: what is written is read back the same. */
public final class Slots {
    private static final int NO_LIMIT = 0;

    private Slots() {}

    /** As Avro. */
    public static RunSlot toAvro(Slot slot) {
        PoolId pool = slot.pool();
        RunSlot.Builder avro = RunSlot.newBuilder()
                .setKey(slot.key())
                .setAsked(slot.asked())
                .setPool(pool == null ? null : pool.value())
                .setPriority(Priorities.toAvro(slot.priority()));
        Slot.Grant grant = slot.grant();
        if (grant != null) {
            avro.setLimit(number(grant.limit()))
                    .setPoolLimit(number(grant.poolLimit()))
                    .setPartition(grant.partition())
                    .setOffset(grant.offset());
        }
        return avro.build();
    }

    /** As the engine's value. */
    public static Slot fromAvro(RunSlot avro) {
        boolean isHeld = avro.getOffset() >= 0;
        return new Slot(
                avro.getPool().map(PoolId::new).orElse(null),
                avro.getKey(),
                Priorities.fromAvro(avro.getPriority()),
                avro.getAsked(),
                isHeld
                        ? new Slot.Grant(
                                limit(avro.getLimit()),
                                limit(avro.getPoolLimit()),
                                avro.getPartition(),
                                avro.getOffset())
                        : null);
    }

    private static int number(int limit) {
        return limit == Concurrency.ANY_NUMBER ? NO_LIMIT : limit;
    }

    private static int limit(int number) {
        return number == NO_LIMIT ? Concurrency.ANY_NUMBER : number;
    }
}
