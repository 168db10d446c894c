package io.millrace.coordinator.topology;

import io.millrace.audit.log.Slots;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.BackfillId;
import io.millrace.engine.Change;
import io.millrace.engine.Claimant;
import io.millrace.engine.Decision;
import io.millrace.engine.Effect;
import io.millrace.engine.Input;
import io.millrace.engine.Parent;
import io.millrace.engine.RunDecider;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunState;
import io.millrace.engine.Slot;
import io.millrace.event.BackfillCommand;
import io.millrace.event.Cause;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.TaskReport;
import io.millrace.event.TriggerKind;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.registry.RegistryUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one partition, and all that can happen to them: reports, commands, timers and ended leases.
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
final class RunShard {
    private static final Logger log = LoggerFactory.getLogger(RunShard.class);
    /** How long due timers may keep the partition from reading records. */
    private static final Duration TIMER_BUDGET = Duration.ofMillis(200);

    private static final Duration AFTER_FAULT = Duration.ofSeconds(30);

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final RunDecider decider;
    private final RecordWriter writer;
    private final EffectWriter effects;
    private final OpenRuns open;
    private final EndedRuns ended;
    private final WaitingCommands waiting;
    private final Upstreams upstreams;
    private final BackfilledRuns backfilled;

    /** A decision about a run, and the run as it was before. @param told what the backfill is told that asked for the run, or null */
    record Decided(
            RunId id,
            @Nullable RunState before,
            Decision decision,
            @Nullable BackfillCommand told) {
        Decided(RunId id, @Nullable RunState before, Decision decision) {
            this(id, before, decision, null);
        }
    }

    RunShard(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.decisions = decisions;
        this.decider = decisions.decider();
        this.writer = decisions.writer();
        this.effects = new EffectWriter(context, decisions);
        this.upstreams = new Upstreams(decisions);
        this.open = new OpenRuns(context.getStateStore(RunTopology.OPEN_RUNS), decisions.codec());
        this.ended = new EndedRuns(
                context.getStateStore(RunTopology.ENDED_RUNS), decisions.codec(), decisions.dedupeRetention());
        this.backfilled = new BackfilledRuns(decisions, ended);
        this.waiting = new WaitingCommands(
                context.getStateStore(RunTopology.WAITING_COMMANDS),
                decisions.codec(),
                decisions.topics().runCommands().name(),
                context.taskId().partition());
        decisions.counts().holds(this, open.size(), open.timers());
    }

    /** The commands that cannot be decided about yet. */
    WaitingCommands waiting() {
        return waiting;
    }

    /** Decides about a worker's report. @throws IllegalArgumentException when it is not one that a worker sends */
    Decided decide(byte @Nullable [] key, TaskReport avro) {
        RunId id = runOf(key, avro.getRunId());
        Input.Report report = InputReader.read(avro);
        RunState run = open.get(id);
        return run == null
                ? new Decided(id, null, decider.refuse(report, now()))
                : decide(id, run, pipelineOf(run.head()), report);
    }

    /**
     * Decides about a command.
     *
     * @param waited for how long the command has waited
     * @return empty when it has to wait until the history of its run can be read
     * @throws RefusedException when it is to start a run that cannot be started, or about a run that is not known
     */
    Optional<Decided> decide(byte @Nullable [] key, RunCommand command, Duration waited) throws RefusedException {
        RunId id = runOf(key, command.getRunId());
        RunState run = open.get(id);
        if (command.getType() == RunCommandType.BACKFILL) {
            return backfilled.decide(id, run, command, waited, now());
        }
        return command.getType() == RunCommandType.RERUN && run == null
                ? rerun(id, InputReader.rerun(command), waited)
                : Optional.of(decide(id, run, command));
    }

    private Decided decide(RunId id, @Nullable RunState run, RunCommand command) throws RefusedException {
        return switch (command.getType()) {
            case START ->
                run == null && !hasBeen(id, command) ? start(id, command) : new Decided(id, run, Decision.NOTHING);
            case CANCEL ->
                isMeant(run, command)
                        ? command(id, run, InputReader.cancel(command))
                        : new Decided(id, run, Decision.NOTHING);
            case ANSWER -> command(id, run, InputReader.answer(command));
            case RUN_ENDED -> command(id, run, InputReader.childEnded(command));
            case RERUN -> command(id, run, InputReader.rerun(command));
            case ADMIT -> admit(id, run, command);
            case BACKFILL, UNKNOWN ->
                throw new IllegalArgumentException("the type of the command is not known to this version");
        };
    }

    /**
     * Whether a run that is not open has ended. A backfill may have made up for a tick long before the schedule comes to it, which may have been paused
     * for longer than ended runs are remembered; so the log is asked as well.
     */
    private boolean hasBeen(RunId id, RunCommand command) {
        return ended.contains(id, now())
                || command.getTrigger()
                                .filter(trigger -> trigger.getKind() == TriggerKind.SCHEDULE)
                                .isPresent()
                        && decisions.past().isKnown(id);
    }

    /** A backfill that is cancelled ends no run that is under way without it. */
    private static boolean isMeant(@Nullable RunState run, RunCommand command) {
        if (command.getBackfillId().isEmpty() || run == null) {
            return true;
        }
        BackfillId backfill = run.head().trigger().backfill();
        return backfill != null
                && backfill.value().equals(command.getBackfillId().get());
    }

    /**
     * A slot was given to a run. What it does not wait for it gives back, so that nothing that another hand wrote to the topics keeps a slot for ever.
     */
    private Decided admit(RunId id, @Nullable RunState run, RunCommand command) {
        Input.SlotGranted granted = InputReader.admitted(command);
        Slot slot = run == null ? null : run.head().slot();
        if (run != null && slot != null && slot.asked() == granted.asked()) {
            return decide(id, run, pipelineOf(run.head()), granted);
        }
        Slot given = command.getSlot().map(Slots::fromAvro).orElseThrow();
        Effect back = new Effect.GiveSlotBack(new PipelineId(command.getPipeline()), given, 0);
        return new Decided(id, run, new Decision(List.of(), List.of(), List.of(back)));
    }

    /** Opens a run again whose state is gone since its end: its history gives it back. */
    private Optional<Decided> rerun(RunId id, Input.RerunRun rerun, Duration waited) throws RefusedException {
        return decisions
                .past()
                .find(id, ended.lastSequence(id, now()), waited)
                .map(replay -> new Decided(id, null, decider.rerun(replay, rerun, now())));
    }

    /** Something that concerns an open run alone. */
    private Decided command(RunId id, @Nullable RunState run, Input input) {
        return run == null ? new Decided(id, null, Decision.NOTHING) : decide(id, run, pipelineOf(run.head()), input);
    }

    /** A run that cannot be started is said to the task that asked for it or, where none did, is a dead letter; an alert is told besides. */
    private Decided start(RunId id, RunCommand command) throws RefusedException {
        Input.StartRun start = InputReader.start(command);
        Parent parent = start.trigger().parent();
        try {
            return start(id, command, start);
        } catch (RefusedException e) {
            if (parent == null) {
                throw e.telling(AlertMessages.delivered(id, start.trigger(), null, e.getMessage(), now()));
            }
            Effect refusal = new Effect.TellParent(parent, null, null, e.getMessage());
            return new Decided(id, null, new Decision(List.of(), List.of(), List.of(refusal)));
        }
    }

    private Decided start(RunId id, RunCommand command, Input.StartRun asked) throws RefusedException {
        if (command.getReason().isPresent()) {
            throw new RefusedException(
                    DeadLetterReason.INVALID_INPUTS, command.getReason().get());
        }
        PipelineId pipeline = new PipelineId(command.getPipeline());
        PipelineVersion version = (command.getVersion() == EngineCommands.CURRENT_VERSION
                        ? decisions.pipelines().current(pipeline, PolledRecords.lastPollNanos())
                        : decisions.pipelines().version(pipeline, command.getVersion()))
                .orElseThrow(() -> new RefusedException(
                        DeadLetterReason.UNKNOWN_PIPELINE,
                        command.getVersion() == EngineCommands.CURRENT_VERSION
                                ? "there is no pipeline " + command.getPipeline()
                                : "there is no version " + command.getVersion() + " of pipeline "
                                        + command.getPipeline()));
        Input.StartRun start = new Input.StartRun(asked.inputs(), asked.trigger(), version.version());
        Decided decided = decide(id, null, version.pipeline(), start);
        for (Effect effect : decided.decision().effects()) {
            if (effect instanceof Effect.RefuseRun refusal) {
                throw new RefusedException(
                        DeadLetterReason.valueOf(refusal.reason().name()), refusal.message());
            }
        }
        return decided;
    }

    private Decided decide(RunId id, @Nullable RunState run, Pipeline pipeline, Input input) {
        return new Decided(id, run, decider.decide(id, run, pipeline, input, now()));
    }

    /** Writes what a decision changes and forwards what follows from it, in one transaction with its cause. */
    void carryOut(Decided decided, Cause cause) {
        RunId id = decided.id();
        Decision decision = decided.decision();
        // The head of a run that ends in this step is no longer in the store afterwards.
        RunHead head =
                decided.before() == null ? Heads.of(decision) : decided.before().head();
        open.apply(id, decision);
        decisions.counts().holds(this, open.size(), open.timers());
        Heads.retired(decision).ifPresent(end -> retired(id, end, decision));
        for (RunEvent event : decision.events()) {
            context.forward(writer.runEvent(id, head, event, cause), RunTopology.WRITE_RUN_EVENTS);
            decisions.counts().happened(event.type());
        }
        decision.effects().forEach(effect -> effects.write(id, head, effect));
        BackfillCommand told = decided.told();
        if (told != null) {
            effects.backfill(told, head);
        }
    }

    /** A run has ended, unless it was to be opened again and was not. */
    private void retired(RunId id, Change.RetireRun end, Decision decision) {
        ended.remember(id, end.head(), end.sequence(), now());
        RunEvent last = decision.events().get(decision.events().size() - 1);
        if (last.type() == RunEventType.REPORT_REJECTED) {
            return;
        }
        BackfillId backfill = end.head().trigger().backfill();
        if (backfill != null) {
            effects.backfill(BackfillCommands.ended(backfill, id, end.status(), now()), end.head());
        }
        AlertMessages.delivered(id, end.head().trigger(), end.status(), last.reason(), now())
                .ifPresent(signal -> effects.alertSignal(signal, end.head()));
        Upstreams.Consequences consequences = upstreams.of(id, end, last, now());
        consequences.starts().forEach(start -> effects.command(start, end.head()));
        consequences.ends().forEach(each -> effects.upstreamEnd(each, end.head()));
    }

    /** Decides what has been due for longest first, and stops when the budget is spent. */
    void fireTimers() {
        long deadlineMillis = context.currentSystemTimeMs() + TIMER_BUDGET.toMillis();
        Optional<StoreKey> due = open.takeDue(now());
        boolean any = due.isPresent();
        while (due.isPresent()) {
            fire(due.get());
            due = context.currentSystemTimeMs() < deadlineMillis ? open.takeDue(now()) : Optional.empty();
        }
        if (any) {
            context.commit();
        }
    }

    private void fire(StoreKey due) {
        Input input = due.task() == null ? new Input.RunTimerDue() : new Input.TaskTimerDue(due.task());
        if (!happened(due, input, Causes.timer("the time of " + due + " has come"))) {
            open.wake(due, now().plus(AFTER_FAULT));
        }
    }

    /** Tells the engine of every task whose worker's lease has ended, and what the worker said before has been read (G7). */
    void endLeases() {
        for (Claimant claimant : open.claimants()) {
            Optional<String> reason = decisions.leases().ended(claimant);
            if (reason.isPresent()) {
                for (StoreKey held : open.leaseEnded(claimant)) {
                    if (held.task() != null) {
                        happened(
                                held,
                                new Input.WorkerLost(held.task(), claimant, reason.get()),
                                Causes.lease(reason.get()));
                    }
                }
                context.commit();
            } else {
                open.leaseGoesOn(claimant);
            }
        }
    }

    /** Something happened to a run that no record tells of. @return false when it could not be decided about */
    private boolean happened(StoreKey key, Input input, Cause cause) {
        RunState run = open.get(key.run());
        if (run == null) {
            return true;
        }
        Decided decided;
        try {
            decided = decide(key.run(), run, pipelineOf(run.head()), input);
        } catch (KafkaException | RegistryUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            log.error("{} of {} could not be decided about; it is tried again later", input, key, e);
            return false;
        }
        carryOut(decided, cause);
        return true;
    }

    private Pipeline pipelineOf(RunHead head) {
        return decisions
                .pipelines()
                .version(head.pipeline(), head.version())
                .orElseThrow(() -> new IllegalStateException("version " + head.version() + " of pipeline "
                        + head.pipeline() + " is gone from the topic of pipelines while a run is pinned to it"))
                .pipeline();
    }

    /** A run's records have its id as their key, or they would be decided about on another partition. */
    private static RunId runOf(byte @Nullable [] key, String runId) {
        if (key == null || !runId.equals(new String(key, StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException("the record's key is not the id of its run, '" + runId + "'");
        }
        return new RunId(runId);
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
