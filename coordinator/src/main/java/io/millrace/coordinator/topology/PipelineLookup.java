package io.millrace.coordinator.topology;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.pipeline.PipelineId;
import java.util.List;
import java.util.Optional;

/**
 * Finds pipelines. What was applied before the question came up is found; only what is truly unknown is not.
 *
 * <p><b>Threading:</b> called by stream threads; may block for a moment.
 */
public interface PipelineLookup {
    /**
     * The version that new runs are started with.
     *
     * @param askedAtNanos when the question came up, by {@link System#nanoTime()}: all questions of one poll share it,
     *     so that a batch of unknown names asks Kafka once
     */
    Optional<PipelineVersion> current(PipelineId pipeline, long askedAtNanos);

    /**
     * The pipelines that were applied after so many versions were read, in that order; never waits. Who asks again counts what it was told.
     */
    List<String> appliedAfter(int count);

    /** The version that new runs are started with, as far as it has been read already; never waits. */
    Optional<PipelineVersion> known(PipelineId pipeline);

    /** One version, for the runs that are pinned to it. */
    Optional<PipelineVersion> version(PipelineId pipeline, int version);
}
