package io.millrace.coordinator.topology;

import io.millrace.audit.log.Slots;
import io.millrace.audit.log.Triggers;
import io.millrace.engine.Effect;
import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.engine.Slot;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunOutcome;
import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import java.time.Instant;

/** What one run asks of another, or tells it, and what becomes of its wish for a slot: commands that the engine sends to itself, since the other may be anywhere. */
final class EngineCommands {
    /** Asks for the version of a pipeline that is current when the command is read. */
    static final int CURRENT_VERSION = 0;

    private EngineCommands() {}

    static RunCommand start(Effect.StartRun start, Instant now) {
        return RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(start.run().value())
                .setPipeline(start.pipeline().value())
                .setVersion(CURRENT_VERSION)
                .setInputs(start.inputs().json())
                .setTrigger(Triggers.toAvro(start.trigger()))
                .setRequestedAt(now)
                .build();
    }

    static RunCommand cancel(Effect.CancelRun cancel, Instant now) {
        return cancel(cancel.run(), cancel.reason(), now);
    }

    static RunCommand admit(PipelineId pipeline, RunId run, Slot slot, Instant now) {
        return RunCommand.newBuilder()
                .setType(RunCommandType.ADMIT)
                .setRunId(run.value())
                .setPipeline(pipeline.value())
                .setSlot(Slots.toAvro(slot))
                .setRequestedAt(now)
                .build();
    }

    static RunCommand cancel(RunId run, String reason, Instant now) {
        return RunCommand.newBuilder()
                .setType(RunCommandType.CANCEL)
                .setRunId(run.value())
                .setReason(reason)
                .setRequestedAt(now)
                .build();
    }

    /** Tells the run above of the end of this one. */
    static RunCommand ended(RunId child, Effect.TellParent end, Instant now) {
        RunStatus outcome = end.outcome();
        Document output = end.output();
        return RunCommand.newBuilder()
                .setType(RunCommandType.RUN_ENDED)
                .setRunId(end.parent().run().value())
                .setTask(end.parent().task().value())
                .setAttempt(end.parent().attempt())
                .setChildRunId(child.value())
                .setOutcome(outcome == null ? RunOutcome.REFUSED : RunOutcome.valueOf(outcome.name()))
                .setOutput(output == null ? null : output.json())
                .setReason(end.reason())
                .setRequestedAt(now)
                .build();
    }
}
