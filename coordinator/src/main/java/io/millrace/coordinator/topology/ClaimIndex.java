package io.millrace.coordinator.topology;

import io.millrace.engine.Claimant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who executes which tasks: an index over the claimants of running tasks, derived from the stored records.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class ClaimIndex {
    /**
     * How often a lease has to be found ended before a task is taken from its claimant. What the claimant said last may be right
     * behind its claim, in the same transaction even, and not have been read: between two questions the shard reads on.
     */
    static final int QUESTIONS = 3;

    private final Map<Claimant, Set<StoreKey>> tasks = new HashMap<>();
    private final Map<StoreKey, Claimant> claimants = new HashMap<>();
    /** How often in a row the lease of a task's claimant has been found ended since the task was noted here. */
    private final Map<StoreKey, Integer> found = new HashMap<>();

    /** Notes who executes a task; null when nobody does. */
    void set(StoreKey task, @Nullable Claimant claimant) {
        Claimant before = claimant == null ? claimants.remove(task) : claimants.put(task, claimant);
        if (before != null && !before.equals(claimant)) {
            found.remove(task);
            Set<StoreKey> held = tasks.get(before);
            if (held != null && held.remove(task) && held.isEmpty()) {
                tasks.remove(before);
            }
        }
        if (claimant != null && !claimant.equals(before)) {
            tasks.computeIfAbsent(claimant, anyone -> new LinkedHashSet<>()).add(task);
        }
    }

    /** Everybody who executes something; a copy. */
    List<Claimant> claimants() {
        return List.copyOf(tasks.keySet());
    }

    /** Somebody's lease is found to go on: what was found before counts no more. */
    void leaseGoesOn(Claimant claimant) {
        tasks.getOrDefault(claimant, Set.of()).forEach(found::remove);
    }

    /** Somebody's lease is found ended. @return the tasks of which that has been found {@link #QUESTIONS} times in a row */
    List<StoreKey> leaseEnded(Claimant claimant) {
        return List.copyOf(tasks.getOrDefault(claimant, Set.of())).stream()
                .filter(task -> found.merge(task, 1, Integer::sum) >= QUESTIONS)
                .toList();
    }
}
