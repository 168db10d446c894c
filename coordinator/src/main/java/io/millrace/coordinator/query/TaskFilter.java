package io.millrace.coordinator.query;

import java.util.Optional;
import java.util.Set;

/**
 * Which tasks of a run to list: those that fit every member.
 *
 * @param statuses any of these; empty for all
 * @param itemOf only the items of this task
 */
public record TaskFilter(Set<TaskPhase> statuses, Optional<String> itemOf) {
    /** Every task and every item. */
    public static final TaskFilter ALL = new TaskFilter(Set.of(), Optional.empty());

    public TaskFilter {
        statuses = Set.copyOf(statuses);
    }

    boolean fits(TaskFold task) {
        return (statuses.isEmpty() || statuses.contains(task.status()))
                && (itemOf.isEmpty() || ItemId.of(task.id()).map(ItemId::task).equals(itemOf));
    }

    /** Equal texts for equal filters. */
    String text() {
        return statuses.stream().map(Enum::name).sorted().toList() + " " + itemOf.orElse("");
    }
}
