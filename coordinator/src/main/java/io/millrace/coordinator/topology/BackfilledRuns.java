package io.millrace.coordinator.topology;

import io.millrace.audit.log.Triggers;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.BackfillId;
import io.millrace.engine.Decision;
import io.millrace.engine.Effect;
import io.millrace.engine.Input;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunReplay;
import io.millrace.engine.RunState;
import io.millrace.engine.RunStatus;
import io.millrace.engine.RunTrigger;
import io.millrace.event.BackfillCommand;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.TaskId;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.schedule.Schedule;
import io.millrace.schemas.registry.RegistryUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run of a tick that a backfill asks for. It is started where it never was; opened again where it failed or was cancelled, as by anybody who asks for
 * that; and where it is under way or has succeeded, the backfill is told so. Whatever comes of it, the backfill is told once.
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
final class BackfilledRuns {
    private static final Logger log = LoggerFactory.getLogger(BackfilledRuns.class);

    private final Decisions decisions;
    private final EndedRuns ended;

    /** What is asked for. @param backfill for which backfill */
    private record Wish(RunId run, RunCommand command, RunTrigger trigger, BackfillId backfill, Instant now) {
        RunShard.Decided told(BackfillCommand answer) {
            return told(Decision.NOTHING, answer);
        }

        RunShard.Decided told(Decision decision, BackfillCommand answer) {
            return new RunShard.Decided(run, null, decision, answer);
        }
    }

    BackfilledRuns(Decisions decisions, EndedRuns ended) {
        this.decisions = decisions;
        this.ended = ended;
    }

    /**
     * Decides about a run.
     *
     * @param open the run's state; null when it is not open
     * @param waited for how long the command has waited
     * @return empty when it has to wait until the history of the run can be read
     * @throws IllegalArgumentException when the command is nothing that a coordinator writes
     */
    Optional<RunShard.Decided> decide(
            RunId run, @Nullable RunState open, RunCommand command, Duration waited, Instant now) {
        RunTrigger trigger = Triggers.fromAvro(command.getTrigger().orElse(null));
        BackfillId backfill = trigger.backfill();
        if (backfill == null) {
            throw new IllegalArgumentException("the command names no backfill");
        }
        if (open != null) {
            return Optional.of(
                    backfill.equals(open.head().trigger().backfill())
                            ? new RunShard.Decided(run, open, Decision.NOTHING)
                            : new RunShard.Decided(
                                    run, open, Decision.NOTHING, BackfillCommands.there(backfill, run, null, now)));
        }
        Wish wish = new Wish(run, command, trigger, backfill, now);
        try {
            OptionalLong last = ended.lastSequence(run, now);
            return last.isEmpty() && decisions.past().isUnknown(run)
                    ? Optional.of(start(wish))
                    : decisions.past().find(run, last, waited).map(replay -> again(wish, replay));
        } catch (KafkaException | RegistryUnavailableException e) {
            throw e;
        } catch (RefusedException | EvaluationException | IllegalArgumentException e) {
            return Optional.of(wish.told(BackfillCommands.refused(backfill, run, String.valueOf(e.getMessage()), now)));
        } catch (RuntimeException e) {
            // A dead letter would do for the run, but its backfill would wait for it for ever.
            log.error("The run {} that the backfill {} asks for could not be decided about", run, backfill, e);
            return Optional.of(wish.told(BackfillCommands.refused(backfill, run, e.toString(), now)));
        }
    }

    private RunShard.Decided start(Wish wish) throws RefusedException, EvaluationException {
        RunTrigger.Firing firing = wish.trigger().firing();
        PipelineId pipeline = new PipelineId(wish.command().getPipeline());
        PipelineVersion version = decisions
                .pipelines()
                .version(pipeline, wish.command().getVersion())
                .orElseThrow(() ->
                        refused("there is no version " + wish.command().getVersion() + " of the pipeline " + pipeline));
        Optional<TriggerDefinition> trigger = firing == null ? Optional.empty() : version.trigger(firing.trigger());
        Optional<Schedule> schedule = trigger.flatMap(version::schedule);
        if (firing == null || trigger.isEmpty() || schedule.isEmpty()) {
            throw refused("version " + version.version() + " of the pipeline " + pipeline + " has no such schedule");
        }
        Document inputs =
                trigger.get().inputsAt(firing.logicalTime(), schedule.get().zone());
        Input.StartRun start = new Input.StartRun(inputs, wish.trigger(), version.version());
        Decision decision = decisions.decider().decide(wish.run(), null, version.pipeline(), start, wish.now());
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.RefuseRun refusal) {
                throw refused(refusal.message());
            }
        }
        return new RunShard.Decided(wish.run(), null, decision);
    }

    private RunShard.Decided again(Wish wish, RunReplay past) {
        RunStatus status = past.status();
        if (status == RunStatus.SUCCEEDED && !wish.command().getAgain()) {
            return wish.told(BackfillCommands.there(wish.backfill(), wish.run(), status, wish.now()));
        }
        List<TaskId> tasks = status == RunStatus.SUCCEEDED ? first(past.state().head()) : List.of();
        Input.RerunRun rerun =
                new Input.RerunRun(null, tasks, "the backfill " + wish.backfill(), null, wish.backfill());
        Decision decision = decisions.decider().rerun(past, rerun, wish.now());
        RunEvent last = decision.events().get(decision.events().size() - 1);
        return last.type() == RunEventType.REPORT_REJECTED
                ? wish.told(
                        decision,
                        BackfillCommands.refused(
                                wish.backfill(), wish.run(), String.valueOf(last.reason()), wish.now()))
                : new RunShard.Decided(wish.run(), null, decision);
    }

    /** The tasks with which the whole run begins anew. */
    private List<TaskId> first(RunHead head) {
        return decisions
                .pipelines()
                .version(head.pipeline(), head.version())
                .orElseThrow(() -> new IllegalStateException("a run was read back without its pipeline"))
                .pipeline()
                .roots(Stage.MAIN)
                .stream()
                .map(task -> task.id())
                .toList();
    }

    private static RefusedException refused(String message) {
        return new RefusedException(DeadLetterReason.INVALID_TRIGGER, message);
    }
}
