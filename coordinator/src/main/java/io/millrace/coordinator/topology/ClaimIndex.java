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
    private final Map<Claimant, Set<StoreKey>> tasks = new HashMap<>();
    private final Map<StoreKey, Claimant> claimants = new HashMap<>();

    /** Notes who executes a task; null when nobody does. */
    void set(StoreKey task, @Nullable Claimant claimant) {
        Claimant before = claimant == null ? claimants.remove(task) : claimants.put(task, claimant);
        if (before != null && !before.equals(claimant)) {
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

    /** What somebody executes; a copy. */
    List<StoreKey> heldBy(Claimant claimant) {
        return List.copyOf(tasks.getOrDefault(claimant, Set.of()));
    }
}
