package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.Backfill;
import io.millrace.engine.RunId;
import io.millrace.event.BackfillCommand;
import io.millrace.event.BackfillCommandType;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunOutcome;
import io.millrace.schedule.Schedule;
import io.millrace.schemas.wire.EventHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * The backfills of one partition. Each step, with the runs that it asks for, is in one transaction with the record that it follows from and with
 * what is {@linkplain BackfillRecords stored}: no tick is left out, and none is asked for twice, whoever takes the partition over. What is stored
 * is also published, for whoever shows it.
 *
 * <p>A backfill keeps the version of the pipeline that it was begun with, and the schedule of that version. One that is over is forgotten when its
 * runs are.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class BackfillShard {
    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final BackfillRecords records;

    BackfillShard(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.decisions = decisions;
        this.records = new BackfillRecords(context.getStateStore(RunTopology.BACKFILLS), decisions.codec());
    }

    /**
     * What follows from a record; has to be carried out.
     *
     * @param stored the backfill as it is then
     * @param commands what is asked of runs
     */
    record Decision(io.millrace.event.Backfill stored, List<RunCommand> commands) {}

    /**
     * Something is asked of a backfill, or told.
     *
     * @return empty when it changes nothing: it was asked or told before, or the backfill is over
     * @throws IllegalArgumentException when it is nothing that a coordinator writes
     * @throws RefusedException when there is no such backfill or, for a new one, no such schedule
     */
    Optional<Decision> decide(byte @Nullable [] key, BackfillCommand command) throws RefusedException {
        String id = command.getBackfillId();
        if (key == null || !id.equals(new String(key, UTF_8))) {
            throw new IllegalArgumentException("the record's key is not its backfill, '" + id + "'");
        }
        BackfillCommandType type = command.getType();
        Optional<io.millrace.event.Backfill> known = records.get(id);
        if (type == BackfillCommandType.START) {
            // A repeat finds the one that is there.
            return known.isPresent() ? Optional.empty() : Optional.of(begin(command));
        }
        if (known.isEmpty()) {
            throw new RefusedException(
                    DeadLetterReason.INVALID_TRIGGER, "there is no backfill " + id + ", or it is over and forgotten");
        }
        io.millrace.event.Backfill stored = known.get();
        Backfill before = BackfillRecords.toEngine(stored);
        Backfill happened = switch (type) {
            case PAUSE -> before.paused();
            case RESUME -> before.resumed();
            case CANCEL -> before.cancelled();
            case RUN_THERE -> before.told(run(command), Backfill.Outcome.SKIPPED);
            case RUN_REFUSED -> before.told(run(command), Backfill.Outcome.REFUSED);
            case RUN_ENDED -> before.told(run(command), outcome(command));
            case START, UNKNOWN ->
                throw new IllegalArgumentException("the type of the command is not known to this version");
        };
        if (happened.equals(before)) {
            return Optional.empty();
        }
        boolean cancelled = type == BackfillCommandType.CANCEL;
        boolean asked = cancelled || type == BackfillCommandType.PAUSE || type == BackfillCommandType.RESUME;
        Decision step = goOn(stored, happened, cancelled);
        io.millrace.event.Backfill.Builder after = io.millrace.event.Backfill.newBuilder(step.stored());
        if (asked) {
            after.setStateReason(command.getReason().orElse(null))
                    .setStateBy(command.getBy().orElse(null));
        }
        if (type == BackfillCommandType.RUN_REFUSED) {
            after.setRefusal(command.getReason().orElse(null));
        }
        return Optional.of(new Decision(after.build(), step.commands()));
    }

    private Decision begin(BackfillCommand start) throws RefusedException {
        io.millrace.event.Backfill begun = BackfillRecords.begun(start);
        return goOn(begun, BackfillRecords.toEngine(begun), false);
    }

    private Decision goOn(io.millrace.event.Backfill stored, Backfill happened, boolean cancelled)
            throws RefusedException {
        Backfill.Order order = happened.order();
        Schedule schedule = schedule(order);
        Backfill.Step step = happened.goOn(schedule::next);
        Instant now = now();
        // Runs that are under way are told once, when it is cancelled.
        List<RunCommand> commands = cancelled
                ? step.cancels().stream()
                        .map(run -> BackfillCommands.cancel(run, order.id(), now))
                        .toList()
                : step.starts().stream()
                        .map(tick -> BackfillCommands.start(order, tick, EventHeaders.newTraceparent(), now))
                        .toList();
        return new Decision(BackfillRecords.with(stored, step, now).build(), commands);
    }

    private Schedule schedule(Backfill.Order order) throws RefusedException {
        Optional<PipelineVersion> version = decisions.pipelines().version(order.pipeline(), order.version());
        return version.flatMap(known -> known.trigger(order.trigger()).flatMap(known::schedule))
                .orElseThrow(() -> new RefusedException(
                        DeadLetterReason.UNKNOWN_PIPELINE,
                        "version " + order.version() + " of the pipeline " + order.pipeline() + " has no schedule "
                                + order.trigger()));
    }

    private static RunId run(BackfillCommand command) {
        return new RunId(command.getRunId().orElse(""));
    }

    private static Backfill.Outcome outcome(BackfillCommand command) {
        return switch (command.getOutcome().orElse(RunOutcome.UNKNOWN)) {
            case SUCCEEDED -> Backfill.Outcome.SUCCEEDED;
            case FAILED -> Backfill.Outcome.FAILED;
            case CANCELLED -> Backfill.Outcome.CANCELLED;
            case REFUSED, UNKNOWN -> throw new IllegalArgumentException("a run has not ended in this way");
        };
    }

    /** Stores and publishes how far it is, and asks for its runs, in one transaction with its cause. */
    void carryOut(Decision decision) {
        records.put(decision.stored());
        publish(decision.stored().getBackfillId(), decision.stored());
        for (RunCommand command : decision.commands()) {
            String trace = command.getTrigger()
                    .flatMap(trigger -> trigger.getTraceparent())
                    .orElse(null);
            context.forward(decisions.writer().command(command, trace, now()), RunTopology.WRITE_ENGINE_COMMANDS);
        }
    }

    private void publish(String id, io.millrace.event.@Nullable Backfill state) {
        context.forward(decisions.writer().backfillState(id, state, now()), RunTopology.WRITE_BACKFILL_STATES);
    }

    /** Forgets those that have been over for as long as ended runs are remembered. */
    void forgetOld() {
        List<String> old = records.overBefore(now(), decisions.dedupeRetention());
        for (String id : old) {
            records.remove(id);
            publish(id, null);
        }
        if (!old.isEmpty()) {
            context.commit();
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
