package io.millrace.coordinator.query;

import io.millrace.engine.RunStatus;
import java.util.Optional;

/**
 * Which runs to list: those that fit every member that is present.
 *
 * @param pipeline the pipeline's id
 * @param status the run's status
 */
public record RunFilter(Optional<String> pipeline, Optional<RunStatus> status) {
    /** Every run. */
    public static final RunFilter ALL = new RunFilter(Optional.empty(), Optional.empty());
}
