package io.millrace.coordinator.topology;

import io.millrace.audit.log.Triggers;
import io.millrace.engine.Backfill;
import io.millrace.engine.BackfillId;
import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.engine.RunTrigger;
import io.millrace.event.BackfillCommand;
import io.millrace.event.BackfillCommandType;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunOutcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What backfills ask of runs, and what runs tell them, since the other may be anywhere. */
final class BackfillCommands {
    private BackfillCommands() {}

    /** Asks for the run of a tick. Its inputs are found where it starts, so that the command is always small enough to wait. */
    static RunCommand start(Backfill.Order order, Backfill.Tick tick, String trace, Instant now) {
        RunTrigger.Firing firing = new RunTrigger.Firing(order.trigger(), tick.at(), List.of(), 0, order.id());
        RunTrigger trigger = new RunTrigger(
                RunTrigger.Kind.BACKFILL, order.pipeline() + "/" + order.trigger(), null, null, null, firing, trace);
        return RunCommand.newBuilder()
                .setType(RunCommandType.BACKFILL)
                .setRunId(tick.run().value())
                .setPipeline(order.pipeline().value())
                .setVersion(order.version())
                .setTrigger(Triggers.toAvro(trigger))
                .setAgain(order.again())
                .setRequestedAt(now)
                .build();
    }

    static RunCommand cancel(RunId run, BackfillId backfill, Instant now) {
        return RunCommand.newBuilder(EngineCommands.cancel(run, "the backfill " + backfill + " was cancelled", now))
                .setBackfillId(backfill.value())
                .build();
    }

    /** A run was there already. @param ended how it has ended; null when it is under way */
    static BackfillCommand there(BackfillId backfill, RunId run, @Nullable RunStatus ended, Instant now) {
        return told(BackfillCommandType.RUN_THERE, backfill, run, now)
                .setOutcome(ended == null ? null : RunOutcome.valueOf(ended.name()))
                .build();
    }

    static BackfillCommand ended(BackfillId backfill, RunId run, RunStatus outcome, Instant now) {
        return told(BackfillCommandType.RUN_ENDED, backfill, run, now)
                .setOutcome(RunOutcome.valueOf(outcome.name()))
                .build();
    }

    static BackfillCommand refused(BackfillId backfill, RunId run, String reason, Instant now) {
        return told(BackfillCommandType.RUN_REFUSED, backfill, run, now)
                .setReason(reason)
                .build();
    }

    private static BackfillCommand.Builder told(BackfillCommandType type, BackfillId backfill, RunId run, Instant now) {
        return BackfillCommand.newBuilder()
                .setType(type)
                .setBackfillId(backfill.value())
                .setRunId(run.value())
                .setAt(now);
    }
}
