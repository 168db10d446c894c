package io.millrace.engine.simulation;

import io.millrace.engine.Change;
import io.millrace.engine.Decision;
import io.millrace.engine.Effect;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.engine.RunState;
import io.millrace.engine.TaskState;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds what the engine decided, and the state that came of it, to what the oracle expects. */
final class Comparison {
    private final OracleRun run;

    Comparison(OracleRun run) {
        this.run = run;
    }

    /** After a step. @throws Violation when the engine and the oracle do not agree */
    void hold(Decision decision, @Nullable RunState state) {
        told(decision);
        List<String> events = new ArrayList<>(decision.events().size());
        List<TaskId> dispatched = new ArrayList<>(2);
        for (RunEvent event : decision.events()) {
            events.add(line(event));
            dispatched.addAll(event.dispatched());
        }
        List<String> effects = new ArrayList<>(decision.effects().size());
        for (Effect effect : decision.effects()) {
            effects.add(line(effect));
            if (effect instanceof Effect.GiveSlotBack back
                    && back.ended()
                            != decision.events()
                                    .get(decision.events().size() - 1)
                                    .sequence()) {
                throw new Violation("slots", "the slot is given back at another event than the end");
            }
            if (effect instanceof Effect.DispatchTask order && !dispatched.remove(order.task())) {
                throw new Violation("audit", "no event says that " + order.task() + " was dispatched");
            }
        }
        same("events", run.expected.events, events);
        same("effects", run.expected.effects, effects);
        hold(state);
        for (Change change : decision.changes()) {
            if (change instanceof Change.RetireRun retired) {
                equal("outcome", "the run", run.outcome, retired.status().name());
            }
        }
    }

    /** What the oracle cannot know: how long a wait was varied, and what a new run is called. */
    private void told(Decision decision) {
        for (RunEvent event : decision.events()) {
            if (event.type() == RunEventType.RUN_QUEUED) {
                run.asked = event.sequence();
            }
            OracleTask task = event.task() == null ? null : run.find(event.task());
            OracleRun.Bounds bounds = task == null ? null : run.retries.remove(task);
            if (bounds != null && event.type() == RunEventType.TASK_RETRIED) {
                long due = Objects.requireNonNull(event.dueAt()).toEpochMilli();
                if (due < bounds.least() || due > bounds.most()) {
                    throw new Violation(
                            "backoff",
                            task + " is due in " + (due - run.now) + " ms, and not in " + (bounds.least() - run.now)
                                    + " to " + (bounds.most() - run.now));
                }
                task.due = due;
            }
        }
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.StartRun start && start.trigger().parent() != null) {
                OracleTask task = run.find(start.trigger().parent().task());
                if (task != null) {
                    task.child = start.run();
                }
            }
        }
    }

    private static String line(RunEvent event) {
        return switch (event.type()) {
            case REPORT_REJECTED,
                    RUN_STARTED,
                    RUN_SUCCEEDED,
                    RUN_FAILED,
                    RUN_CANCELLED,
                    RUN_FINISHING,
                    RUN_RERUN,
                    RUN_QUEUED,
                    RUN_ADMITTED -> event.type().name();
            default -> event.type() + " " + Oracle.line(Objects.requireNonNull(event.task()), event.delivery());
        };
    }

    private static String line(Effect effect) {
        if (effect instanceof Effect.DispatchTask order) {
            return "DISPATCH " + Oracle.line(order.task(), order.delivery()) + " "
                    + order.inputs().json() + " " + order.checkpoint();
        } else if (effect instanceof Effect.RequestCancellation stop) {
            return "STOP " + Oracle.line(stop.task(), stop.delivery());
        } else if (effect instanceof Effect.CancelRun cancel) {
            return "CANCEL " + cancel.run();
        } else if (effect instanceof Effect.AskForSlot wanted) {
            return "ASK " + wanted.slot().key();
        } else if (effect instanceof Effect.GiveSlotBack back) {
            return "GIVE " + back.slot().key() + " of " + back.slot().asked();
        } else if (effect instanceof Effect.TellParent tell) {
            return "TELL " + tell.outcome() + " "
                    + (tell.output() == null ? "" : tell.output().json());
        } else if (effect instanceof Effect.StartRun start && start.trigger().parent() != null) {
            return "START " + start.trigger().parent().task() + " "
                    + start.trigger().parent().attempt() + ".1 " + start.pipeline() + " "
                    + start.inputs().json();
        }
        return effect.toString();
    }

    private static void same(String what, List<String> expected, List<String> found) {
        if (expected.size() > 1 || found.size() > 1) {
            Collections.sort(expected);
            Collections.sort(found);
        }
        if (!expected.equals(found)) {
            throw new Violation(what, "expected " + expected + ", and found " + found);
        }
    }

    private void hold(@Nullable RunState state) {
        equal("open", "the run", run.open, state != null);
        if (state == null) {
            return;
        }
        equal("timeout", "the run", run.due, millis(state.head().wakeAt()));
        equal("stage", "the run", run.stage, state.head().stage().ordinal());
        equal("queued", "the run", run.queued, state.head().isQueued());
        if (state.head().ending() != null) {
            equal(
                    "outcome",
                    "the run",
                    run.outcome,
                    state.head().ending().outcome().name());
        }
        for (OracleTask task : run.tasks()) {
            hold(task, state.tasks().get(task.id));
            for (OracleTask item : task.items) {
                hold(item, state.tasks().get(item.id));
            }
        }
    }

    private static void hold(OracleTask task, @Nullable TaskState state) {
        if (state == null) {
            equal("status", task, OracleTask.Status.WAITING, task.status);
            return;
        }
        if (!task.status.name().equals(state.status().name())) {
            throw new Violation("status", task + " has to be " + task.status + ", and is " + state.status());
        }
        if (!task.isAt(state.delivery())) {
            throw new Violation("delivery", task + " is in " + state.delivery());
        }
        equal("claimant", task, task.holder, state.claimant());
        equal("timer", task, task.due, millis(state.wakeAt()));
        equal("checkpoint", task, task.checkpoint, state.checkpoint());
        equal("child", task, task.child, state.childRun());
        if (task.output != null) {
            equal("output", task, task.output, state.output());
        }
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private static void equal(String rule, Object where, @Nullable Object expected, @Nullable Object found) {
        if (!Objects.equals(expected, found)) {
            throw new Violation(rule, where + " has to have " + expected + ", and has " + found);
        }
    }
}
