package io.millrace.coordinator.topology;

import io.millrace.engine.Effect;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.Slot;
import io.millrace.event.Admission;
import io.millrace.event.AdmissionType;
import java.time.Instant;

/** What runs ask of {@link SlotShard}, since the slots of their pipeline may be anywhere. */
final class Admissions {
    private Admissions() {}

    static Admission ask(RunId run, RunHead head, Slot slot, Instant now) {
        return about(run, head, slot, now)
                .setType(AdmissionType.ASK)
                .setVersion(head.version())
                .build();
    }

    static Admission release(RunId run, RunHead head, Effect.GiveSlotBack back, Instant now) {
        return about(run, head, back.slot(), now)
                .setType(AdmissionType.RELEASE)
                .setEnded(back.ended())
                .build();
    }

    private static Admission.Builder about(RunId run, RunHead head, Slot slot, Instant now) {
        return Admission.newBuilder()
                .setRunId(run.value())
                .setPipeline(head.pipeline().value())
                .setKey(slot.key())
                .setAsked(slot.asked())
                .setAt(now);
    }
}
