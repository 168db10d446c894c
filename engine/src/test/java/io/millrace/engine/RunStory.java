package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run on a virtual clock, told step by step. After every step it holds the engine to what must always be so: the
 * state equals what its stored records give back, as after a crash; the events are numbered without a gap; every change
 * of a status is legal; no delivery is dispatched twice; the events so far give the same state back (G10).
 */
final class RunStory {
    static final Claimant WORKER = new Claimant("w1", "w1-first");
    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");

    private final RunId id = new RunId("0123456789abcdefghjkmnpqrs");
    private final Pipeline pipeline;
    private final RunDecider decider;
    private Instant now = BEGIN;
    private @Nullable RunState state;

    private final RunReplay replay;
    private @Nullable RunHead storedHead;
    private final Map<TaskId, TaskState> stored = new HashMap<>();
    private final Map<TaskId, List<@Nullable Object>> storedItems = new HashMap<>();
    private long lastSequence;
    private final Set<String> dispatchedOnce = new HashSet<>();

    private final List<RunEvent> events = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();
    private @Nullable RunStatus outcome;

    private RunStory(Pipeline pipeline, Limits limits) {
        this.pipeline = pipeline;
        this.decider = new RunDecider(limits);
        this.replay = new RunReplay(id, pipeline, 1);
    }

    /** A run of the pipeline with these tasks: the part of a file from `tasks:` on. */
    static RunStory of(String tasks) {
        return ofFile("id: story\n" + tasks);
    }

    static RunStory ofFile(String source) {
        return ofFile(source, Limits.STANDARD);
    }

    static RunStory ofFile(String source, Limits limits) {
        return new RunStory(
                PipelineParser.parse("story.yaml", source)
                        .pipeline()
                        .orElseThrow(() -> new IllegalArgumentException(PipelineParser.parse("story.yaml", source)
                                .problems()
                                .toString())),
                limits);
    }

    RunStory starts() {
        return starts("{}");
    }

    RunStory starts(String inputs) {
        RunTrigger trigger = new RunTrigger(RunTrigger.Kind.API, "test", null, null, null, null, null);
        return happens(new Input.StartRun(Document.parse(inputs), trigger, 1));
    }

    RunStory claimed(String task) {
        return claimed(task, WORKER);
    }

    RunStory claimed(String task, Claimant by) {
        return happens(new Input.TaskClaimed(new TaskId(task), task(task).delivery(), by));
    }

    RunStory succeeds(String task) {
        return succeeds(task, "{}");
    }

    RunStory succeeds(String task, String output) {
        if (task(task).status() == TaskStatus.QUEUED) {
            claimed(task);
        }
        return happens(new Input.TaskSucceeded(
                new TaskId(task), task(task).delivery(), claimantOf(task), Document.parse(output), null));
    }

    RunStory fails(String task) {
        return fails(task, Failure.retryable(Failure.Kind.EXIT, "exit code 1"));
    }

    RunStory fails(String task, Failure failure) {
        if (task(task).status() == TaskStatus.QUEUED) {
            claimed(task);
        }
        return happens(new Input.TaskFailed(new TaskId(task), task(task).delivery(), claimantOf(task), failure, null));
    }

    RunStory releases(String task) {
        return happens(new Input.TaskReleased(
                new TaskId(task), task(task).delivery(), claimantOf(task), "the worker is stopping", null));
    }

    RunStory loses(String task) {
        return happens(new Input.WorkerLost(new TaskId(task), claimantOf(task), "silent for its lease"));
    }

    RunStory cancelled(String reason) {
        return happens(new Input.CancelRun(null, reason, null));
    }

    /** Cancelled by a command with an id. */
    RunStory cancelledBy(CommandId command) {
        return happens(new Input.CancelRun(command, "enough", "ada"));
    }

    /** Opened again by a command with an id. */
    RunStory rerunBy(CommandId command, String... tasks) {
        return happens(
                new Input.RerunRun(command, Stream.of(tasks).map(TaskId::new).toList(), null, "ada"));
    }

    /** Approved or rejected by a command with an id. */
    RunStory answeredBy(CommandId command, String task, boolean approved) {
        return happens(new Input.TaskAnswered(command, new TaskId(task), approved, "ada", null));
    }

    /** Opened again with these tasks, or with all that did not succeed. */
    RunStory reruns(String... tasks) {
        return happens(
                new Input.RerunRun(null, Stream.of(tasks).map(TaskId::new).toList(), "the disk is back", "ada"));
    }

    /** Time passes, and every timer that falls due is fired, earliest first. */
    RunStory after(Duration time) {
        Instant end = now.plus(time);
        while (state != null) {
            Instant runDue = state.head().wakeAt();
            TaskId due = null;
            Instant dueAt = runDue;
            for (Map.Entry<TaskId, TaskState> task : state.tasks().entrySet()) {
                Instant at = task.getValue().wakeAt();
                if (at != null && (dueAt == null || at.isBefore(dueAt))) {
                    dueAt = at;
                    due = task.getKey();
                }
            }
            if (dueAt == null || dueAt.isAfter(end)) {
                break;
            }
            now = dueAt.isAfter(now) ? dueAt : now;
            happens(due == null ? new Input.RunTimerDue() : new Input.TaskTimerDue(due));
        }
        now = end;
        return this;
    }

    RunStory happens(Input input) {
        RunState before = state;
        Decision decision = decide(before, input);
        assertThat(decide(before, input))
                .as("the same arguments give the same decision")
                .isEqualTo(decision);
        holdToLegalTransitions(before, decision);
        store(decision);
        state = RunState.after(id, before, decision);
        holdToSequence(decision);
        holdToStore();
        holdToReplay(decision);
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.DispatchTask order) {
                assertThat(dispatchedOnce.add(order.task() + "/" + order.delivery()))
                        .as("dispatched once: %s %s", order.task(), order.delivery())
                        .isTrue();
            }
        }
        events.addAll(decision.events());
        effects.addAll(decision.effects());
        return this;
    }

    private Decision decide(@Nullable RunState before, Input input) {
        if (before == null && input instanceof Input.RerunRun rerun) {
            return decider.rerun(replay, rerun, now);
        }
        return before == null && input instanceof Input.Report report
                ? decider.refuse(report, now)
                : decider.decide(id, before, pipeline, input, now);
    }

    private static void holdToLegalTransitions(@Nullable RunState before, Decision decision) {
        for (Change change : decision.changes()) {
            if (change instanceof Change.PutTask put
                    && before != null
                    && before.tasks().containsKey(put.task())) {
                TaskStatus was = before.tasks().get(put.task()).status();
                TaskStatus is = put.state().status();
                assertThat(was == is
                                || was.next().contains(is)
                                || was.next().stream()
                                        .anyMatch(between -> between.next().contains(is)))
                        .as("%s: %s to %s", put.task(), was, is)
                        .isTrue();
            }
        }
    }

    private void store(Decision decision) {
        for (Change change : decision.changes()) {
            if (change instanceof Change.PutRun put) {
                storedHead = put.head();
            } else if (change instanceof Change.PutTask put) {
                stored.put(put.task(), put.state());
            } else if (change instanceof Change.PutItems put) {
                storedItems.put(put.task(), put.items());
            } else if (change instanceof Change.RetireRun retired) {
                storedHead = null;
                stored.clear();
                storedItems.clear();
                outcome = retired.status();
            }
        }
    }

    private void holdToSequence(Decision decision) {
        for (RunEvent event : decision.events()) {
            if (event.sequence() > 0) {
                assertThat(event.sequence()).isEqualTo(++lastSequence);
            }
        }
    }

    private void holdToStore() {
        RunState restored = storedHead == null ? null : RunState.restore(id, storedHead, stored, storedItems);
        assertThat(restored).as("what the stored records give back").isEqualTo(state);
        if (state != null) {
            assertThat(state.sequence()).isEqualTo(lastSequence);
        }
    }

    private void holdToReplay(Decision decision) {
        decision.events().forEach(replay::add);
        if (replay.sequence() > 0) {
            assertThat(replay.sequence()).isEqualTo(lastSequence);
            assertThat(replay.status().hasEnded()).isEqualTo(state == null);
        }
        if (state != null) {
            RunState replayed = replay.state();
            assertThat(replayed.head())
                    .as("the head that the events give")
                    .isEqualTo(state.head().at(lastSequence));
            assertThat(unmarked(replayed)).as("the tasks that the events give").isEqualTo(unmarked(state));
            for (TaskId task : state.tasksWithItems()) {
                assertThat(replayed.items(task)).isEqualTo(state.items(task));
            }
            assertThat(replayed.endedTasks()).isEqualTo(state.endedTasks());
        }
    }

    /** The tasks without the numbers of their last events, of which the log does not tell the steps apart. */
    private Map<TaskId, TaskState> unmarked(RunState run) {
        Map<TaskId, TaskState> tasks = new TreeMap<>(Comparator.comparing(TaskId::value));
        run.tasks().forEach((id, task) -> tasks.put(id, task.at(0)));
        return tasks;
    }

    TaskState task(String task) {
        if (state == null) {
            throw new IllegalStateException("the run is not open");
        }
        return state.task(new TaskId(task), pipeline);
    }

    /** What the recorded events of a run that has ended tell of it. */
    Ended ended() {
        assertThat(state).as("the open run").isNull();
        return new Ended(replay, pipeline);
    }

    /** A run after its end. */
    record Ended(RunReplay replay, Pipeline pipeline) {
        RunStatus status() {
            return replay.status();
        }

        TaskStatus status(TaskId task) {
            return task(task).status();
        }

        TaskState task(TaskId task) {
            return replay.state().task(task, pipeline);
        }

        List<@Nullable Object> items(TaskId task) {
            return replay.state().items(task);
        }
    }

    boolean isOpen() {
        return state != null;
    }

    RunState state() {
        if (state == null) {
            throw new IllegalStateException("the run is not open");
        }
        return state;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Instant now() {
        return now;
    }

    private Claimant claimantOf(String task) {
        Claimant claimant = task(task).claimant();
        return claimant == null ? WORKER : claimant;
    }

    @Nullable
    RunStatus outcome() {
        return outcome;
    }

    List<RunEvent> events() {
        return events;
    }

    RunEvent lastEvent() {
        return events.get(events.size() - 1);
    }

    List<Effect> effects() {
        return effects;
    }

    Effect.DispatchTask lastDispatchOf(String task) {
        return effects.stream()
                .filter(Effect.DispatchTask.class::isInstance)
                .map(Effect.DispatchTask.class::cast)
                .filter(order -> order.task().value().equals(task))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** The audit log in short: type, task, attempt.epoch, and what was dispatched by it. */
    List<String> tale() {
        return events.stream().map(RunStory::inShort).toList();
    }

    private static String inShort(RunEvent event) {
        StringBuilder line = new StringBuilder(event.type().name());
        if (event.task() != null) {
            line.append(' ').append(event.task().value());
        }
        if (!event.delivery().equals(Delivery.NONE)) {
            line.append(' ')
                    .append(event.delivery().attempt())
                    .append('.')
                    .append(event.delivery().epoch());
        }
        if (!event.dispatched().isEmpty()) {
            line.append(event.dispatched().stream().map(TaskId::value).collect(Collectors.joining(",", " → ", "")));
        }
        return line.toString();
    }
}
