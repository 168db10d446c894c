package io.millrace.coordinator.topology;

import io.millrace.audit.log.Priorities;
import io.millrace.engine.Effect;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.Slot;
import io.millrace.event.Admission;
import io.millrace.event.AdmissionType;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PoolId;
import java.time.Instant;

/** What runs ask of {@link SlotShard}, since the slots that they share may be anywhere. */
final class Admissions {
    private Admissions() {}

    static Admission ask(RunId run, RunHead head, Slot slot, Instant now) {
        return about(run, head.pipeline(), slot, now)
                .setType(AdmissionType.ASK)
                .setVersion(head.version())
                .setPriority(Priorities.toAvro(slot.priority()))
                .build();
    }

    static Admission release(RunId run, Effect.GiveSlotBack back, Instant now) {
        return about(run, back.pipeline(), back.slot(), now)
                .setType(AdmissionType.RELEASE)
                .setEnded(back.ended())
                .build();
    }

    private static Admission.Builder about(RunId run, PipelineId pipeline, Slot slot, Instant now) {
        PoolId pool = slot.pool();
        return Admission.newBuilder()
                .setPool(pool == null ? null : pool.value())
                .setRunId(run.value())
                .setPipeline(pipeline.value())
                .setKey(slot.key())
                .setAsked(slot.asked())
                .setAt(now);
    }
}
