package io.millrace.audit.log;

import io.millrace.engine.Slot;
import io.millrace.event.RunSlot;

/** Slots of runs as the engine's values and as Avro: what is written is read back the same. */
public final class Slots {
    private Slots() {}

    /** As Avro. */
    public static RunSlot toAvro(Slot slot) {
        RunSlot.Builder avro = RunSlot.newBuilder().setKey(slot.key()).setAsked(slot.asked());
        Slot.Grant grant = slot.grant();
        if (grant != null) {
            avro.setLimit(grant.limit()).setPartition(grant.partition()).setOffset(grant.offset());
        }
        return avro.build();
    }

    /** As the engine's value. */
    public static Slot fromAvro(RunSlot avro) {
        boolean isHeld = avro.getOffset() >= 0;
        return new Slot(
                avro.getKey(),
                avro.getAsked(),
                isHeld ? new Slot.Grant(avro.getLimit(), avro.getPartition(), avro.getOffset()) : null);
    }
}
