package io.millrace.coordinator.fleet;

import java.time.Instant;
import java.util.Optional;

/**
 * A queue as it is just now.
 *
 * @param name its name
 * @param waiting how many tasks nobody has claimed yet
 * @param exact whether they were counted one by one; otherwise transaction markers are among them
 * @param oldest when the one that waits longest was dispatched
 * @param lag offsets between what the workers have claimed and the end, over all partitions; markers count, too
 * @param workers how many live workers serve it
 * @param slots how many tasks those can execute at a time
 * @param busy how many of these slots are taken, by tasks of whichever queue
 */
public record QueueView(
        String name,
        long waiting,
        boolean exact,
        Optional<Instant> oldest,
        long lag,
        int workers,
        int slots,
        int busy) {}
