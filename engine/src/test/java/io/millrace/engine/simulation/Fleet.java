package io.millrace.engine.simulation;

import io.millrace.engine.Claimant;
import io.millrace.engine.Effect;
import io.millrace.engine.Failure;
import io.millrace.engine.Input;
import io.millrace.engine.RunId;
import io.millrace.expression.Document;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The workers: they claim, execute, report, hang, die and are started anew, and some that everybody believes dead come
 * back and report. The claim is one transaction with the offset; all else may be cut off at any point.
 */
final class Fleet {
    static final long LEASE_MILLIS = 10_000;
    private static final int WORKERS = 3;
    private static final int REMEMBERED = 64;
    private static final List<Document> OUTPUTS = List.of(
            Document.parse("{\"n\":1}"),
            Document.parse("{\"n\":5}"),
            Document.parse("{\"n\":2}"),
            Document.parse("{\"n\":0}"),
            Document.EMPTY);

    private final Choices choices;
    private final ModelClock clock;
    private final Topics topics;
    private final Ledger ledger;
    private final Tale tale;
    private final List<ModelWorker> workers = new ArrayList<>();
    private final List<ModelWorker> zombies = new ArrayList<>();
    private final List<Topics.Report> said = new ArrayList<>();

    Fleet(Choices choices, ModelClock clock, Topics topics, Ledger ledger, Tale tale) {
        this.choices = choices;
        this.clock = clock;
        this.topics = topics;
        this.ledger = ledger;
        this.tale = tale;
        for (int i = 0; i < WORKERS; i++) {
            workers.add(new ModelWorker(i, 1));
        }
    }

    /** Whether a worker's lease has ended: never while it is heard. */
    boolean isLost(Claimant claimant) {
        for (ModelWorker worker : workers) {
            if (worker.self.worker().equals(claimant.worker())) {
                return !worker.self.equals(claimant)
                        || worker.silent && clock.passed() - worker.silentSince >= LEASE_MILLIS;
            }
        }
        return true;
    }

    /** The life of the worker before this one. */
    Optional<Claimant> former(Claimant claimant) {
        return workers.stream()
                .filter(worker -> worker.self.equals(claimant) && worker.life > 1)
                .map(worker -> new ModelWorker(worker.number, worker.life - 1).self)
                .findFirst();
    }

    ModelWorker any() {
        return workers.get(choices.next(workers.size()));
    }

    /** One that does something, zombies among them; empty when that one is silent. */
    Optional<ModelWorker> anyAtWork() {
        int which = choices.next(workers.size() + zombies.size());
        ModelWorker worker = which < workers.size() ? workers.get(which) : zombies.get(which - workers.size());
        return worker.silent ? Optional.empty() : Optional.of(worker);
    }

    /** Takes a task from a queue: the claim and the offset are one transaction. */
    boolean claim(ModelWorker worker) {
        Optional<Integer> partition = topics.queues.readable(choices.next(topics.queues.partitions()));
        if (worker.silent || worker.claimed.size() >= ModelWorker.SLOTS || partition.isEmpty()) {
            return false;
        }
        Topics.Order order = topics.queues.peek(partition.get());
        topics.queues.commit(partition.get());
        send(new Topics.Report(
                order.run(),
                new Input.TaskClaimed(order.task().task(), order.task().delivery(), worker.self)));
        worker.claimed.add(order);
        return true;
    }

    /** Does what a task is for, and has an outcome to report. */
    void finish(ModelWorker worker, Topics.Order order, boolean onceAnAttempt) {
        Effect.DispatchTask task = order.task();
        ledger.done(order.run(), task, onceAnAttempt);
        int outcome = choices.next(10);
        worker.says(
                order,
                outcome < 6
                        ? new Input.TaskSucceeded(
                                task.task(), task.delivery(), worker.self, choices.oneOf(OUTPUTS), null)
                        : new Input.TaskFailed(task.task(), task.delivery(), worker.self, failure(outcome), null));
    }

    private static Failure failure(int outcome) {
        return switch (outcome) {
            case 6 -> Failure.permanent(Failure.Kind.EXIT, "x");
            case 7 -> Failure.retryable(Failure.Kind.TIMEOUT, "x");
            case 8 -> new Failure(Failure.Kind.HTTP, "x", null, null, List.of(), 503, Duration.ofSeconds(30), true);
            default -> Failure.retryable(Failure.Kind.EXIT, "x");
        };
    }

    /** One of the tasks that it has claimed, which it is done with. */
    Topics.Order take(ModelWorker worker) {
        return worker.claimed.remove(choices.next(worker.claimed.size()));
    }

    /** Says how far one of its tasks is. */
    void progress(ModelWorker worker) {
        Topics.Order order = choices.oneOf(worker.claimed);
        String checkpoint = choices.next(3) == 0 ? null : "{\"at\":" + choices.next(9) + "}";
        worker.says(
                order,
                new Input.TaskProgressed(order.task().task(), order.task().delivery(), worker.self, 0.5, checkpoint));
    }

    /** Gives a task back before anything is done. */
    void release(ModelWorker worker) {
        Topics.Order order = take(worker);
        worker.says(
                order,
                new Input.TaskReleased(order.task().task(), order.task().delivery(), worker.self, "stopping", null));
    }

    /** What it has to say is sent. */
    boolean flush(ModelWorker worker) {
        if (worker.outbox.isEmpty()) {
            return false;
        }
        send(worker.outbox.remove());
        return true;
    }

    private void send(Topics.Report report) {
        topics.reports.append(report.run(), report);
        if (choices.oneIn(15)) {
            topics.reports.append(report.run(), report);
        }
        if (said.size() < REMEMBERED) {
            said.add(report);
        } else {
            said.set(choices.next(REMEMBERED), report);
        }
    }

    /** What was said once is said again. */
    void repeat() {
        if (!said.isEmpty()) {
            Topics.Report report = choices.oneOf(said);
            topics.reports.append(report.run(), report);
        }
    }

    /** All that can still be said of what is over. */
    List<Topics.Report> said() {
        return said;
    }

    void falls(ModelWorker worker) {
        if (!worker.silent) {
            tale.says(clock, worker.self.incarnation() + " hangs");
            worker.falls(clock.passed());
        }
    }

    /** A worker that hung goes on where it was, and does not know how late it is. */
    void wakes(ModelWorker worker) {
        if (worker.silent && !worker.dead) {
            tale.says(clock, worker.self.incarnation() + " goes on");
            worker.silent = false;
        }
    }

    /** A worker dies, or is merely believed to have died; mostly a new life of it begins. */
    void dies(ModelWorker worker) {
        int how = choices.next(4);
        boolean zombie = how > 1;
        tale.says(clock, worker.self.incarnation() + (zombie ? " is replaced, and does not know" : " dies"));
        if (zombie && !worker.dead) {
            worker.silent = false;
            zombies.add(worker);
        } else {
            worker.dies(clock.passed());
        }
        if (how > 0) {
            workers.set(worker.number, new ModelWorker(worker.number, worker.life + 1));
        }
    }

    /** Who executes that is told to stop, and sometimes hears it too late. */
    void toldToStop(RunId run, Effect.RequestCancellation stop) {
        if (choices.next(3) == 2) {
            return;
        }
        for (ModelWorker worker : workers) {
            worker.claimed.removeIf(order -> !worker.silent
                    && order.run().equals(run)
                    && order.task().task().equals(stop.task())
                    && order.task().delivery().equals(stop.delivery()));
        }
    }

    /** All are well. */
    void recover() {
        for (ModelWorker worker : List.copyOf(workers)) {
            if (worker.silent) {
                workers.set(worker.number, new ModelWorker(worker.number, worker.life + 1));
            }
        }
    }

    /** Whoever can do something. */
    List<ModelWorker> all() {
        List<ModelWorker> all = new ArrayList<>(workers);
        all.addAll(zombies);
        return all;
    }

    boolean isCurrent(ModelWorker worker) {
        return workers.contains(worker);
    }
}
