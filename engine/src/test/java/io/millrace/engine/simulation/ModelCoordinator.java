package io.millrace.engine.simulation;

import io.millrace.engine.Claimant;
import io.millrace.engine.Decision;
import io.millrace.engine.Effect;
import io.millrace.engine.Input;
import io.millrace.engine.Limits;
import io.millrace.engine.Parent;
import io.millrace.engine.RunDecider;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunId;
import io.millrace.engine.RunState;
import io.millrace.engine.Slot;
import io.millrace.engine.Slots;
import io.millrace.engine.TaskState;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The engine in a thin shell: reads a record, decides, and commits offset, state and effects in one transaction, unless
 * it crashes before, and then nothing of it has happened. After every step engine and oracle have to agree.
 */
final class ModelCoordinator {
    private static final int ONE_CRASH_IN = 120;
    private static final int ONE_SECOND_OPINION_IN = 40;

    private final Choices choices;
    private final ModelClock clock;
    private final Topics topics;
    private final Fleet fleet;
    private final Ledger ledger;
    private final Tale tale;
    private final Pipelines pipelines;
    private final RunDecider decider = new RunDecider(Limits.STANDARD);
    private final Map<RunId, ModelRun> runs = new LinkedHashMap<>();
    private final ModelSlots slots = new ModelSlots();
    private long steps;

    ModelCoordinator(
            Choices choices,
            ModelClock clock,
            Topics topics,
            Fleet fleet,
            Ledger ledger,
            Tale tale,
            Pipelines pipelines) {
        this.choices = choices;
        this.clock = clock;
        this.topics = topics;
        this.fleet = fleet;
        this.ledger = ledger;
        this.tale = tale;
        this.pipelines = pipelines;
    }

    long steps() {
        return steps;
    }

    /** All runs that it knows, in the order in which they began. */
    List<ModelRun> runs() {
        return new ArrayList<>(runs.values());
    }

    /** One that it knows. */
    ModelRun run(RunId id) {
        return Objects.requireNonNull(runs.get(id));
    }

    /** Reads one record of a partition. @return false when there is none, or nothing came of it */
    boolean readCommand(int first) {
        return topics.commands.readable(first).filter(this::readCommandOf).isPresent();
    }

    private boolean readCommandOf(int partition) {
        boolean done = handle(topics.commands.peek(partition));
        if (done) {
            topics.commands.commit(partition);
        }
        return done;
    }

    /** Reads one report. @return false when there is none, or nothing came of it */
    boolean readReport(int first) {
        return topics.reports.readable(first).filter(this::readReportOf).isPresent();
    }

    private boolean readReportOf(int partition) {
        Topics.Report record = topics.reports.peek(partition);
        boolean done = step(run(record.run()), record.report());
        if (done) {
            topics.reports.commit(partition);
        }
        return done;
    }

    /** Reads what one run asks of the slots of its pipeline. @return false when there is none, or nothing came of it */
    boolean readAdmission(int first) {
        return topics.admissions.readable(first).filter(this::readAdmissionOf).isPresent();
    }

    private boolean readAdmissionOf(int partition) {
        Topics.Admission admission = topics.admissions.peek(partition);
        if (choices.oneIn(ONE_CRASH_IN)) {
            crash();
            return false;
        }
        for (Slots.Change change : slots.decide(
                admission, id -> Objects.requireNonNull(pipelines.find(id)).plan())) {
            Slots.Request request = change.request();
            if (change instanceof Slots.Change.Admitted admitted) {
                Slot.Grant grant = new Slot.Grant(
                        admitted.room().of(admission.pipeline()),
                        admitted.room().inAll(),
                        partition,
                        slots.place());
                tell(request.run(), new Input.SlotGranted(request.asked(), grant));
            } else if (change instanceof Slots.Change.Cancelled cancelled) {
                tell(request.run(), new Input.CancelRun(null, cancelled.reason(), null));
            }
        }
        topics.admissions.commit(partition);
        return true;
    }

    private void tell(RunId run, Input input) {
        topics.commands.append(run, new Topics.Command(run, input, null));
    }

    /** Whether nobody has a slot or waits for one. */
    boolean slotsAreFree() {
        return slots.areFree();
    }

    /** No more runs of a pipeline with the same key, and of the pool, are under way than may be. */
    private void holdToLimit(ModelRun run) {
        long underWay = runs.values().stream()
                .filter(other -> other.isOpen() && other.plan == run.plan)
                .filter(other -> !other.oracle.run.queued && other.oracle.run.k == run.oracle.run.k)
                .count();
        if (underWay > run.plan.most()) {
            throw new Violation("limit", underWay + " runs are under way, and " + run.plan.limit() + " may be");
        }
        long inPool = runs.values().stream()
                .filter(other -> other.isOpen() && other.plan.pooled() && !other.oracle.run.queued)
                .count();
        if (inPool > Plan.POOL_SLOTS) {
            throw new Violation(
                    "limit", inPool + " runs of the pool are under way, and " + Plan.POOL_SLOTS + " may be");
        }
    }

    private boolean handle(Topics.Command command) {
        ModelRun run = runs.get(command.run());
        if (command.input() instanceof Input.StartRun start && command.pipeline() != null) {
            if (run != null) {
                return !run.isOpen() || step(run, start);
            }
            return start(command, start);
        }
        boolean concerns = run != null && (run.isOpen() || command.input() instanceof Input.RerunRun);
        return !concerns || step(run, command.input());
    }

    private boolean start(Topics.Command command, Input.StartRun start) {
        Parent parent = start.trigger().parent();
        Pipelines.Known known = pipelines.find(Objects.requireNonNull(command.pipeline()));
        if (known == null) {
            if (parent != null) {
                tell(command.run(), new Effect.TellParent(parent, null, null, "there is no such pipeline"));
            }
            return true;
        }
        ModelRun run = new ModelRun(command.run(), known.plan(), known.pipeline(), parent != null);
        boolean done = step(run, start);
        if (done) {
            runs.put(run.id, run);
        }
        return done;
    }

    /** Tells the engine of timers that are due, the earliest first. @return how many it took in */
    int fireTimers(int atMost) {
        int fired = 0;
        Timer due = earliest();
        while (fired < atMost && due != null && due.at <= clock.shown()) {
            Input input = due.task == null ? new Input.RunTimerDue() : new Input.TaskTimerDue(due.task);
            if (!step(due.run, input)) {
                return fired;
            }
            fired++;
            due = earliest();
        }
        return fired;
    }

    /** In how many milliseconds the next timer is due; null when there is none. */
    @Nullable
    Long nextTimer() {
        Timer next = earliest();
        return next == null ? null : Math.max(0, next.at - clock.shown());
    }

    private record Timer(ModelRun run, @Nullable TaskId task, long at) {}

    private @Nullable Timer earliest() {
        Timer first = null;
        for (ModelRun run : runs.values()) {
            RunState state = run.live();
            if (state == null) {
                continue;
            }
            first = earlier(first, run, null, state.head().wakeAt());
            for (Map.Entry<TaskId, TaskState> task : state.tasks().entrySet()) {
                first = earlier(first, run, task.getKey(), task.getValue().wakeAt());
            }
        }
        return first;
    }

    private static @Nullable Timer earlier(
            @Nullable Timer first, ModelRun run, @Nullable TaskId task, @Nullable Instant at) {
        if (at == null || first != null && first.at < at.toEpochMilli()) {
            return first;
        }
        // Equal times are told apart by name, since the order of a hash table may differ from one process to another.
        boolean later = first != null
                && first.at == at.toEpochMilli()
                && (first.run != run
                        || first.task == null
                        || task != null && first.task.value().compareTo(task.value()) < 0);
        return later ? first : new Timer(run, task, at.toEpochMilli());
    }

    /** Something is noticed of an open run that is not so, or not so any more. */
    void happens(ModelRun run, Input input) {
        if (run.isOpen()) {
            step(run, input);
        }
    }

    /** Tells the engine of tasks whose workers are lost. @return how many it took in */
    int endLeases() {
        int lost = 0;
        for (ModelRun run : runs()) {
            for (OracleTask task : run.oracle.run.all()) {
                Claimant holder = task.holder;
                if (run.isOpen() && holder != null && fleet.isLost(holder)) {
                    lost += step(run, new Input.WorkerLost(task.id, holder, "silent for its lease")) ? 1 : 0;
                }
            }
        }
        return lost;
    }

    /** It is gone, and another takes over with what is stored. */
    void crash() {
        tale.says(clock, "the coordinator crashes");
        runs.values().forEach(ModelRun::restore);
        slots.restore();
        if (!runs.isEmpty() && choices.oneIn(3)) {
            Replays.hold(choices.oneOf(runs()));
        }
    }

    /** One step: wholly, or not at all. @return false when it crashed before the commit */
    private boolean step(ModelRun run, Input input) {
        steps++;
        Instant now = Instant.ofEpochMilli(clock.shown());
        Decision decision = decide(run, input, now);
        if (choices.oneIn(ONE_SECOND_OPINION_IN) && !decide(run, input, now).equals(decision)) {
            throw new Violation("pure", "the same arguments give different decisions for " + input);
        }
        if (choices.oneIn(ONE_CRASH_IN)) {
            crash();
            return false;
        }
        tale.step(clock, run.id, input, decision);
        Oracle oracle = run.oracle;
        if (!run.isOpen() && input instanceof Input.Report report) {
            oracle.refuses(report);
        } else {
            oracle.happens(input, clock.shown());
        }
        run.commit(decision);
        for (RunEvent event : decision.events()) {
            ledger.recorded(run.id, event);
        }
        decision.effects().forEach(effect -> carryOut(run, effect));
        run.comparison.hold(decision, run.live());
        holdToLimit(run);
        return true;
    }

    private Decision decide(ModelRun run, Input input, Instant now) {
        try {
            if (!run.isOpen() && input instanceof Input.Report report) {
                return decider.refuse(report, now);
            }
            if (!run.isOpen() && input instanceof Input.RerunRun rerun) {
                return decider.rerun(Replays.of(run), rerun, now);
            }
            return decider.decide(run.id, run.live(), run.pipeline, input, now);
        } catch (RuntimeException e) {
            tale.says(clock, input + " of " + run.id + " makes the engine throw " + e);
            throw e instanceof Violation violation ? violation : new Violation("throws", e);
        }
    }

    private void carryOut(ModelRun asking, Effect effect) {
        RunId run = asking.id;
        if (effect instanceof Effect.DispatchTask order) {
            ledger.dispatched(run, order);
            topics.queues.append(order.task(), new Topics.Order(run, order));
        } else if (effect instanceof Effect.RequestCancellation stop) {
            fleet.toldToStop(run, stop);
        } else if (effect instanceof Effect.StartRun child) {
            Input start = new Input.StartRun(child.inputs(), child.trigger(), 1);
            topics.commands.append(child.run(), new Topics.Command(child.run(), start, child.pipeline()));
        } else if (effect instanceof Effect.CancelRun child) {
            topics.commands.append(
                    child.run(),
                    new Topics.Command(child.run(), new Input.CancelRun(null, child.reason(), null), null));
        } else if (effect instanceof Effect.TellParent end) {
            tell(run, end);
        } else if (effect instanceof Effect.AskForSlot wanted) {
            admission(asking, wanted.slot(), true);
        } else if (effect instanceof Effect.GiveSlotBack back) {
            admission(asking, back.slot(), false);
        }
    }

    private void admission(ModelRun run, Slot slot, boolean asks) {
        PipelineId pipeline = run.pipeline.id();
        topics.admissions.append(
                slot.pool() == null ? pipeline : slot.pool(), new Topics.Admission(run.id, pipeline, slot, asks));
    }

    private void tell(RunId child, Effect.TellParent end) {
        Parent parent = end.parent();
        Input ended = new Input.ChildEnded(parent.task(), child, end.outcome(), end.output(), end.reason());
        topics.commands.append(parent.run(), new Topics.Command(parent.run(), ended, null));
    }
}
