package io.millrace.coordinator.query;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run with the first of its tasks.
 *
 * @param inputs with defaults filled in, a JSON object
 * @param output what the run gave, a JSON object, once it succeeded and where its pipeline declares any
 * @param counts how many of all its tasks and items are in each state; those that none is in are left out
 * @param tasks every task of the run's version in the order of its file; then those that only the events know, such as
 *     items; as many as were asked for
 * @param hasMore whether there are others
 */
public record RunView(
        RunSummary summary,
        String inputs,
        Optional<String> output,
        Map<TaskPhase, Integer> counts,
        List<TaskView> tasks,
        boolean hasMore) {}
