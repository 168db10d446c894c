package io.millrace.coordinator.topology;

import io.millrace.event.RunEvent;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Finds what the audit log has of runs. What was committed there is found a moment later.
 *
 * <p><b>Threading:</b> called by stream threads; reads the local disk and waits for nothing.
 */
public interface RecordedRuns {
    /** Whether the log was read up to its end, so that a run which is not found is not there. */
    boolean areComplete();

    /** The number of the run's last event; empty when there is none, or none can be read just now. */
    OptionalLong lastSequence(String run);

    /** The run's first event; empty when there is none, or none can be read just now. */
    Optional<RunEvent> firstEvent(String run);

    /** Hands on the run's events in their order. @return false when they cannot be read just now; it stops anywhere */
    boolean forEachEvent(String run, Consumer<RunEvent> consumer);
}
