package io.millrace.coordinator.query;

import io.millrace.engine.RerunScope;
import io.millrace.engine.TaskStatus;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Folds a run's events, in their order, into what the run looks like after them: the same events give the same view,
 * and an event that was folded already changes nothing (G10). It is pure: no clock, no I/O.
 *
 * <p><b>Threading.</b> Not thread-safe; one instance folds one run.
 */
final class RunFold {
    private static final String NO_INPUTS = "{}";
    /** Whatever the prefix of the topics is. */
    private static final String COMMANDS = "run-commands";

    private final Optional<Pipeline> pipeline;
    private final Map<String, TaskFold> tasks = new LinkedHashMap<>();
    /** The same in the same order, so that a page far behind costs no more than the first. */
    private final List<TaskFold> ordered = new ArrayList<>();

    /** Items of lists that are made anew: those that the new list has come back when they begin. */
    private final Set<String> dropped = new HashSet<>();

    private final int tasksTotal;
    private long lastSequence;
    private long lastCommand = -1;
    /** Where each command that has an id was decided about first: its offset. */
    private final Map<String, Long> commands = new HashMap<>();

    private Optional<RunSummary> summary = Optional.empty();
    private String inputs = NO_INPUTS;
    private Optional<String> output = Optional.empty();

    /** Starts with the tasks of the run's version; with none when that version is not known any more. */
    RunFold(Optional<Pipeline> pipeline) {
        this.pipeline = pipeline;
        for (Task task : pipeline.map(Pipeline::tasks).orElse(List.of())) {
            enter(task.id().value(), TaskFold.of(task));
        }
        tasksTotal = tasks.size();
    }

    /** What the events of one run lead to; empty when its start is not among them. */
    static Optional<RunView> fold(Optional<Pipeline> pipeline, Iterable<RunEvent> events) {
        RunFold fold = new RunFold(pipeline);
        events.forEach(fold::add);
        return fold.view(Integer.MAX_VALUE);
    }

    /** Takes one more event; events come in the order of their sequence. */
    void add(RunEvent event) {
        // A rejected report changed nothing, so it changes nothing here; its sequence is 0 once the run is retired.
        if (event.getSequence() <= lastSequence) {
            return;
        }
        lastSequence = event.getSequence();
        // All commands of a run lie in one partition.
        event.getCause()
                .filter(cause -> cause.getTopic()
                        .filter(topic -> topic.endsWith(COMMANDS))
                        .isPresent())
                .ifPresent(cause -> {
                    lastCommand = Math.max(lastCommand, cause.getOffset());
                    event.getCommandId().ifPresent(id -> commands.putIfAbsent(id, cause.getOffset()));
                });
        summary = SummaryFold.next(summary, event).map(next -> next.ofTasks(tasksTotal));
        switch (event.getType()) {
            case RUN_STARTED -> inputs = event.getInputs().orElse(NO_INPUTS);
            case RUN_SUCCEEDED -> output = event.getOutput();
            case RUN_RERUN -> reopen(event);
            default -> {}
        }
        if (event.getType() != RunEventType.REPORT_REJECTED) {
            event.getTask().ifPresent(task -> task(task).add(event));
        }
        event.getDispatched().forEach(task -> task(task).dispatchedBy(event));
    }

    /** What the engine begins anew; where the definition is not at hand, what is downstream of it is not known. */
    private void reopen(RunEvent event) {
        output = Optional.empty();
        List<TaskId> chosen =
                event.getTasks().stream().flatMap(id -> idOf(id).stream()).toList();
        RerunScope scope = pipeline.map(known -> RerunScope.of(known, chosen, id -> statusOf(id.value())))
                .orElseGet(() -> new RerunScope(begunWith(chosen), Set.copyOf(chosen), Set.copyOf(chosen)));
        List<TaskFold> anew = ordered.stream()
                .filter(task -> idOf(task.id())
                        .filter(id -> scope.includes(id, statusOf(task.id())))
                        .isPresent())
                .toList();
        anew.forEach(TaskFold::reset);
        ordered.removeIf(task -> idOf(task.id())
                .filter(id -> id.isItem() && scope.whole().contains(id.base()))
                .filter(id -> dropped.add(id.value()))
                .isPresent());
    }

    private Set<TaskId> begunWith(List<TaskId> chosen) {
        Stream<TaskId> tasks = chosen.isEmpty()
                ? ordered.stream()
                        .filter(task -> statusOf(task.id()).isFailure() || task.status() == TaskPhase.CANCELLED)
                        .flatMap(task -> idOf(task.id()).stream())
                : chosen.stream();
        return tasks.map(TaskId::base).collect(Collectors.toSet());
    }

    private TaskStatus statusOf(String id) {
        return TaskStatus.valueOf(task(id).status().name());
    }

    /** Whoever writes to the topic may have put anything there. */
    private static Optional<TaskId> idOf(String text) {
        try {
            return Optional.of(new TaskId(text));
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    long lastSequence() {
        return lastSequence;
    }

    /** The offset of the last command that led to an event of the run; -1 when none did. */
    long lastCommand() {
        return lastCommand;
    }

    /** The offset of the command with this id that was decided about; empty when none was. */
    Optional<Long> command(String id) {
        return Optional.ofNullable(commands.get(id));
    }

    /** How much it holds. */
    int size() {
        return ordered.size() + commands.size();
    }

    /** The run as it is after the events so far, with its first tasks; empty when its start was not among them. */
    Optional<RunView> view(int mostTasks) {
        return summary.map(head -> new RunView(
                head,
                inputs,
                output,
                counts(),
                ordered.stream().limit(mostTasks).map(TaskFold::view).toList(),
                ordered.size() > mostTasks));
    }

    /** Tasks that fit from a place on; {@link TaskPart#next} is where to go on. */
    TaskPart tasks(TaskFilter filter, int from, int limit) {
        List<TaskView> page = new ArrayList<>();
        int at = from;
        for (; at < ordered.size() && page.size() < limit; at++) {
            if (filter.fits(ordered.get(at))) {
                page.add(ordered.get(at).view());
            }
        }
        return new TaskPart(page, at < ordered.size() ? OptionalInt.of(at) : OptionalInt.empty());
    }

    /** A part of the tasks, in their order. */
    record TaskPart(List<TaskView> tasks, OptionalInt next) {}

    Optional<TaskView> taskView(String id) {
        return Optional.ofNullable(tasks.get(id)).map(TaskFold::view);
    }

    private Map<TaskPhase, Integer> counts() {
        Map<TaskPhase, Integer> counts = new EnumMap<>(TaskPhase.class);
        ordered.forEach(task -> counts.merge(task.status(), 1, Integer::sum));
        return counts;
    }

    private TaskFold task(String id) {
        TaskFold known = tasks.get(id);
        if (known != null) {
            if (dropped.remove(id)) {
                ordered.add(known);
            }
            return known;
        }
        TaskFold entered = ItemId.of(id)
                .flatMap(item -> Optional.ofNullable(tasks.get(item.task())))
                .map(task -> task.item(id))
                .orElseGet(() -> TaskFold.unknown(id));
        enter(id, entered);
        return entered;
    }

    private void enter(String id, TaskFold task) {
        tasks.put(id, task);
        ordered.add(task);
    }
}
