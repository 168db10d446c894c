package io.millrace.coordinator.query;

import java.util.List;

/**
 * A run with all its tasks.
 *
 * @param inputs with defaults filled in, a JSON object
 * @param tasks every task of the run's version in the order of its file; then those that only the events know
 */
public record RunView(RunSummary summary, String inputs, List<TaskView> tasks) {}
