package io.millrace.coordinator;

import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.HistoryUnavailableException;
import io.millrace.coordinator.topology.RecordedRuns;
import io.millrace.event.RunEvent;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Finds ended runs in the history, which has what the audit log has.
 *
 * <p><b>Threading:</b> as {@link History}.
 */
record RunsOfHistory(History history) implements RecordedRuns {
    @Override
    public boolean areComplete() {
        return history.isCaughtUp() && history.trouble().isEmpty();
    }

    @Override
    public OptionalLong lastSequence(String run) {
        try {
            return history.lastSequence(run);
        } catch (HistoryUnavailableException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public Optional<RunEvent> firstEvent(String run) {
        try {
            return history.firstEvent(run);
        } catch (HistoryUnavailableException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean forEachEvent(String run, Consumer<RunEvent> consumer) {
        try {
            history.forEachEvent(run, consumer);
            return true;
        } catch (HistoryUnavailableException e) {
            return false;
        }
    }
}
