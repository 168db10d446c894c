package io.millrace.engine;

import io.millrace.expression.EvaluationException;
import io.millrace.pipeline.ForEach;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Folds a run's recorded events back into the state that the engine had when it wrote them (G10): after the events of a
 * step the state is the one that the step left, but for {@link TaskState#sequence}, which says of each record by which
 * event it was written rather than by which step. It decides nothing, so it reads what earlier versions decided, too.
 *
 * <p>All of a run's events are needed, in the order of their numbers; and its pipeline, since the log does not repeat what
 * the pipeline says: the list of a {@code for_each} is evaluated anew, a running attempt's time is counted anew.
 *
 * <p><b>Threading:</b> not thread-safe; one replay folds one run.
 */
public final class RunReplay {
    private final RunId id;
    private final Pipeline pipeline;
    private final int version;
    /** Items that the first event of a step dispatched, before a later one says that their task has begun. */
    private final Map<TaskId, List<TaskId>> ahead = new HashMap<>();

    /** The first event of each command that had an id. */
    private final Map<CommandId, Long> commands = new HashMap<>();

    private @Nullable RunState state;
    private RunStatus status = RunStatus.RUNNING;
    private long sequence;

    /** A run before its first event. @param version the version of the pipeline that the run is pinned to */
    public RunReplay(RunId id, Pipeline pipeline, int version) {
        this.id = id;
        this.pipeline = pipeline;
        this.version = version;
    }

    /**
     * Takes the next event. One without a number is passed over: it was a report on a run that was not open.
     *
     * @throws IllegalArgumentException when another event has to come before it
     * @throws IllegalStateException when it cannot have happened to the run as it is: the log is of another pipeline, or
     *     was written by another hand
     */
    public void add(RunEvent event) {
        if (event.sequence() == 0) {
            return;
        }
        boolean first = event.type() == RunEventType.RUN_STARTED;
        if (event.sequence() != sequence + 1 || first != (sequence == 0)) {
            throw new IllegalArgumentException("event " + event.sequence() + " of the run " + id + ", " + event.type()
                    + ", cannot follow event " + sequence);
        }
        sequence = event.sequence();
        if (first) {
            state = RunState.started(id, started(event));
        }
        RunState run = state();
        run.put(run.head().at(sequence));
        CommandId command = event.command();
        if (command != null) {
            commands.putIfAbsent(command, sequence);
            run.put(run.head().decided(command));
        }
        fold(run, event);
        for (TaskId task : event.dispatched()) {
            put(run, task, run.task(task, pipeline).queued(dispatched(run, task, event)), event.at());
        }
        goOn(run);
    }

    /** The run's state; that of an ended run is the one from which it can be opened again. */
    public RunState state() {
        RunState run = state;
        if (run == null) {
            throw new IllegalStateException("The start of the run " + id + " has not been folded");
        }
        return run;
    }

    /** How the run is. */
    public RunStatus status() {
        return status;
    }

    /** The number of the last event; 0 before the first. */
    public long sequence() {
        return sequence;
    }

    /** The number of the first event that a command led to; empty when it has led to none. */
    OptionalLong decided(@Nullable CommandId command) {
        Long event = command == null ? null : commands.get(command);
        return event == null ? OptionalLong.empty() : OptionalLong.of(event);
    }

    Pipeline pipeline() {
        return pipeline;
    }

    private RunHead started(RunEvent event) {
        return new RunHead(
                pipeline.id(),
                version,
                Objects.requireNonNull(event.inputs(), "the start of a run has its inputs"),
                Objects.requireNonNull(event.trigger(), "the start of a run has its trigger"),
                sequence,
                event.at(),
                event.dueAt(),
                null,
                null,
                List.of());
    }

    private void fold(RunState run, RunEvent event) {
        switch (event.type()) {
            case RUN_STARTED, REPORT_REJECTED -> {}
            case RUN_SUCCEEDED -> status = RunStatus.SUCCEEDED;
            case RUN_FAILED -> status = RunStatus.FAILED;
            case RUN_CANCELLED -> status = RunStatus.CANCELLED;
            case RUN_FINISHING -> {
                RunStatus outcome = Objects.requireNonNull(event.outcome(), "the end that is decided");
                run.put(run.head().ending(new Ending(Stage.ON_FAILURE, outcome, event.reason()), event.dueAt()));
            }
            case RUN_RERUN -> reopen(run, event);
            case RUN_QUEUED -> {
                status = RunStatus.QUEUED;
                run.put(run.head().in(slot(event), null));
            }
            case RUN_ADMITTED -> {
                status = RunStatus.RUNNING;
                run.put(run.head().in(slot(event), event.dueAt()));
            }
            case TASK_STARTED,
                    TASK_SUCCEEDED,
                    TASK_RETRIED,
                    TASK_QUEUED,
                    TASK_FAILED,
                    TASK_LOST,
                    TASK_RELEASED,
                    TASK_SKIPPED,
                    TASK_CANCELLED,
                    TASK_DEFERRED,
                    TASK_EXPANDED,
                    TASK_PROGRESSED,
                    TASK_UPSTREAM_FAILED -> foldTask(run, event);
        }
    }

    private static Slot slot(RunEvent event) {
        return Objects.requireNonNull(event.slot(), "the slot of the run");
    }

    private void reopen(RunState run, RunEvent event) {
        status = RunStatus.RUNNING;
        run.put(run.head().reopened(event.dueAt(), event.backfill()));
        RerunScope.of(pipeline, event.tasks(), task -> run.task(task, pipeline).status())
                .resets(pipeline, run)
                .forEach(run::put);
    }

    private void foldTask(RunState run, RunEvent event) {
        TaskId task = Objects.requireNonNull(event.task(), "the task of the event");
        TaskState was = run.task(task, pipeline);
        TaskState is = switch (event.type()) {
            case TASK_STARTED ->
                was.running(
                        Objects.requireNonNull(event.claimant(), "the worker that claimed the task"),
                        OpenRun.timeIsUpAt(pipeline.task(task.base()), event.at()));
            case TASK_SUCCEEDED -> was.succeeded(event.output());
            case TASK_RETRIED -> was.retrying(Objects.requireNonNull(event.dueAt(), "when the next attempt is due"));
            case TASK_FAILED -> was.failed();
            case TASK_SKIPPED -> was.skipped();
            case TASK_UPSTREAM_FAILED -> was.upstreamFailed();
            case TASK_CANCELLED -> was.cancelled();
            case TASK_DEFERRED -> deferred(run, task, was, event);
            case TASK_PROGRESSED -> event.checkpoint() == null ? was : was.resumable(event.checkpoint());
            case TASK_LOST -> was.lost();
            case TASK_EXPANDED -> was.counting(Objects.requireNonNull(was.items(), "the items of the task"), null);
            // What follows is told by the events after them, or by what this one dispatched.
            default -> was;
        };
        put(run, task, is, event.at());
    }

    private TaskState deferred(RunState run, TaskId id, TaskState was, RunEvent event) {
        if (event.items() == RunEvent.NO_ITEMS) {
            return was.deferred(event.delivery(), event.dueAt(), event.childRun());
        }
        if (was.items() == null) {
            run.put(id, list(run, id, event));
        }
        ItemCount count = passing(run, ItemCount.of(event.items()), id);
        for (TaskId item : Objects.requireNonNullElse(ahead.remove(id), List.<TaskId>of())) {
            count = passing(run, count.begun(item.index()), id);
        }
        return was.deferred(event.delivery(), null, null).counting(count, null);
    }

    private ItemCount passing(RunState run, ItemCount count, TaskId task) {
        return Items.passing(count, task, item -> run.task(item, pipeline));
    }

    private List<@Nullable Object> list(RunState run, TaskId id, RunEvent event) {
        ForEach forEach = pipeline.task(id).forEach().orElseThrow();
        List<@Nullable Object> list;
        try {
            list = Items.list(forEach.items().evaluate(new RunScope(new Step(run, pipeline, event.at()))));
        } catch (EvaluationException e) {
            throw new IllegalStateException("what the task " + id + " ran over cannot be evaluated any more", e);
        }
        if (list == null || list.size() != event.items()) {
            throw new IllegalStateException("the task " + id + " ran over " + event.items() + " items, not " + list);
        }
        return list;
    }

    private static Delivery dispatched(RunState run, TaskId task, RunEvent event) {
        Delivery last = run.tasks().containsKey(task) ? run.tasks().get(task).delivery() : Delivery.NONE;
        boolean handedOn = task.equals(event.task())
                && (event.type() == RunEventType.TASK_LOST || event.type() == RunEventType.TASK_RELEASED);
        return handedOn ? last.nextEpoch() : last.nextAttempt();
    }

    private void put(RunState run, TaskId id, TaskState is, Instant at) {
        TaskStatus was = run.task(id, pipeline).status();
        run.put(id, is.at(sequence));
        if (id.isItem()) {
            count(run, id, was, is.status(), at);
        } else if (is.status().hasEnded() && !was.hasEnded()) {
            for (TaskId dependent : pipeline.dependents(id)) {
                TaskState waiting = run.task(dependent, pipeline);
                if (waiting.status() == TaskStatus.WAITING) {
                    run.put(dependent, waiting.needEnded().at(sequence));
                }
            }
        } else if (is.items() != null && is.status() == TaskStatus.DEFERRED) {
            run.put(id, due(is, pipeline.task(id).forEach().orElseThrow(), at));
        }
    }

    /** An item counts for its task while that is under way; items that are cancelled are so with their task. */
    private void count(RunState run, TaskId item, TaskStatus was, TaskStatus is, Instant at) {
        TaskId id = item.base();
        TaskState task = run.task(id, pipeline);
        ItemCount count = task.items();
        if (task.status() == TaskStatus.WAITING) {
            ahead.computeIfAbsent(id, begins -> new ArrayList<>()).add(item);
            return;
        }
        if (count == null || task.status() != TaskStatus.DEFERRED || is == TaskStatus.CANCELLED) {
            return;
        }
        ForEach forEach = pipeline.task(id).forEach().orElseThrow();
        if (was == TaskStatus.WAITING) {
            count = passing(run, count.begun(item.index()), id);
        }
        if (is.hasEnded()) {
            count = Items.ended(count, is.isFailure(), forEach);
        }
        run.put(id, due(task.counting(count, task.wakeAt()), forEach, at).at(sequence));
    }

    /** While more items may begin, a timer begins them. */
    private static TaskState due(TaskState task, ForEach forEach, Instant at) {
        ItemCount count = Objects.requireNonNull(task.items());
        Instant due = task.wakeAt() == null ? at : task.wakeAt();
        return task.counting(count, Items.mayBegin(count, forEach) ? due : null);
    }

    /** From the stage after the outcome was decided to the last one no event leads. */
    private void goOn(RunState run) {
        Ending ending = run.head().ending();
        if (ending != null
                && ending.stage() == Stage.ON_FAILURE
                && Stages.hasEnded(pipeline, run.endedTasks(), Stage.ON_FAILURE)) {
            run.put(run.head()
                    .ending(
                            new Ending(Stage.FINALLY, ending.outcome(), ending.reason()),
                            run.head().wakeAt()));
        }
    }
}
