package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folds a run's events, in their order, into what the run looks like after them: the same events give the same view,
 * and an event that was folded already changes nothing (G10). It is pure: no clock, no I/O.
 *
 * <p><b>Threading.</b> Not thread-safe; one instance folds one run.
 */
final class RunFold {
    private static final String NO_INPUTS = "{}";

    private final Map<String, TaskFold> tasks = new LinkedHashMap<>();
    private final int tasksTotal;
    private long lastSequence;
    private Optional<RunSummary> summary = Optional.empty();
    private String inputs = NO_INPUTS;

    /** Starts with the tasks of the run's version; with none when that version is not known any more. */
    RunFold(Optional<Pipeline> pipeline) {
        for (Task task : pipeline.map(Pipeline::tasks).orElse(List.of())) {
            tasks.put(task.id().value(), TaskFold.of(task));
        }
        tasksTotal = tasks.size();
    }

    /** What the events of one run lead to; empty when its start is not among them. */
    static Optional<RunView> fold(Optional<Pipeline> pipeline, Iterable<RunEvent> events) {
        RunFold fold = new RunFold(pipeline);
        events.forEach(fold::add);
        return fold.view();
    }

    /** Takes one more event; events come in the order of their sequence. */
    void add(RunEvent event) {
        // A rejected report changed nothing, so it changes nothing here; its sequence is 0 once the run is retired.
        if (event.getSequence() <= lastSequence) {
            return;
        }
        lastSequence = event.getSequence();
        summary = SummaryFold.next(summary, event).map(next -> next.ofTasks(tasksTotal));
        if (event.getType() == RunEventType.RUN_STARTED) {
            inputs = event.getInputs().orElse(NO_INPUTS);
        }
        if (event.getType() != RunEventType.REPORT_REJECTED) {
            event.getTask().ifPresent(task -> task(task).add(event));
        }
        event.getDispatched().forEach(task -> task(task).dispatchedBy(event));
    }

    /** The run as it is after the events so far; empty when its start was not among them. */
    Optional<RunView> view() {
        return summary.map(head -> new RunView(
                head, inputs, tasks.values().stream().map(TaskFold::view).toList()));
    }

    private TaskFold task(String id) {
        return tasks.computeIfAbsent(id, TaskFold::unknown);
    }
}
