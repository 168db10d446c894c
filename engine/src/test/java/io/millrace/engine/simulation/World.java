package io.millrace.engine.simulation;

import io.millrace.engine.Claimant;
import io.millrace.engine.Delivery;
import io.millrace.engine.Input;
import io.millrace.engine.RunEventType;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One platform from its beginning to the end of its last run: for a while anything may happen at any time, and then the
 * faults stop, and everything has to come to its end.
 */
final class World {
    private static final int CALM_IN = 1_500;
    private static final int ROUNDS_OF_PEACE = 50_000;
    private static final long PEACE_MILLIS = 24 * 3_600_000L;
    private static final List<Document> INPUTS = List.of(
            Document.EMPTY,
            Document.parse("{\"k\":2,\"l\":[5,6,7,8,9]}"),
            Document.parse("{\"k\":0,\"l\":[]}"),
            Document.parse("{\"k\":3,\"l\":[1]}"));

    private final Choices choices;
    private final ModelClock clock = new ModelClock();
    private final Topics topics = new Topics();
    private final Ledger ledger = new Ledger();
    private final Tale tale;
    private final List<Plan> plans = new ArrayList<>();
    private final Pipelines pipelines;
    private final Fleet fleet;
    private final ModelCoordinator coordinator;
    private int starts;
    private int reruns;

    World(Choices choices, Tale tale) {
        this.choices = choices;
        this.tale = tale;
        PlanMaker maker = new PlanMaker(choices);
        plans.add(maker.plan(0));
        while (plans.size() < 3 && choices.another("pipeline", 1, 2)) {
            plans.add(maker.plan(plans.size()));
        }
        this.pipelines = new Pipelines(plans);
        this.fleet = new Fleet(choices, clock, topics, ledger, tale);
        this.coordinator = new ModelCoordinator(choices, clock, topics, fleet, ledger, tale, pipelines);
    }

    /** The pipelines of which runs were started. */
    Set<Plan> plans() {
        return pipelines.used();
    }

    long steps() {
        return coordinator.steps();
    }

    /** The kinds of events that there were. */
    Set<RunEventType> kinds() {
        return ledger.kinds();
    }

    /** Lives it through. @throws Violation when something is not as it has to be */
    void live() {
        choices.begin("start");
        start();
        while (choices.another("step", CALM_IN - 1, CALM_IN)) {
            happen(choices.next(60));
        }
        choices.makePeace();
        makePeace();
        holdToTheEnd();
    }

    private void happen(int what) {
        if (what < 10) {
            coordinator.readReport(choices.next(2));
        } else if (what < 15) {
            coordinator.readCommand(choices.next(2));
        } else if (what == 15) {
            coordinator.readAdmission(choices.next(2));
        } else if (what < 26) {
            fleet.claim(fleet.any());
        } else if (what < 34) {
            fleet.anyAtWork().filter(worker -> !worker.claimed.isEmpty()).ifPresent(this::work);
        } else if (what < 42) {
            fleet.anyAtWork().ifPresent(fleet::flush);
        } else if (what < 45) {
            clock.passes(List.of(100L, 900L, 4_000L, 12_000L).get(choices.next(4)));
        } else if (what < 49) {
            coordinator.fireTimers(1 + choices.next(4));
        } else if (what < 52) {
            ask();
        } else if (what == 52) {
            forge();
        } else if (what == 53) {
            fleet.repeat();
        } else if (what == 54) {
            coordinator.endLeases();
        } else if (what == 55) {
            fleet.falls(fleet.any());
        } else if (what == 56) {
            fleet.wakes(fleet.any());
        } else if (what == 57) {
            fleet.dies(fleet.any());
        } else if (what == 58) {
            coordinator.crash();
        } else {
            timePlaysTricks();
        }
    }

    private void work(ModelWorker worker) {
        int what = choices.next(8);
        if (what < 6) {
            finish(worker);
        } else if (what == 6) {
            fleet.progress(worker);
        } else {
            fleet.release(worker);
        }
    }

    private void finish(ModelWorker worker) {
        Topics.Order order = fleet.take(worker);
        PlannedTask plan = coordinator
                .run(order.run())
                .plan
                .task(order.task().task().base().value());
        fleet.finish(worker, order, plan.failsWithWorker());
    }

    private void timePlaysTricks() {
        int what = choices.next(3);
        if (what == 0) {
            long millis = List.of(-500L, -5_000L, 3_000L, 60_000L).get(choices.next(4));
            tale.says(clock, "the coordinator's clock jumps by " + millis + " ms");
            clock.jumps(millis);
        } else if (what == 1) {
            anyTask().ifPresent(task -> coordinator.happens(task.run(), new Input.TaskTimerDue(task.task().id)));
        } else {
            anyTask().ifPresent(this::losesFormerWorker);
        }
    }

    /** The end of an earlier life of the worker is noticed after the later one has claimed. */
    private void losesFormerWorker(Place place) {
        Claimant holder = place.task().holder;
        if (holder != null) {
            fleet.former(holder)
                    .ifPresent(former -> coordinator.happens(
                            place.run(), new Input.WorkerLost(place.task().id, former, "was started anew")));
        }
    }

    /** What people and services ask for. */
    private void ask() {
        int what = choices.next(14);
        if (what < 5) {
            start();
        } else if (what < 11) {
            anyTask()
                    .filter(task -> task.task().plan.kind() == PlannedTask.Kind.APPROVAL)
                    .ifPresent(task -> {
                        boolean approved = choices.next(4) > 0;
                        send(task.run().id, new Input.TaskAnswered(null, task.task().id, approved, "ada", null));
                    });
        } else if (what < 13) {
            rerun();
        } else if (choices.next(4) == 0) {
            anyRun().ifPresent(run -> send(run.id, new Input.CancelRun(null, "enough", null)));
        }
    }

    private void start() {
        if (starts < 24) {
            PipelineId pipeline =
                    new PipelineId(plans.get(choices.next(plans.size())).id());
            String key = "r" + starts++;
            RunTrigger trigger = new RunTrigger(RunTrigger.Kind.API, "simulation", key, null, null, null, null);
            Input start = new Input.StartRun(choices.oneOf(INPUTS), trigger, 1);
            RunId run = RunId.ofKey(pipeline, key);
            for (int times = choices.oneIn(4) ? 2 : 1; times > 0; times--) {
                topics.commands.append(run, new Topics.Command(run, start, pipeline));
            }
        }
    }

    private void rerun() {
        List<ModelRun> ended =
                coordinator.runs().stream().filter(run -> !run.isOpen()).toList();
        Optional<ModelRun> run = ended.isEmpty() || choices.oneIn(8) ? anyRun() : Optional.of(choices.oneOf(ended));
        if (run.isEmpty() || reruns > 24) {
            return;
        }
        reruns++;
        List<TaskId> chosen = new ArrayList<>();
        for (int count = choices.next(4) - 1; count > 0; count--) {
            chosen.add(choices.oneOf(run.get().oracle.run.all()).id);
        }
        send(run.get().id, new Input.RerunRun(null, chosen, "the disk is back", "ada"));
    }

    private void send(RunId run, Input input) {
        for (int times = choices.oneIn(8) ? 2 : 1; times > 0; times--) {
            topics.commands.append(run, new Topics.Command(run, input, null));
        }
    }

    /** A report by somebody whose it is not, or on a delivery that it is not of. */
    private void forge() {
        Optional<Place> place = anyTask();
        if (place.isEmpty() || place.get().task().attempt == 0) {
            return;
        }
        OracleTask task = place.get().task();
        Delivery delivery =
                new Delivery(Math.max(1, task.attempt - choices.next(2)), Math.max(1, task.epoch - choices.next(2)));
        Claimant holder = task.holder;
        Claimant claimant = holder != null && choices.next(2) == 0 ? holder : fleet.any().self;
        Input.Report report = switch (choices.next(4)) {
            case 0 -> new Input.TaskSucceeded(task.id, delivery, claimant, Document.EMPTY, null);
            case 1 -> new Input.TaskProgressed(task.id, delivery, claimant, null, "{\"at\":99}");
            case 2 -> new Input.TaskReleased(task.id, delivery, claimant, null, null);
            default -> new Input.TaskClaimed(task.id, delivery, claimant);
        };
        boolean rightly = holder != null && holder.equals(claimant) && task.isAt(delivery)
                || report instanceof Input.TaskClaimed && task.isAt(delivery)
                // It may be right when it is read, and then the same would be done twice.
                || report instanceof Input.TaskReleased && task.plan.failsWithWorker();
        if (!rightly) {
            topics.reports.append(
                    place.get().run().id, new Topics.Report(place.get().run().id, report));
        }
    }

    private record Place(ModelRun run, OracleTask task) {}

    private Optional<Place> anyTask() {
        return anyRun().map(run -> new Place(run, choices.oneOf(run.oracle.run.all())));
    }

    private Optional<ModelRun> anyRun() {
        List<ModelRun> runs = coordinator.runs();
        return runs.isEmpty() ? Optional.empty() : Optional.of(choices.oneOf(runs));
    }

    /** What a platform without faults does with what is there, for as long as it takes. */
    private void makePeace() {
        tale.says(clock, "the faults stop");
        fleet.recover();
        long deadline = clock.passed() + PEACE_MILLIS;
        for (int round = 0; !isOver(); round++) {
            if (round > ROUNDS_OF_PEACE || clock.passed() > deadline) {
                throw new Violation("comes to an end", "there is no end of " + open());
            }
            if (!moves()) {
                Long next = coordinator.nextTimer();
                if (next == null) {
                    throw new Violation("left behind", "nothing will ever happen to " + open());
                }
                clock.passes(next);
            }
        }
    }

    private boolean isOver() {
        return topics.areEmpty()
                && coordinator.runs().stream().noneMatch(ModelRun::isOpen)
                && fleet.all().stream().allMatch(worker -> worker.silent || worker.outbox.isEmpty());
    }

    private List<RunId> open() {
        return coordinator.runs().stream()
                .filter(ModelRun::isOpen)
                .map(run -> run.id)
                .toList();
    }

    private boolean moves() {
        boolean moved = false;
        while (coordinator.readCommand(0) || coordinator.readAdmission(0) || coordinator.readReport(0)) {
            moved = true;
        }
        moved |= coordinator.endLeases() > 0;
        for (ModelWorker worker : fleet.all()) {
            while (!worker.silent && (!worker.claimed.isEmpty() || !worker.outbox.isEmpty())) {
                if (!worker.claimed.isEmpty()) {
                    finish(worker);
                }
                moved |= fleet.flush(worker);
            }
            while (fleet.isCurrent(worker) && fleet.claim(worker)) {
                moved = true;
            }
        }
        moved |= coordinator.fireTimers(100) > 0;
        return answer() || moved;
    }

    private boolean answer() {
        boolean answered = false;
        for (ModelRun run : coordinator.runs()) {
            for (OracleTask task : run.isOpen() ? run.oracle.run.all() : List.<OracleTask>of()) {
                if (task.status == OracleTask.Status.DEFERRED
                        && !task.hasItems()
                        && task.plan.kind() == PlannedTask.Kind.APPROVAL) {
                    send(run.id, new Input.TaskAnswered(null, task.id, true, "ada", null));
                    answered = true;
                }
            }
        }
        return answered;
    }

    /** After the end nothing is accepted any more, and the audit log alone tells how everything ended (G10). */
    private void holdToTheEnd() {
        fleet.said().forEach(report -> topics.reports.append(report.run(), report));
        while (coordinator.readReport(0)) {
            // The oracle rejects each of them.
        }
        for (ModelRun run : coordinator.runs()) {
            Replays.holdToTheEnd(run);
        }
        if (!coordinator.slotsAreFree()) {
            throw new Violation("slots", "all runs have ended, and not all slots are free");
        }
    }
}
