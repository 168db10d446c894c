package io.millrace.audit.replay;

import io.millrace.audit.log.AuditEvents;
import io.millrace.audit.verify.Recorded;
import io.millrace.engine.AlertJudgement;
import io.millrace.engine.RunReplay;
import io.millrace.engine.RunState;
import io.millrace.engine.TaskState;
import io.millrace.event.RunEvent;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Folds a recorded run back into the states that it had (G10).
 *
 * <p><b>Threading:</b> free to share; each call folds anew.
 */
public final class Replay {
    private final RecordedRun run;

    /** A replay of this run. */
    public Replay(RecordedRun run) {
        this.run = run;
    }

    /**
     * The state after the last event that is included; empty when none is.
     *
     * @throws IllegalStateException when the events cannot have happened to a run of this pipeline
     */
    public Optional<ReplayedRun> at(Until until) {
        RunReplay fold = fold();
        for (Recorded<RunEvent> event : run.events()) {
            if (!until.includes(event)) {
                break;
            }
            add(fold, event);
        }
        return fold.sequence() == 0 ? Optional.empty() : Optional.of(state(fold));
    }

    /** What each event changed, up to the last that is included: every task whose state is another after it. */
    public void steps(Until until, BiConsumer<Recorded<RunEvent>, Map<TaskId, TaskState>> step) {
        RunReplay fold = fold();
        Map<TaskId, TaskState> before = Map.of();
        for (Recorded<RunEvent> event : run.events()) {
            if (!until.includes(event)) {
                break;
            }
            add(fold, event);
            Map<TaskId, TaskState> after = unmarked(fold.state().tasks());
            step.accept(event, changes(before, after));
            before = after;
        }
    }

    /** What the alert rules of its pipeline make of its events, in their order. */
    public List<AlertJudgement> judgements() {
        RunReplay fold = fold();
        List<AlertJudgement> judgements = new ArrayList<>();
        for (Recorded<RunEvent> event : run.events()) {
            add(fold, event);
            if (event.value().getSequence() > 0) {
                judgements.addAll(AlertJudgement.of(fold.state(), run.pipeline(), AuditEvents.fromAvro(event.value())));
            }
        }
        return judgements;
    }

    private RunReplay fold() {
        return new RunReplay(run.id(), run.pipeline(), run.version());
    }

    private static void add(RunReplay fold, Recorded<RunEvent> event) {
        try {
            fold.add(AuditEvents.fromAvro(event.value()));
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "event " + event.value().getSequence() + " at " + event.position() + " cannot be folded: "
                            + e.getMessage(),
                    e);
        }
    }

    private static Map<TaskId, TaskState> changes(Map<TaskId, TaskState> before, Map<TaskId, TaskState> after) {
        Map<TaskId, TaskState> changed = new LinkedHashMap<>();
        after.forEach((task, state) -> {
            @Nullable TaskState was = before.get(task);
            if (!Objects.equals(was, state)) {
                changed.put(task, state);
            }
        });
        return changed;
    }

    /** By name, without the numbers of the events that wrote them, which are no change of their own. */
    private static Map<TaskId, TaskState> unmarked(Map<TaskId, TaskState> tasks) {
        Map<TaskId, TaskState> unmarked = new TreeMap<>(Replay::inOrder);
        tasks.forEach((task, state) -> unmarked.put(task, state.at(0)));
        return unmarked;
    }

    private static int inOrder(TaskId first, TaskId second) {
        int byName = first.base().value().compareTo(second.base().value());
        return byName != 0 ? byName : Integer.compare(rank(first), rank(second));
    }

    private static int rank(TaskId task) {
        return task.isItem() ? task.index() : -1;
    }

    private ReplayedRun state(RunReplay fold) {
        RunState state = fold.state();
        Map<TaskId, TaskState> tasks = new LinkedHashMap<>();
        for (Task task : run.pipeline().tasks()) {
            tasks.put(task.id(), state.task(task.id(), run.pipeline()));
            for (int index = 0; index < state.items(task.id()).size(); index++) {
                TaskState item = state.tasks().get(task.id().item(index));
                if (item != null) {
                    tasks.put(task.id().item(index), item);
                }
            }
        }
        return new ReplayedRun(fold.status(), fold.sequence(), state.head(), tasks);
    }
}
