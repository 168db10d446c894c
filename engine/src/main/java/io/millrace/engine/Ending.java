package io.millrace.engine;

import io.millrace.pipeline.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run that is decided, and takes place when the tasks of {@code on_failure} and {@code finally} are done.
 *
 * @param stage which of them are under way
 * @param outcome how the run will end
 * @param reason why it will end so, or null
 */
public record Ending(
        Stage stage, RunStatus outcome, @Nullable String reason) {
    /** Checks that it is an end. @throws IllegalArgumentException when it is none */
    public Ending {
        if (!outcome.hasEnded() || stage == Stage.MAIN) {
            throw new IllegalArgumentException("Not an ending: " + outcome + " in " + stage);
        }
    }
}
