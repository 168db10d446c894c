package io.millrace.audit.log;

import io.millrace.engine.BackfillId;
import io.millrace.engine.Parent;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Triggers as the engine's values and as Avro. */
public final class Triggers {
    private Triggers() {}

    /** As Avro. */
    public static Trigger toAvro(RunTrigger trigger) {
        Trigger.Builder builder = Trigger.newBuilder()
                .setKind(TriggerKind.valueOf(trigger.kind().name()))
                .setSource(trigger.source())
                .setIdempotencyKey(trigger.idempotencyKey())
                .setTraceparent(trigger.traceparent());
        Parent parent = trigger.parent();
        if (parent != null) {
            builder.setParentRunId(parent.run().value())
                    .setParentTask(parent.task().value())
                    .setParentAttempt(parent.attempt())
                    .setDepth(parent.depth());
        }
        RunTrigger.RecordPosition record = trigger.record();
        if (record != null) {
            builder.setTopic(record.topic()).setPartition(record.partition()).setOffset(record.offset());
        }
        RunTrigger.Firing firing = trigger.firing();
        BackfillId backfill = trigger.backfill();
        if (firing != null) {
            builder.setTriggerId(firing.trigger())
                    .setLogicalTime(firing.logicalTime())
                    .setUpstreamRunIds(
                            firing.upstream().stream().map(RunId::value).toList())
                    .setBackfillId(backfill == null ? null : backfill.value());
            if (parent == null) {
                builder.setDepth(firing.depth());
            }
        }
        return builder.build();
    }

    /** As the engine's value; a command without a trigger counts as one by the API. */
    public static RunTrigger fromAvro(@Nullable Trigger trigger) {
        if (trigger == null) {
            return new RunTrigger(RunTrigger.Kind.API, "", null, null, null, null, null);
        }
        RunTrigger.RecordPosition record = trigger.getTopic()
                .map(topic -> new RunTrigger.RecordPosition(topic, trigger.getPartition(), trigger.getOffset()))
                .orElse(null);
        return new RunTrigger(
                switch (trigger.getKind()) {
                    case RECORD -> RunTrigger.Kind.RECORD;
                    case RUN -> RunTrigger.Kind.RUN;
                    case SCHEDULE -> RunTrigger.Kind.SCHEDULE;
                    case WEBHOOK -> RunTrigger.Kind.WEBHOOK;
                    case KAFKA -> RunTrigger.Kind.KAFKA;
                    case UPSTREAM -> RunTrigger.Kind.UPSTREAM;
                    case BACKFILL -> RunTrigger.Kind.BACKFILL;
                    case FILE -> RunTrigger.Kind.FILE;
                    case ALERT -> RunTrigger.Kind.ALERT;
                    case API, UNKNOWN -> RunTrigger.Kind.API;
                },
                trigger.getSource(),
                trigger.getIdempotencyKey().orElse(null),
                record,
                trigger.getParentRunId()
                        .map(run -> new Parent(
                                new RunId(run),
                                new TaskId(trigger.getParentTask().orElse("")),
                                trigger.getParentAttempt(),
                                trigger.getDepth()))
                        .orElse(null),
                trigger.getTriggerId()
                        .map(id -> new RunTrigger.Firing(
                                id,
                                trigger.getLogicalTime().orElse(Instant.EPOCH),
                                trigger.getUpstreamRunIds().stream()
                                        .map(RunId::new)
                                        .toList(),
                                trigger.getDepth(),
                                trigger.getBackfillId().map(BackfillId::new).orElse(null)))
                        .orElse(null),
                trigger.getTraceparent().orElse(null));
    }
}
