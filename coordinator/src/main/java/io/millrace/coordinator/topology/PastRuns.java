package io.millrace.coordinator.topology;

import io.millrace.audit.log.AuditEvents;
import io.millrace.coordinator.catalogue.CatalogueUnavailableException;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.RunId;
import io.millrace.engine.RunReplay;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunEvent;
import io.millrace.pipeline.PipelineId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Runs that have ended, as the audit log tells them (G10). A run is found only with all of its events: one that was opened
 * again after the last event that can be read yet would otherwise get numbers twice (G2, G3).
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class PastRuns {
    /** For how long events may be missing from a log that is read up to its end, before they count as gone. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** How many events a stream thread folds itself: some tenth of a second on a machine that is busy. */
    static final long FOLDED_AT_ONCE = 2_000;

    private final RecordedRuns recorded;
    private final PipelineLookup pipelines;
    private final Folding folding;

    PastRuns(RecordedRuns recorded, PipelineLookup pipelines, Folding folding) {
        this.recorded = recorded;
        this.pipelines = pipelines;
        this.folding = folding;
    }

    /** Whether it is certain that the log has nothing of a run. */
    boolean isUnknown(RunId run) {
        return recorded.areComplete() && recorded.lastSequence(run.value()).isEmpty();
    }

    /** Whether the log is known to have something of a run. */
    boolean isKnown(RunId run) {
        return recorded.lastSequence(run.value()).isPresent();
    }

    /**
     * Finds a run.
     *
     * @param ended the number of its last event, where that is remembered
     * @param waited for how long it has been looked for
     * @return empty when it cannot be told yet
     * @throws RefusedException when there is no such run, or too little is left of it
     */
    Optional<RunReplay> find(RunId run, OptionalLong ended, Duration waited) throws RefusedException {
        OptionalLong last = recorded.lastSequence(run.value());
        if (last.isEmpty() && ended.isEmpty() && recorded.areComplete()) {
            throw refused("there is no run " + run + ", or its history is gone");
        }
        boolean all = ended.isPresent() ? last.orElse(0) >= ended.getAsLong() : recorded.areComplete();
        boolean beside = all && last.orElse(0) > FOLDED_AT_ONCE;
        Optional<RunReplay> replay = !all ? Optional.empty() : beside ? folding.find(run, this::replay) : replay(run);
        // A fold that was left behind may lack what was written since.
        if (replay.isPresent()
                && replay.get().status().hasEnded()
                && replay.get().sequence() >= Math.max(ended.orElse(0), last.orElse(0))) {
            return replay;
        }
        if (beside && replay.isEmpty()) {
            return Optional.empty();
        }
        if (recorded.areComplete() && waited.compareTo(PATIENCE) >= 0) {
            throw refused("the history of the run " + run + " is not complete: "
                    + (ended.isPresent() ? "it ended with event " + ended.getAsLong() : "its end is missing") + ", and "
                    + (last.isPresent() ? "event " + last.getAsLong() + " is the last" : "there is none"));
        }
        return Optional.empty();
    }

    private Optional<RunReplay> replay(RunId run) throws RefusedException {
        Optional<RunEvent> first = recorded.firstEvent(run.value());
        if (first.isEmpty()) {
            return Optional.empty();
        }
        try {
            RunReplay replay = new RunReplay(
                    run, pipelineOf(run, first.get()).pipeline(), first.get().getVersion());
            boolean read = recorded.forEachEvent(run.value(), event -> replay.add(AuditEvents.fromAvro(event)));
            return read ? Optional.of(replay) : Optional.empty();
        } catch (CatalogueUnavailableException e) {
            return Optional.empty();
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
            throw refused("the history of the run " + run + " cannot be read back: " + e.getMessage());
        }
    }

    private PipelineVersion pipelineOf(RunId run, RunEvent first) throws RefusedException {
        String pipeline = first.getPipeline();
        int version = first.getVersion();
        return pipelines
                .version(new PipelineId(pipeline), version)
                .orElseThrow(() -> refused("version " + version + " of the pipeline " + pipeline + ", which the run "
                        + run + " is pinned to, is gone"));
    }

    private static RefusedException refused(String message) {
        return new RefusedException(DeadLetterReason.UNKNOWN_RUN, message);
    }
}
