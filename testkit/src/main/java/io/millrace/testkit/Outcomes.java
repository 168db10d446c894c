package io.millrace.testkit;

import java.util.Optional;

/**
 * Knows what became of the attempts at a run's tasks: because a test says so, or because it is on record. The same attempt is
 * always given the same outcome.
 */
@FunctionalInterface
public interface Outcomes {
    /** Knows nothing of any task. */
    Outcomes NONE = attempt -> Optional.empty();

    /**
     * What becomes of an attempt; empty when nothing is known of it.
     *
     * @throws OutcomeException when what is known of it cannot be told
     */
    Optional<Outcome> of(Attempt attempt);
}
