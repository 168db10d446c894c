package io.millrace.testkit;

import io.millrace.engine.Change;
import io.millrace.engine.Claimant;
import io.millrace.engine.Decision;
import io.millrace.engine.Delivery;
import io.millrace.engine.Effect;
import io.millrace.engine.Failure;
import io.millrace.engine.Input;
import io.millrace.engine.Limits;
import io.millrace.engine.Parent;
import io.millrace.engine.RunDecider;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.engine.RunId;
import io.millrace.engine.RunState;
import io.millrace.engine.Slot;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.Deferred;
import io.millrace.pipeline.Durations;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run on a virtual clock: the engine decides as it does in production, and what production would have to wait for
 * happens at once. Every task finds a free worker at the moment at which it is dispatched; what becomes of it then is told by
 * {@link Outcomes}. The clock only moves to the next moment at which something is due, so that a run of days takes
 * milliseconds, and the same arguments always give the same run.
 *
 * <p><b>Threading:</b> none; a rehearsal is over when {@link #run} returns.
 */
public final class Rehearsal {
    private static final Claimant WORKER = new Claimant("rehearsal", "rehearsal");

    private static final Slot.Grant ONLY_RUN = new Slot.Grant(1, 1, 0, 0);

    private final Pipeline pipeline;
    private final RunPlan plan;
    private final Outcomes known;
    private final Outcomes otherwise;
    private final RunDecider decider = new RunDecider(Limits.STANDARD);
    private final Agenda agenda = new Agenda();
    private final Chronicle chronicle;
    /** When the timer that was noted last for a task is due: a state that is put again with the same time needs no second. */
    private final Map<TaskId, Instant> timers = new HashMap<>();
    /** What was told to stop: a worker that obeys says nothing of it any more, and a run that is cancelled has no end to tell. */
    private final Set<Object> stopped = new HashSet<>();

    private Instant now;
    private @Nullable RunState state;

    private Rehearsal(Pipeline pipeline, RunPlan plan, Outcomes known, Outcomes otherwise) {
        this.pipeline = pipeline;
        this.plan = plan;
        this.known = known;
        this.otherwise = otherwise;
        this.chronicle = new Chronicle(pipeline, plan);
        this.now = plan.begin();
    }

    /** One delivery of a task. */
    private record Handed(TaskId task, Delivery delivery) {}

    /**
     * Rehearses a run to its end, or until it waits for something that will not come.
     *
     * @param known what becomes of the attempts
     * @param otherwise what becomes of those of which {@code known} knows nothing; an attempt of which neither knows
     *     anything does not end, and the result names its task as unknown
     * @throws OutcomeException when an outcome cannot be told
     */
    public static RehearsalResult run(Pipeline pipeline, RunPlan plan, Outcomes known, Outcomes otherwise) {
        return new Rehearsal(pipeline, plan, known, otherwise).run();
    }

    private RehearsalResult run() {
        for (RunPlan.Cancellation cancellation : plan.cancellations()) {
            agenda.note(now.plus(cancellation.after()), new Input.CancelRun(null, cancellation.reason(), null));
        }
        step(new Input.StartRun(plan.inputs(), plan.trigger(), plan.version()));
        while (state != null) {
            Optional<Agenda.Entry> next = agenda.next();
            if (next.isEmpty()) {
                break;
            }
            if (!isVoid(next.get())) {
                now = next.get().at();
                step(next.get().input());
            }
        }
        return chronicle.result();
    }

    /** Whether it will not happen after all. The time of a task of which nothing is known is not up, for it might have ended. */
    private boolean isVoid(Agenda.Entry entry) {
        if (entry.input() instanceof Input.TaskTimerDue due) {
            timers.remove(due.task(), entry.at());
            return chronicle.isUnknown(due.task());
        }
        if (entry.input() instanceof Input.RunTimerDue) {
            return chronicle.hasUnknown();
        }
        return entry.attempt()
                .filter(attempt -> stopped.contains(new Handed(attempt.task(), attempt.delivery()))
                        || attempt.childRun().filter(stopped::contains).isPresent())
                .isPresent();
    }

    private void step(Input input) {
        Decision decision = decider.decide(plan.id(), state, pipeline, input, now);
        state = RunState.after(plan.id(), state, decision);
        decision.events().forEach(chronicle::add);
        for (Change change : decision.changes()) {
            if (change instanceof Change.PutTask put) {
                time(put.task(), put.state().wakeAt());
            } else if (change instanceof Change.PutRun put && put.head().wakeAt() != null) {
                agenda.note(put.head().wakeAt(), new Input.RunTimerDue());
            }
        }
        decision.effects().forEach(this::carryOut);
        decision.events().forEach(this::ask);
    }

    private void time(TaskId task, @Nullable Instant wakeAt) {
        if (wakeAt != null && !wakeAt.equals(timers.put(task, wakeAt))) {
            agenda.note(wakeAt, new Input.TaskTimerDue(task));
        }
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.DispatchTask order) {
            Attempt attempt = attempt(order.task(), order.delivery(), Optional.empty());
            agenda.note(now, new Input.TaskClaimed(order.task(), order.delivery(), WORKER), attempt);
            outcome(attempt).ifPresent(outcome -> expect(attempt, inTime(outcome, order.timeout())));
        } else if (effect instanceof Effect.StartRun start) {
            Parent parent = Objects.requireNonNull(start.trigger().parent(), "a run that a task starts has a parent");
            Attempt attempt = attempt(parent.task(), new Delivery(parent.attempt(), 1), Optional.of(start.run()));
            outcome(attempt).ifPresent(outcome -> expect(attempt, outcome));
        } else if (effect instanceof Effect.RequestCancellation stop) {
            stopped.add(new Handed(stop.task(), stop.delivery()));
        } else if (effect instanceof Effect.CancelRun stop) {
            stopped.add(stop.run());
        } else if (effect instanceof Effect.AskForSlot wanted) {
            // No other run is under way in a rehearsal.
            agenda.note(now, new Input.SlotGranted(wanted.slot().asked(), ONLY_RUN));
        } else if (effect instanceof Effect.RefuseRun refused) {
            chronicle.refused(refused.message());
        }
    }

    /** Of a task that asks somebody there is no effect, only the event that it waits. */
    private void ask(RunEvent event) {
        TaskId task = event.task();
        if (task != null
                && event.type() == RunEventType.TASK_DEFERRED
                && event.items() == RunEvent.NO_ITEMS
                && definition(task).action() instanceof Approval) {
            Attempt attempt = attempt(task, event.delivery(), Optional.empty());
            outcome(attempt).ifPresent(outcome -> expect(attempt, outcome));
        }
    }

    private Attempt attempt(TaskId task, Delivery delivery, Optional<RunId> childRun) {
        RunState run = Objects.requireNonNull(state, "a run that begins a task is open");
        return new Attempt(
                task, definition(task), delivery, chronicle.asked(task), childRun, run.scope(task, pipeline));
    }

    private Optional<Outcome> outcome(Attempt attempt) {
        Optional<Outcome> outcome = known.of(attempt).filter(told -> fits(told, attempt));
        if (outcome.isPresent()) {
            return outcome;
        }
        Optional<Outcome> assumed = otherwise.of(attempt).filter(told -> fits(told, attempt));
        if (assumed.isPresent()) {
            chronicle.assumed(attempt.task());
        } else {
            chronicle.unknown(attempt.task());
        }
        return assumed;
    }

    /** What is on record of a task that has become one of another kind says nothing of it. */
    private static boolean fits(Outcome outcome, Attempt attempt) {
        return outcome.ending().fits(attempt.definition().action());
    }

    private void expect(Attempt attempt, Outcome outcome) {
        for (Progress said : outcome.progress()) {
            // What no worker executes has nobody who could say how far it is.
            boolean executed = !(attempt.definition().action() instanceof Deferred);
            if (executed && said.after().compareTo(outcome.takes()) <= 0) {
                agenda.note(
                        now.plus(said.after()),
                        new Input.TaskProgressed(
                                attempt.task(),
                                attempt.delivery(),
                                WORKER,
                                said.done().isPresent() ? said.done().getAsDouble() : null,
                                said.checkpoint().orElse(null)),
                        attempt);
            }
        }
        outcome.ending()
                .input(attempt, WORKER)
                .ifPresent(input -> agenda.note(now.plus(outcome.takes()), input, attempt));
    }

    /** A worker ends an attempt when its time is up, before the engine has to. */
    private static Outcome inTime(Outcome outcome, @Nullable Duration timeout) {
        boolean endsInTime = !(outcome.ending() instanceof Ending.Never)
                && (timeout == null || outcome.takes().compareTo(timeout) <= 0);
        if (timeout == null || endsInTime) {
            return outcome;
        }
        String reason = "the attempt took longer than its timeout of " + Durations.format(timeout);
        return new Outcome(
                new Ending.Fails(Failure.retryable(Failure.Kind.TIMEOUT, reason)), timeout, outcome.progress());
    }

    private Task definition(TaskId task) {
        return pipeline.task(task.base());
    }
}
