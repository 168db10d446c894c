package io.millrace.engine.simulation;

import io.millrace.engine.simulation.OracleTask.Status;
import io.millrace.engine.simulation.PlannedItems.Policy;
import io.millrace.engine.simulation.PlannedTask.Kind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What follows in a run by itself: every task is looked at, again and again, until nothing changes. */
final class OracleFlow {
    private static final int ITEMS_AT_ONCE = 100;

    private final OracleRun run;

    OracleFlow(OracleRun run) {
        this.run = run;
    }

    void settle() {
        boolean moved = !run.queued;
        while (run.open && moved) {
            moved = false;
            for (OracleTask task : run.tasks()) {
                if (task.plan.stage() == run.stage) {
                    moved |= task.status == Status.WAITING && decide(task);
                    moved |= task.status == Status.DEFERRED && task.hasItems() && beginItems(task);
                }
            }
            moved = moved || goOn();
        }
    }

    /** A task that waits: do its needs let it go, or rule it out? */
    private boolean decide(OracleTask task) {
        boolean all = true;
        boolean bad = false;
        boolean succeeded = false;
        boolean onlySucceeded = true;
        for (String need : task.plan.needs()) {
            Status status = run.task(need).status;
            all &= status.isOver();
            bad |= status.isBad();
            succeeded |= status == Status.SUCCEEDED;
            onlySucceeded &= status == Status.SUCCEEDED;
        }
        PlannedTask.Rule rule = task.plan.rule();
        boolean early =
                rule == PlannedTask.Rule.ANY_FAILED && bad || rule == PlannedTask.Rule.ANY_SUCCEEDED && succeeded;
        if (!all && !early) {
            return false;
        }
        boolean met = early
                || switch (rule) {
                    case ALL_DONE -> true;
                    case ALL_SUCCEEDED -> onlySucceeded;
                    case NONE_FAILED -> !bad;
                    case ANY_FAILED, ANY_SUCCEEDED -> false;
                };
        if (met) {
            enter(task);
        } else if (bad) {
            run.expected.says("TASK_UPSTREAM_FAILED", task);
            task.is(Status.UPSTREAM_FAILED);
        } else {
            skip(task);
        }
        return true;
    }

    private void skip(OracleTask task) {
        run.expected.says("TASK_SKIPPED", task);
        task.is(Status.SKIPPED);
    }

    private void fail(OracleTask task) {
        run.expected.says("TASK_FAILED", task);
        task.is(Status.FAILED);
    }

    private void enter(OracleTask task) {
        Boolean wanted = wanted(task.plan.condition());
        if (wanted == null) {
            fail(task);
        } else if (!wanted) {
            skip(task);
        } else if (task.hasItems()) {
            if (task.list == null) {
                List<Long> list = Objects.requireNonNull(task.plan.items()).list();
                run.list(task, list == null ? run.l : list);
            }
            task.nextAttempt();
            task.is(Status.DEFERRED);
            run.expected.says("TASK_DEFERRED", task);
        } else {
            attempt(task);
        }
    }

    /** What the condition says; null when it cannot be said. */
    private @Nullable Boolean wanted(PlannedCondition condition) {
        return switch (condition.kind()) {
            case NONE -> true;
            case NEVER -> false;
            case INPUT -> run.k > condition.than();
            case OUTPUT -> {
                Long given = run.task(condition.about()).given();
                yield given == null ? null : given > condition.than();
            }
            case STATUS -> run.task(condition.about()).status == Status.SUCCEEDED;
            case RUN_STATUS -> condition.about().equalsIgnoreCase(run.outcome);
        };
    }

    /** A new attempt, unless what it is to be given is not there. */
    private void attempt(OracleTask task) {
        String source = task.plan.source();
        if (source != null && run.task(source).given() == null) {
            fail(task);
        } else {
            task.nextAttempt();
            begin(task);
        }
    }

    /** A delivery of a task begins. */
    void begin(OracleTask task) {
        Long given =
                task.plan.source() == null ? null : run.task(task.plan.source()).given();
        long timeout = task.plan.timeoutMillis();
        if (task.plan.kind() == Kind.SHELL) {
            task.is(Status.QUEUED);
            String i = task.isItem() ? "\"i\":" + Objects.requireNonNull(element(task)) : "";
            String n = given == null ? "" : "\"n\":" + given;
            String comma = i.isEmpty() || n.isEmpty() ? "" : ",";
            run.expected.orders("DISPATCH " + task + " {" + i + comma + n + "} " + task.checkpoint);
            return;
        }
        task.is(Status.DEFERRED);
        run.expected.says("TASK_DEFERRED", task);
        if (task.plan.kind() == Kind.WAIT) {
            task.due = run.now + PlannedTask.WAIT_MILLIS;
            return;
        }
        task.due = timeout == 0 ? null : run.now + timeout;
        if (task.plan.kind() == Kind.RUN) {
            run.expected.orders(
                    "START " + task + " " + task.plan.child() + (given == null ? " {}" : " {\"k\":" + given + "}"));
        }
    }

    private @Nullable Long element(OracleTask item) {
        List<Long> list = run.task(item.plan.id()).list;
        return list == null ? null : list.get(item.index);
    }

    /** Lets items begin, in the order of the list, or ends their task. */
    private boolean beginItems(OracleTask task) {
        PlannedItems planned = Objects.requireNonNull(task.plan.items());
        int failed = task.count(Status::isBad);
        int open = task.count(Status::isUnderWay);
        int waiting = planned.policy() == Policy.STOP && failed > 0 ? 0 : task.count(item -> item == Status.WAITING);
        if (waiting == 0) {
            task.due = null;
            return open == 0 && endItems(task, failed > 0 && planned.policy() != Policy.IGNORE);
        }
        int may = planned.window() == 0 ? waiting : Math.min(waiting, planned.window() - open);
        if (may <= 0 || task.due != null) {
            return false;
        }
        int now = Math.min(may, ITEMS_AT_ONCE);
        task.due = may > now ? run.now : null;
        for (OracleTask item : task.listed()) {
            if (now > 0 && item.status == Status.WAITING) {
                attempt(item);
                now--;
            }
        }
        return true;
    }

    private boolean endItems(OracleTask task, boolean badly) {
        run.expected.says(badly ? "TASK_FAILED" : "TASK_SUCCEEDED", task);
        task.is(badly ? Status.FAILED : Status.SUCCEEDED);
        return true;
    }

    /** From one stage to the next, when all of it is over. */
    private boolean goOn() {
        for (OracleTask task : run.tasks()) {
            if (task.plan.stage() <= run.stage && !task.status.isOver()) {
                return false;
            }
        }
        if (run.stage == 0) {
            decide(run.hasFailed(0) ? "FAILED" : "SUCCEEDED");
        } else if (run.stage == 1) {
            run.stage = 2;
        } else {
            boolean turned = "SUCCEEDED".equals(run.outcome) && run.hasFailed(2);
            end(turned ? "FAILED" : Objects.requireNonNull(run.outcome));
        }
        return true;
    }

    /** How the run will end is known. */
    void decide(String outcome) {
        if (!run.plan.hasTasksAfter()) {
            end(outcome);
            return;
        }
        run.outcome = outcome;
        run.stage = 1;
        run.expected.says("RUN_FINISHING");
        if (!outcome.equals("FAILED")) {
            for (OracleTask task : run.tasks()) {
                if (task.plan.stage() == 1) {
                    skip(task);
                }
            }
        }
    }

    void end(String outcome) {
        String source = run.plan.source();
        run.outcome = outcome;
        if (outcome.equals("SUCCEEDED") && source != null) {
            run.given = run.task(source).given();
            run.outcome = run.given == null ? "FAILED" : outcome;
        }
        run.open = false;
        run.queued = false;
        run.expected.says("RUN_" + run.outcome);
        if (run.plan.waits()) {
            run.expected.orders("GIVE " + run.key() + " of " + run.asked);
        }
        if (run.hasParent) {
            run.expected.orders("TELL " + run.outcome + " " + (run.given == null ? "" : "{\"n\":" + run.given + "}"));
        }
    }
}
