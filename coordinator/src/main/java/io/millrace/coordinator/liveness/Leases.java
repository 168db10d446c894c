package io.millrace.coordinator.liveness;

import io.millrace.engine.Claimant;
import java.util.Optional;

/**
 * Says whose claims still hold.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
@FunctionalInterface
public interface Leases {
    /**
     * Why the claims of this life of a worker hold no longer, in a sentence; empty while they do. A worker that was never
     * heard of is given a lease from the moment at which it is first asked for.
     */
    Optional<String> ended(Claimant claimant);
}
