package io.millrace.coordinator.topology;

import io.millrace.audit.log.AlertSignals;
import io.millrace.engine.Effect;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.event.Admission;
import io.millrace.event.AlertSignal;
import io.millrace.event.BackfillCommand;
import io.millrace.event.RunCommand;
import io.millrace.event.UpstreamEnd;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done because of a decision about a run, as records for whoever does it, in the transaction of the decision and as a step of the run's trace.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class EffectWriter {
    private final ProcessorContext<byte[], Outbound> context;
    private final RecordWriter writer;
    private final EngineCounts counts;

    EffectWriter(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.writer = decisions.writer();
        this.counts = decisions.counts();
    }

    /** Writes what an effect asks for. @param head the run; null when it is not known */
    void write(RunId id, @Nullable RunHead head, Effect effect) {
        if (effect instanceof Effect.DispatchTask order && head != null) {
            context.forward(writer.task(id, head, order, now()), RunTopology.WRITE_TASKS);
            counts.dispatched();
        } else if (effect instanceof Effect.RequestCancellation request) {
            context.forward(writer.cancellation(id, head, request, now()), RunTopology.WRITE_WORKER_CONTROL);
        } else if (effect instanceof Effect.StartRun child) {
            command(EngineCommands.start(child, now()), head);
        } else if (effect instanceof Effect.CancelRun child) {
            command(EngineCommands.cancel(child, now()), head);
        } else if (effect instanceof Effect.TellParent end) {
            command(EngineCommands.ended(id, end, now()), head);
        } else if (effect instanceof Effect.AskForSlot wanted && head != null) {
            admission(Admissions.ask(id, head, wanted.slot(), now()), head);
        } else if (effect instanceof Effect.GiveSlotBack back) {
            admission(Admissions.release(id, back, now()), head);
        } else if (effect instanceof Effect.TellAlerts told && head != null) {
            alertSignal(AlertSignals.toAvro(id, head, told.signal()), head);
        }
    }

    void command(RunCommand command, @Nullable RunHead head) {
        context.forward(writer.command(command, trace(head), now()), RunTopology.WRITE_ENGINE_COMMANDS);
    }

    void backfill(BackfillCommand told, @Nullable RunHead head) {
        context.forward(writer.backfill(told, trace(head), now()), RunTopology.WRITE_BACKFILLS);
    }

    void alertSignal(AlertSignal signal, RunHead head) {
        context.forward(writer.alertSignal(signal, trace(head), now()), RunTopology.WRITE_ALERT_SIGNALS);
    }

    void upstreamEnd(UpstreamEnd end, RunHead head) {
        context.forward(writer.upstreamEnd(end, trace(head), now()), RunTopology.WRITE_UPSTREAM_ENDS);
    }

    private void admission(Admission admission, @Nullable RunHead head) {
        context.forward(writer.admission(admission, trace(head), now()), RunTopology.WRITE_ADMISSIONS);
    }

    private static @Nullable String trace(@Nullable RunHead head) {
        return head == null ? null : head.trigger().traceparent();
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
