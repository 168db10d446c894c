package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A pipeline as its file defines it: a graph of tasks without cycles, in which every need names a task. Immutable; two pipelines
 * are equal only if they are the same object.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class Pipeline {
    private final PipelineId id;
    private final Optional<String> description;
    private final Optional<String> owner;
    private final List<TriggerDefinition> triggers;
    private final Map<String, InputSpec> inputs;
    private final Map<String, Template> outputs;
    private final Optional<Duration> timeout;
    private final Optional<Concurrency> concurrency;
    private final AlertRules alerts;
    private final Map<TaskId, Task> tasks;
    private final Map<TaskId, List<TaskId>> dependents;
    private final Map<Stage, List<Task>> stages = new EnumMap<>(Stage.class);
    private final Set<String> files;
    private final Set<String> queues;

    /**
     * A pipeline of tasks that are known to fit together.
     *
     * @throws IllegalArgumentException when two tasks have one id, or a need names no task
     */
    Pipeline(
            PipelineId id,
            Optional<String> description,
            Optional<String> owner,
            List<TriggerDefinition> triggers,
            Map<String, InputSpec> inputs,
            Map<String, Template> outputs,
            Optional<Duration> timeout,
            Optional<Concurrency> concurrency,
            Collection<Task> tasks,
            List<AlertRule> alerts) {
        this.id = id;
        this.description = description;
        this.owner = owner;
        this.triggers = List.copyOf(triggers);
        this.inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        this.timeout = timeout;
        this.concurrency = concurrency;
        this.alerts = new AlertRules(alerts);
        Map<TaskId, Task> byId = new LinkedHashMap<>();
        for (Task task : tasks) {
            if (byId.put(task.id(), task) != null) {
                throw new IllegalArgumentException("two tasks are called " + task.id());
            }
        }
        this.tasks = Collections.unmodifiableMap(byId);
        this.dependents = dependentsOf(byId);
        for (Stage stage : Stage.values()) {
            stages.put(
                    stage, tasks.stream().filter(task -> task.stage() == stage).toList());
        }
        Set<String> allFiles = new LinkedHashSet<>();
        Set<String> allQueues = new LinkedHashSet<>();
        for (Task task : tasks) {
            allFiles.addAll(task.files());
            if (!(task.action() instanceof Deferred)) {
                allQueues.add(task.queue());
            }
        }
        for (TriggerDefinition trigger : triggers) {
            if (trigger.source() instanceof ScheduleSource schedule) {
                schedule.calendarFile().ifPresent(allFiles::add);
            }
        }
        this.files = Collections.unmodifiableSet(allFiles);
        this.queues = Collections.unmodifiableSet(allQueues);
    }

    private static Map<TaskId, List<TaskId>> dependentsOf(Map<TaskId, Task> tasks) {
        Map<TaskId, List<TaskId>> dependents = new LinkedHashMap<>();
        tasks.keySet().forEach(id -> dependents.put(id, new ArrayList<>()));
        for (Task task : tasks.values()) {
            for (TaskId need : task.needs()) {
                List<TaskId> list = dependents.get(need);
                if (list == null) {
                    throw new IllegalArgumentException(task.id() + " needs " + need + ", which is no task");
                }
                list.add(task.id());
            }
        }
        dependents.replaceAll((id, list) -> List.copyOf(list));
        return dependents;
    }

    /** The pipeline's id. */
    public PipelineId id() {
        return id;
    }

    /** What it is for, for people. */
    public Optional<String> description() {
        return description;
    }

    /** Who is responsible for it: a team, a person or an address, in one line. */
    public Optional<String> owner() {
        return owner;
    }

    /** What starts runs of it by itself, in file order; each has an id of its own. */
    public List<TriggerDefinition> triggers() {
        return triggers;
    }

    /** The declared inputs by name, in file order. */
    public Map<String, InputSpec> inputs() {
        return inputs;
    }

    /** How long a run may take, from its start to its end; empty for no limit. */
    public Optional<Duration> timeout() {
        return timeout;
    }

    /** How many of its runs may be under way at a time; empty for any number. */
    public Optional<Concurrency> concurrency() {
        return concurrency;
    }

    /** When somebody is to be told of its runs. */
    public AlertRules alerts() {
        return alerts;
    }

    /** The tasks in file order; never empty. */
    public Collection<Task> tasks() {
        return tasks.values();
    }

    /**
     * The task with this id.
     *
     * @throws IllegalArgumentException when the pipeline has no such task
     */
    public Task task(TaskId id) {
        Task task = tasks.get(id);
        if (task == null) {
            throw noTask(id);
        }
        return task;
    }

    /** Whether there is a task with this id. */
    public boolean hasTask(TaskId id) {
        return tasks.containsKey(id);
    }

    /** The tasks of one stage, in file order; those of {@link Stage#MAIN} are never empty. */
    public List<Task> tasks(Stage stage) {
        return stages.getOrDefault(stage, List.of());
    }

    /** The tasks of one stage that need nothing, in file order. */
    public List<Task> roots(Stage stage) {
        return tasks(stage).stream().filter(task -> task.needs().isEmpty()).toList();
    }

    /** What the run gives when it succeeded, by name; empty when the pipeline declares none. */
    public Map<String, Template> outputs() {
        return outputs;
    }

    /**
     * The tasks that directly need this one, in file order.
     *
     * @throws IllegalArgumentException when the pipeline has no such task
     */
    public List<TaskId> dependents(TaskId id) {
        List<TaskId> list = dependents.get(id);
        if (list == null) {
            throw noTask(id);
        }
        return list;
    }

    private IllegalArgumentException noTask(TaskId missing) {
        return new IllegalArgumentException("the pipeline " + id + " has no task " + missing);
    }

    /** The paths of all files that its tasks and its triggers name. */
    public Set<String> files() {
        return files;
    }

    /** The queues that its tasks are dispatched to, in file order; empty when no task needs a worker. */
    public Set<String> queues() {
        return queues;
    }

    @Override
    public String toString() {
        return "pipeline " + id;
    }
}
