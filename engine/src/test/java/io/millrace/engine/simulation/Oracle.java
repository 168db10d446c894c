package io.millrace.engine.simulation;

import io.millrace.engine.Delivery;
import io.millrace.engine.Failure;
import io.millrace.engine.Input;
import io.millrace.engine.RunStatus;
import io.millrace.engine.simulation.OracleTask.Status;
import io.millrace.engine.simulation.PlannedTask.Kind;
import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to be like, worked out from the documentation and from nothing of the engine's: it takes what happened,
 * accepts or rejects it by its own lights, and then looks at everything again until nothing follows any more. It is
 * naive on purpose, and knows no counters and no indexes.
 */
final class Oracle implements Input.Handler {
    private static final long GRACE_MILLIS = 10_000;
    private static final long LONGEST_HEEDED_MILLIS = 3_600_000;
    private static final int LOSSES = 5;

    final OracleRun run;
    private final OracleFlow flow;

    Oracle(OracleRun run) {
        this.run = run;
        this.flow = new OracleFlow(run);
    }

    /** Something happens; what it has to lead to is in the run and in what the step is expected to say. */
    void happens(Input input, long nowMillis) {
        run.now = nowMillis;
        run.expected.clear();
        input.accept(this);
        flow.settle();
    }

    /** A report comes when the run is not open. */
    void refuses(Input.Report report) {
        run.expected.clear();
        reject(report, null);
    }

    @Override
    public void on(Input.StartRun start) {
        if (run.started) {
            return;
        }
        run.started = true;
        Object k = start.inputs().asMap().get("k");
        run.k = k instanceof Long given ? given : 1;
        if (start.inputs().asMap().get("l") instanceof java.util.List<?> given) {
            run.l = given.stream().map(each -> (Long) each).toList();
        }
        run.expected.says("RUN_STARTED");
        run.begin();
    }

    @Override
    public void on(Input.CancelRun cancel) {
        interrupt("CANCELLED");
    }

    @Override
    public void on(Input.SlotGranted granted) {
        if (run.queued && granted.asked() == run.asked) {
            run.admit();
            run.expected.says("RUN_ADMITTED");
        }
    }

    @Override
    public void on(Input.RunTimerDue due) {
        if (run.due != null && run.now >= run.due) {
            interrupt("FAILED");
        }
    }

    private void interrupt(String outcome) {
        String decided = run.outcome;
        for (OracleTask task : run.tasks()) {
            if (run.queued || decided != null || task.plan.stage() == 0) {
                task.items.forEach(item -> cancel(item, item.status.isUnderWay()));
                cancel(task, !task.status.isOver());
            }
        }
        run.due = null;
        if (run.queued) {
            flow.end(outcome);
        } else if (decided == null) {
            flow.decide(outcome);
        } else {
            flow.end(decided.equals("SUCCEEDED") ? outcome : decided);
        }
    }

    private void cancel(OracleTask task, boolean still) {
        if (!still) {
            return;
        }
        stop(task);
        run.expected.says("TASK_CANCELLED", task);
        task.is(Status.CANCELLED);
    }

    /** Whoever is at it is told to stop. */
    private void stop(OracleTask task) {
        if (task.status == Status.RUNNING) {
            run.expected.orders("STOP " + task);
        }
        if (task.child != null) {
            run.expected.orders("CANCEL " + task.child);
        }
    }

    @Override
    public void on(Input.RerunRun rerun) {
        if (run.open) {
            run.expected.says("REPORT_REJECTED");
            return;
        }
        if (!OracleRerun.of(run, rerun.tasks())) {
            run.expected.says("REPORT_REJECTED");
            return;
        }
        run.begin();
        run.expected.says("RUN_RERUN");
    }

    @Override
    public void on(Input.TaskClaimed claimed) {
        OracleTask task = run.find(claimed.task());
        if (task == null || task.status != Status.QUEUED || !task.isAt(claimed.delivery())) {
            reject(claimed, task);
            return;
        }
        task.is(Status.RUNNING);
        task.holder = claimed.claimant();
        task.due = task.plan.timeoutMillis() == 0 ? null : run.now + task.plan.timeoutMillis() + GRACE_MILLIS;
        run.expected.says("TASK_STARTED", task);
    }

    @Override
    public void on(Input.TaskProgressed progressed) {
        OracleTask task = held(progressed);
        if (task != null) {
            run.expected.says("TASK_PROGRESSED", task);
            task.checkpoint = progressed.checkpoint() == null ? task.checkpoint : progressed.checkpoint();
        }
    }

    @Override
    public void on(Input.TaskSucceeded succeeded) {
        OracleTask task = held(succeeded);
        if (task != null) {
            succeed(task, succeeded.output());
        }
    }

    @Override
    public void on(Input.TaskFailed failed) {
        OracleTask task = held(failed);
        if (task != null) {
            Failure failure = failed.failure();
            long asked = failure.retryAfter() == null ? 0 : failure.retryAfter().toMillis();
            fail(task, failure.kind().name().toLowerCase(Locale.ROOT), failure.retryable(), asked);
        }
    }

    @Override
    public void on(Input.TaskReleased released) {
        OracleTask task = held(released);
        if (task != null) {
            run.expected.says("TASK_RELEASED", task);
            handOn(task);
        }
    }

    @Override
    public void on(Input.WorkerLost lost) {
        OracleTask task = run.find(lost.task());
        if (task == null || task.status != Status.RUNNING || !lost.claimant().equals(task.holder)) {
            return;
        }
        if (task.plan.failsWithWorker() || ++task.losses >= LOSSES) {
            failForGood(task);
        } else {
            run.expected.says("TASK_LOST", task);
            handOn(task);
        }
    }

    private void handOn(OracleTask task) {
        task.epoch++;
        flow.begin(task);
    }

    @Override
    public void on(Input.TaskAnswered answered) {
        OracleTask task = run.find(answered.task());
        if (task == null || !isDeferred(task) || task.plan.kind() != Kind.APPROVAL) {
            run.expected.says("REPORT_REJECTED");
        } else if (answered.approved()) {
            succeed(task, null);
        } else {
            failForGood(task);
        }
    }

    @Override
    public void on(Input.ChildEnded ended) {
        OracleTask task = run.find(ended.task());
        if (task == null || !isDeferred(task) || !ended.run().equals(task.child)) {
            run.expected.says("REPORT_REJECTED");
        } else if (ended.outcome() == RunStatus.SUCCEEDED) {
            succeed(task, ended.output() == null ? Document.EMPTY : ended.output());
        } else {
            fail(task, "run", ended.outcome() == RunStatus.FAILED, 0);
        }
    }

    @Override
    public void on(Input.TaskTimerDue timer) {
        OracleTask task = run.find(timer.task());
        if (task == null || task.due == null || run.now < task.due) {
            return;
        }
        if (task.status == Status.RETRYING) {
            task.nextAttempt();
            if (task.plan.kind() == Kind.SHELL) {
                run.expected.says("TASK_QUEUED", task);
            }
            flow.begin(task);
        } else if (task.hasItems()) {
            run.expected.says("TASK_EXPANDED", task);
            task.due = null;
        } else if (task.plan.kind() == Kind.WAIT) {
            succeed(task, Document.EMPTY);
        } else if (task.plan.kind() == Kind.APPROVAL) {
            failForGood(task);
        } else {
            stop(task);
            fail(task, "timeout", true, 0);
        }
    }

    private static boolean isDeferred(OracleTask task) {
        return task.status == Status.DEFERRED && !task.hasItems();
    }

    private void succeed(OracleTask task, @Nullable Document output) {
        Object n = output == null ? null : output.asMap().get("n");
        if (task.plan.declares() && !(n instanceof Long)) {
            fail(task, "invalid_output", true, 0);
        } else if (task.plan.checks() && n instanceof Long number && number <= 0) {
            fail(task, "check", true, 0);
        } else {
            run.expected.says("TASK_SUCCEEDED", task);
            task.is(Status.SUCCEEDED);
            task.output = output;
        }
    }

    private void fail(OracleTask task, String kind, boolean retryable, long askedMillis) {
        PlannedRetry retry = task.plan.retry();
        int failed = task.countedAttempts();
        if (!retryable || failed > retry.max() || retry.objects(failed, kind)) {
            failForGood(task);
            return;
        }
        run.expected.says("TASK_RETRIED", task);
        task.is(Status.RETRYING);
        long asked = Math.min(askedMillis, LONGEST_HEEDED_MILLIS);
        run.retries(
                task,
                run.now + Math.max(asked, retry.leastMillis(failed)),
                run.now + Math.max(asked, retry.mostMillis(failed)));
    }

    private void failForGood(OracleTask task) {
        run.expected.says("TASK_FAILED", task);
        task.is(Status.FAILED);
    }

    private @Nullable OracleTask held(Input.Report report) {
        OracleTask task = run.find(report.task());
        if (task != null
                && task.status == Status.RUNNING
                && task.isAt(report.delivery())
                && report.claimant().equals(task.holder)) {
            return task;
        }
        reject(report, task);
        return null;
    }

    private void reject(Input.Report report, @Nullable OracleTask task) {
        run.expected.says("REPORT_REJECTED");
        boolean repeated = task != null
                && task.isAt(report.delivery())
                && report.claimant().equals(task.holder);
        if (report instanceof Input.TaskClaimed && !repeated) {
            run.expected.orders("STOP " + line(report.task(), report.delivery()));
        }
    }

    static String line(TaskId task, Delivery delivery) {
        return task + " " + delivery.attempt() + "." + delivery.epoch();
    }
}
