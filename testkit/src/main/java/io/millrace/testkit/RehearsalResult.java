package io.millrace.testkit;

import io.millrace.engine.RunEvent;
import io.millrace.engine.RunReplay;
import io.millrace.engine.RunState;
import io.millrace.engine.RunStatus;
import io.millrace.engine.TaskState;
import io.millrace.expression.Document;
import io.millrace.expression.Scope;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a rehearsed run went. It has ended; or it was refused; or it waits for something that will not come, which
 * {@link #waitsFor} names.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class RehearsalResult {
    /** {@link #verdict} of a run that did not end. */
    public static final String WAITING = "waiting";

    /** {@link #verdict} of a run that did not begin. */
    public static final String REFUSED = "refused";

    private final Pipeline pipeline;
    private final RunPlan plan;
    private final List<RunEvent> events;
    private final @Nullable RunState state;
    private final Optional<RunStatus> status;
    private final Optional<String> refusal;
    private final Asked asked;
    private final TaskTimes times;
    private final Map<TaskId, TaskResult> tasks;

    /**
     * Which outcomes were asked for.
     *
     * @param times how often, by task or item
     * @param assumed the tasks and items whose outcomes had to be assumed
     * @param unknown the tasks and items of whose outcomes nothing is known
     */
    record Asked(Map<TaskId, Integer> times, Set<TaskId> assumed, Set<TaskId> unknown) {}

    RehearsalResult(
            Pipeline pipeline,
            RunPlan plan,
            List<RunEvent> events,
            RunReplay replay,
            @Nullable String refusal,
            Asked asked) {
        this.pipeline = pipeline;
        this.plan = plan;
        this.events = List.copyOf(events);
        this.state = events.isEmpty() ? null : replay.state();
        this.status = replay.status().hasEnded() ? Optional.of(replay.status()) : Optional.empty();
        this.refusal = Optional.ofNullable(refusal);
        this.asked = asked;
        this.times = new TaskTimes(events);
        this.tasks = Collections.unmodifiableMap(tasks());
    }

    private Map<TaskId, TaskResult> tasks() {
        Map<TaskId, TaskResult> results = new LinkedHashMap<>();
        pipeline.tasks().forEach(task -> {
            results.put(task.id(), result(task.id()));
            int items = state == null ? 0 : state.items(task.id()).size();
            for (int index = 0; index < items; index++) {
                results.put(task.id().item(index), result(task.id().item(index)));
            }
        });
        return results;
    }

    private TaskResult result(TaskId id) {
        TaskState task = state == null ? TaskState.waiting(0) : state.task(id, pipeline);
        Optional<Document> output =
                id.isItem() ? Optional.ofNullable(task.output()) : scope().flatMap(scope -> scope.output(id.value()));
        return new TaskResult(
                id,
                task.status(),
                task.delivery().attempt(),
                output,
                times.failure(id),
                times.reason(id),
                times.begin(id),
                times.end(id));
    }

    /** The pipeline. */
    public Pipeline pipeline() {
        return pipeline;
    }

    /** How the run ended; empty when it did not begin or did not end. */
    public Optional<RunStatus> status() {
        return status;
    }

    /** The same in one word: {@code succeeded}, {@code failed}, {@code cancelled}, {@link #REFUSED} or {@link #WAITING}. */
    public String verdict() {
        return refusal.isPresent()
                ? REFUSED
                : status.map(ended -> ended.name().toLowerCase(Locale.ROOT)).orElse(WAITING);
    }

    /** Whether the run succeeded. */
    public boolean succeeded() {
        return status.equals(Optional.of(RunStatus.SUCCEEDED));
    }

    /** Why it failed, was cancelled or refused, or what it waits for; empty when it succeeded. */
    public Optional<String> reason() {
        if (refusal.isPresent()) {
            return refusal;
        }
        return status.isEmpty()
                ? Optional.of("waits for " + String.join(", and for ", waitsFor()))
                : Optional.ofNullable(last().reason());
    }

    /** What the run waits for that will not come, each in words; none when it has ended. */
    public List<String> waitsFor() {
        return state == null || status.isPresent() ? List.of() : Waits.of(state, pipeline, asked.unknown());
    }

    /** What the run gave; empty when its pipeline declares no outputs or it did not succeed. */
    public Optional<Document> outputs() {
        return events.isEmpty() || !succeeded() ? Optional.empty() : Optional.ofNullable(last().output());
    }

    /**
     * The ids of the alert rules that have somebody told of this run, in the order in which they do: what has happened to it, and its deadlines on the virtual
     * clock. What is about more than one run is not among them: silence, and numbers that are held against those of runs before.
     */
    public Set<String> alerts() {
        return RaisedAlerts.of(pipeline, plan, events, status.isPresent());
    }

    /** When it began, on the virtual clock. */
    public Instant begun() {
        return plan.begin();
    }

    /** From its begin to its last event, in virtual time. */
    public Duration took() {
        return events.isEmpty() ? Duration.ZERO : Duration.between(plan.begin(), last().at());
    }

    /** Every task of the pipeline in the order of its file, and after each the items that it had. */
    public Map<TaskId, TaskResult> all() {
        return tasks;
    }

    /**
     * What became of a task or, as in {@code resize[3]}, of an item.
     *
     * @throws IllegalArgumentException when the pipeline has no such task, or the task had no such item
     */
    public TaskResult task(String id) {
        TaskResult task = tasks.get(new TaskId(id));
        if (task == null) {
            throw new IllegalArgumentException("the run had no task " + id);
        }
        return task;
    }

    /** The tasks and items that began, in that order. */
    public List<TaskId> begunInOrder() {
        return times.begun();
    }

    /** The tasks and items that ended, executed or not, in that order. */
    public List<TaskId> endedInOrder() {
        return times.ended();
    }

    /** All events of the run, as the audit log would have them. */
    public List<RunEvent> events() {
        return events;
    }

    /** How often an outcome of the task or item was asked for: once an attempt, and once more after a lost worker. */
    public int asked(TaskId task) {
        return asked.times().getOrDefault(task, 0);
    }

    /** The tasks and items whose outcomes were not known and had to be assumed. */
    public Set<TaskId> assumed() {
        return Collections.unmodifiableSet(asked.assumed());
    }

    /** The tasks and items that began, and of whose outcomes nothing is known: they are still running. */
    public Set<TaskId> unknown() {
        return Collections.unmodifiableSet(asked.unknown());
    }

    /** What expressions see of the run as it is now; empty when it did not begin. */
    public Optional<Scope> scope() {
        return Optional.ofNullable(state)
                .map(run -> new EndedScope(run.scope(pipeline), verdictOf(), reasonOf(), "", Optional.empty()));
    }

    /**
     * The same from a task or an item, which sees its own output, and {@code item} and {@code index}, as well.
     *
     * @throws IllegalArgumentException when there was no such task
     */
    public Optional<Scope> scope(TaskId task) {
        Optional<Document> own = task(task.value()).output();
        return Optional.ofNullable(state)
                .map(run -> new EndedScope(
                        run.scope(task, pipeline),
                        verdictOf(),
                        reasonOf(),
                        task.base().value(),
                        own));
    }

    private String verdictOf() {
        return status.map(ended -> ended.name().toLowerCase(Locale.ROOT)).orElse("running");
    }

    private String reasonOf() {
        String reason = status.isPresent() ? last().reason() : null;
        return reason == null ? "" : reason;
    }

    /** What happened, a line an event, each with the virtual time since the begin. */
    public List<String> tale() {
        return Tale.of(this);
    }

    private RunEvent last() {
        return events.get(events.size() - 1);
    }
}
