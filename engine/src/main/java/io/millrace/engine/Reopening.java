package io.millrace.engine;

import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a run that has ended is opened again. Its history goes on: events, attempts and epochs are counted on, so that
 * whatever is still said of earlier deliveries is told apart (G2, G3); retries and the run's timeout begin anew.
 */
final class Reopening {
    private final RunReplay ended;
    private final Flow flow;

    Reopening(RunReplay ended, Flow flow) {
        this.ended = ended;
        this.flow = flow;
    }

    Decision decide(Input.RerunRun rerun, Instant now) {
        Pipeline pipeline = ended.pipeline();
        RunState state = ended.state();
        Step step = Step.reopening(state, pipeline, now);
        step.about(rerun);
        OptionalLong before = ended.decided(rerun.id());
        if (before.isPresent()) {
            step.repeated(rerun, "event " + before.getAsLong() + " has come of it");
            step.retire(ended.status());
            return step.complete();
        }
        RerunScope scope = RerunScope.of(
                pipeline, rerun.tasks(), task -> state.task(task, pipeline).status());
        Optional<String> objection = unknown(rerun).or(() -> nothing(scope));
        if (objection.isPresent()) {
            reject(step, rerun, objection.get());
            step.retire(ended.status());
            return step.complete();
        }
        Optional<Concurrency> concurrency = pipeline.concurrency();
        Instant timeIsUpAt = concurrency.isPresent() ? null : Admission.timeIsUpAt(pipeline, now);
        step.event(RunEventType.RUN_RERUN)
                .chosen(rerun.tasks())
                .because(rerun.reason())
                .askedBy(rerun.by())
                .openedFor(rerun.backfill())
                .dueAt(timeIsUpAt);
        step.head(step.head().reopened(timeIsUpAt, rerun.backfill()));
        scope.resets(pipeline, state).forEach(step::put);
        Admission admission = new Admission(step, flow);
        if (concurrency.isPresent()) {
            admission.ask(concurrency.get());
        } else {
            admission.begin();
        }
        return step.complete();
    }

    /** Puts on record that the command changed nothing. */
    static void reject(Step step, Input.RerunRun rerun, String reason) {
        step.event(RunEventType.REPORT_REJECTED)
                .chosen(rerun.tasks())
                .askedBy(rerun.by())
                .because("rerun rejected: " + reason);
    }

    private Optional<String> unknown(Input.RerunRun rerun) {
        for (TaskId id : rerun.tasks()) {
            if (!ended.pipeline().hasTask(id.base())) {
                return Optional.of("the pipeline has no task " + id.base());
            }
            if (id.isItem() && id.index() >= ended.state().items(id.base()).size()) {
                return Optional.of("the task " + id.base() + " has no item " + id.index());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> nothing(RerunScope scope) {
        return scope.tasks().isEmpty()
                ? Optional.of("nothing in the run failed or was cancelled, and no tasks are named")
                : Optional.empty();
    }
}
