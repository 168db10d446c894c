package io.millrace.engine;

import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.Inputs;
import io.millrace.pipeline.Pipeline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows when something happens to a run: a pure function of the run's state, its pipeline, the input and
 * the time. The same arguments always give the same decision, so that a repeated step, a test, a replay and a
 * simulation all see what production saw.
 *
 * <p>The cost of a decision grows with the number of tasks that the input moves, not with the size of the run; only the
 * end of a run by cancellation or timeout looks at all of its tasks.
 */
public final class RunDecider {
    private final Limits limits;
    private final Flow flow;

    /** Decides within these limits. */
    public RunDecider(Limits limits) {
        this.limits = limits;
        this.flow = new Flow(limits);
    }

    /**
     * Decides about a run.
     *
     * @param id the run
     * @param run its state; null when there is no open run with this id
     * @param pipeline the version of the pipeline that the run is pinned to or, for a start, is to be pinned to
     * @param input what happened
     * @param now when; may stand still or step back between calls, which delays timers and does no other harm
     */
    public Decision decide(RunId id, @Nullable RunState run, Pipeline pipeline, Input input, Instant now) {
        if (run == null) {
            return input instanceof Input.StartRun start ? start(id, pipeline, start, now) : Decision.NOTHING;
        }
        Step step = new Step(run, pipeline, now);
        if (input instanceof Input.Command command) {
            step.about(command);
            if (step.head().hasDecided(command.id())) {
                step.repeated(command, "it has been decided about before");
                return step.complete();
            }
        }
        input.accept(new OpenRun(step, flow, limits));
        return step.complete();
    }

    /**
     * Answers a report on a run that is not open: it has ended, or never was. Nothing changes; the audit log says so,
     * and a worker that begins to execute is told to stop.
     */
    public Decision refuse(Input.Report report, Instant now) {
        String reason = "the run is not open";
        RunEvent event = new RunEvent.Draft(RunEventType.REPORT_REJECTED, 0, now)
                .of(report.task(), report.delivery())
                .by(report.claimant())
                .because(OpenRun.rejection(report, reason))
                .complete();
        List<Effect> effects = report instanceof Input.TaskClaimed
                ? List.of(new Effect.RequestCancellation(report.task(), report.delivery(), reason))
                : List.of();
        return new Decision(List.of(), List.of(event), effects);
    }

    /**
     * Decides about a run that is to be opened again. Its changes put all of its state, of which nothing is stored since
     * its end. What is asked in vain is put on record, and the run stays as it ended.
     *
     * @param ended the run's recorded events, folded up to the last
     * @throws IllegalArgumentException when the run has not ended
     */
    public Decision rerun(RunReplay ended, Input.RerunRun rerun, Instant now) {
        if (!ended.status().hasEnded()) {
            throw new IllegalArgumentException("Only a run that has ended can be opened again");
        }
        return new Reopening(ended, flow).decide(rerun, now);
    }

    private Decision start(RunId id, Pipeline pipeline, Input.StartRun start, Instant now) {
        Optional<String> excess = limits.excessRunInputs(start.inputs());
        if (excess.isPresent()) {
            return refused(Effect.RefuseRun.Reason.LIMIT, excess.get());
        }
        Inputs.Resolved inputs = Inputs.resolve(pipeline, start.inputs());
        if (!inputs.problems().isEmpty()) {
            return refused(Effect.RefuseRun.Reason.INVALID_INPUTS, String.join("; ", inputs.problems()));
        }
        Optional<Concurrency> concurrency = pipeline.concurrency();
        Instant timeIsUpAt = concurrency.isPresent() ? null : Admission.timeIsUpAt(pipeline, now);
        RunHead head = new RunHead(
                pipeline.id(),
                start.version(),
                inputs.document(),
                start.trigger(),
                0,
                now,
                timeIsUpAt,
                null,
                null,
                List.of());
        Step step = new Step(id, head, pipeline, now);
        step.event(RunEventType.RUN_STARTED)
                .startedBy(start.trigger(), inputs.document())
                .dueAt(timeIsUpAt);
        if (concurrency.isEmpty()) {
            flow.stages().begin(step);
            flow.settle(step);
            return step.complete();
        }
        new Admission(step, flow).ask(concurrency.get());
        return step.complete();
    }

    private static Decision refused(Effect.RefuseRun.Reason reason, String message) {
        return new Decision(List.of(), List.of(), List.of(new Effect.RefuseRun(reason, message)));
    }
}
