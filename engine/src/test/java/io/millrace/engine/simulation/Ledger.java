package io.millrace.engine.simulation;

import io.millrace.engine.Delivery;
import io.millrace.engine.Effect;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.engine.RunId;
import io.millrace.pipeline.TaskId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The guarantees that can be told from the outside, from what was dispatched, recorded and done alone: it knows nothing
 * of pipelines, and would notice what oracle and engine got wrong alike.
 */
final class Ledger {
    private record Key(RunId run, TaskId task, int attempt, int epoch) {}

    private record Place(RunId run, TaskId task) {}

    private final Map<RunId, Long> sequences = new HashMap<>();
    private final Set<Key> dispatches = new HashSet<>();
    private final Map<Place, Delivery> last = new HashMap<>();
    private final Set<Key> claims = new HashSet<>();
    private final Set<Key> outcomes = new HashSet<>();
    private final Map<RunId, Set<TaskId>> ended = new HashMap<>();
    private final Set<Key> done = new HashSet<>();
    private final Set<RunEventType> kinds = EnumSet.noneOf(RunEventType.class);

    /** A task was put into its queue. */
    void dispatched(RunId run, Effect.DispatchTask order) {
        once("dispatched once", dispatches, run, order.task(), order.delivery());
        last.put(new Place(run, order.task()), order.delivery());
    }

    /** A worker did to the world what the task is for. @param once whether it must not be done again in this attempt */
    void done(RunId run, Effect.DispatchTask order, boolean once) {
        once("done once a claim", done, run, order.task(), order.delivery());
        if (once) {
            once(
                    "done once an attempt",
                    done,
                    run,
                    order.task(),
                    order.delivery().attempt(),
                    0);
        }
    }

    /** An event was put on record. */
    void recorded(RunId run, RunEvent event) {
        kinds.add(event.type());
        if (event.sequence() == 0) {
            return;
        }
        if (event.sequence() != sequences.merge(run, 1L, Long::sum)) {
            throw new Violation("sequence", event + " is number " + sequences.get(run) + " of its run");
        }
        TaskId task = event.task();
        if (event.type() == RunEventType.RUN_RERUN) {
            ended.remove(run);
        }
        if (task == null) {
            return;
        }
        switch (event.type()) {
            case TASK_STARTED -> {
                once("claimed once", claims, run, task, event.delivery());
                current(run, event, task);
            }
            case TASK_SUCCEEDED, TASK_FAILED, TASK_RETRIED -> {
                if (event.claimant() != null) {
                    once(
                            "one outcome an attempt",
                            outcomes,
                            run,
                            task,
                            event.delivery().attempt(),
                            0);
                    current(run, event, task);
                }
            }
            default -> {}
        }
        if (isEnd(event.type())
                && !ended.computeIfAbsent(run, each -> new HashSet<>()).add(task)) {
            throw new Violation("ended once a life", task + " in " + run);
        }
    }

    /** The kinds of events that there were. */
    Set<RunEventType> kinds() {
        return kinds;
    }

    private void current(RunId run, RunEvent event, TaskId task) {
        if (!event.delivery().equals(last.get(new Place(run, task)))) {
            throw new Violation(
                    "current",
                    event.type() + " of " + task + " in " + event.delivery() + ", dispatched last in "
                            + last.get(new Place(run, task)));
        }
    }

    private static boolean isEnd(RunEventType type) {
        return switch (type) {
            case TASK_SUCCEEDED, TASK_FAILED, TASK_SKIPPED, TASK_UPSTREAM_FAILED, TASK_CANCELLED -> true;
            default -> false;
        };
    }

    private static void once(String rule, Set<Key> seen, RunId run, TaskId task, Delivery delivery) {
        once(rule, seen, run, task, delivery.attempt(), delivery.epoch());
    }

    private static void once(String rule, Set<Key> seen, RunId run, TaskId task, int attempt, int epoch) {
        if (!seen.add(new Key(run, task, attempt, epoch))) {
            throw new Violation(rule, task + " " + attempt + "." + epoch + " in " + run);
        }
    }
}
